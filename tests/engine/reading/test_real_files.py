"""Awkward real files, where they are next to the repository: each is read as hand-written code reads it."""

from __future__ import annotations

import functools
import json

import pytest

from engine.errors import Lesson
from engine.reading.layouts.layout import Choice
from engine.reading.read import read
from engine.reading.report import head
from tests.makers import SHARED

HELD = (
    *("start", "end", "freq", "rows", "duplicate_stamps", "missing_stamps", "off_grid_stamps", "missing_values"),
    "sorted",
)
MOST_QUESTIONS = 1


def oracle() -> dict[str, dict[str, object]]:
    if not (SHARED / "expected.json").exists():
        return {}
    return json.loads((SHARED / "expected.json").read_text(encoding="utf-8"))


needs_files = pytest.mark.skipif(not oracle(), reason="the folder of real files is not next to the repository")


@needs_files
@pytest.mark.parametrize("path", oracle())
def test_an_awkward_file_is_read_as_by_hand(path: str) -> None:
    expected = oracle()[path]
    file = SHARED / path
    found = head(read(file.read_bytes(), file.name, Choice(**expected["choose"])))
    assert {key: found[key] for key in HELD} == {key: expected[key] for key in HELD}
    assert found["value_mean"] == pytest.approx(expected["value_mean"], abs=1e-6, rel=1e-9)
    assert len(found["questions"]) <= MOST_QUESTIONS


@functools.cache
def unseen() -> list[str]:
    files = sorted(path for path in SHARED.rglob("*") if path.is_file()) if SHARED.exists() else []
    known = {*oracle(), "README.md", "expected.json"}
    return [str(path.relative_to(SHARED)) for path in files if str(path.relative_to(SHARED)) not in known]


@pytest.mark.skipif(not SHARED.exists(), reason="the folder of real files is not next to the repository")
def test_every_other_real_file_is_read_or_refused_in_words() -> None:
    refused = []
    for path in unseen():
        try:
            found = read((SHARED / path).read_bytes(), path)
        except Lesson:
            refused.append(path)
            continue
        assert found.facts.freq or found.questions, path
        assert len(found.questions) <= 2, path
    assert not refused
