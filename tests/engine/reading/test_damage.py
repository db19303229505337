"""Some damaged files of the benchmark: no traceback, and no row read as what it is not."""

from __future__ import annotations

from benchmarks import mutating


def test_damaged_files_are_read_right_or_refused() -> None:
    results = list(mutating.run(120, seed=7))
    assert {result for _, result in results} <= {"read", "lesson"}
    assert sum(result == "read" for _, result in results) > 40
