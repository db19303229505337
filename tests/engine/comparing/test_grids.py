"""Grids in processes and on dask: equal to serial, and what fails, is killed or cancelled harms nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

from engine.comparing import cells, grids
from engine.comparing.grids import parallel, serial
from engine.comparing.plan import keys, plan
from engine.comparing.running import run
from engine.nouns.series import Series
from engine.samples import sample
from tests.engine.comparing import tasks
from tests.makers import wave


def numbered(*numbers):
    return {f"t{number}": (number,) for number in numbers}


def ended(events):
    return {event.key: event for event in events if event.state != "started"}


def test_processes_give_what_one_after_the_other_gives():
    wanted = numbered(*range(20))
    here, there = (ended(way(wanted, tasks.square)) for way in (serial, parallel))
    assert {k: e.result for k, e in there.items()} == {k: e.result for k, e in here.items()}
    assert {event.state for event in there.values()} == {"done"}


SCRIPT = """
from engine.comparing.grids import parallel
from tests.engine.comparing import tasks
print("begins")
numbered = {str(n): (n,) for n in range(12)}
needs = {key: ["colorsys"] if number < 6 else ["wave"] for key, (number,) in numbered.items()}
for event in parallel(numbered, tasks.where, 2, needs=needs):
    if event.state == "done":
        print(*event.result)
"""


def test_processes_stay_and_find_everything_imported_and_never_run_a_persons_script_again(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(SCRIPT)
    root = Path(grids.__file__).parents[2]
    ran = subprocess.run([sys.executable, script], cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, text=True,
                         capture_output=True, timeout=120)  # fmt: skip
    begins, *places = ran.stdout.splitlines()
    assert (begins, len(places), ran.stderr) == ("begins", 12, "")
    assert sorted(place.partition(" ")[2] for place in places) == ["False True"] * 6 + ["True False"] * 6
    assert len(set(places)) <= 4  # two each of the two kinds


def test_a_task_in_a_process_is_heard_saying_how_far_it_is():
    heard = list(parallel({"t": (7,)}, tasks.in_parts, 2))
    parts = [event.parts for event in heard if event.state == "part"]
    assert parts == sorted(set(parts))
    assert set(parts) & {(1, 4), (2, 4), (3, 4)}
    assert (heard[-1].state, heard[-1].result) == ("done", 7)


def test_failed_and_killed_tasks_are_reported_and_the_rest_goes_on():
    found = ended(parallel(numbered(0, 3, 1, 2, *range(5, 12)), tasks.crash, 2))
    assert {k for k, event in found.items() if event.state == "failed"} == {"t1", "t2", "t3"}
    assert found["t1"].message == "It is one. Take two."
    assert "RuntimeError: inside" in found["t2"].message
    assert "killed" in found["t3"].message
    assert all(found[f"t{n}"].result == n * n for n in (0, *range(5, 12)))


def test_cancelling_ends_what_is_under_way():
    asked: list[str] = []

    def cancelled():
        return bool(asked)

    found = {}
    for event in parallel(numbered(4, 0, 5, 6, 7, 8), tasks.crash, 2, cancelled=cancelled):
        if event.state == "started" and event.key == "t4":
            asked.append(event.key)
        found[event.key] = event
    assert found["t4"].state == "cancelled"
    assert set(found) == set(numbered(4, 0, 5, 6, 7, 8))


def same(left, right):
    assert left.keys() == right.keys()
    for name in left:
        np.testing.assert_array_equal(left[name], right[name])


@pytest.fixture
def small_plan():
    series = sample("AirPassengers")
    return series, plan(series, ["seasonal_naive", "theta"], 6, 4)


def test_a_finished_cell_is_never_computed_twice_and_processes_equal_serial(small_plan, monkeypatch):
    series, chosen = small_plan
    found = ended(run(series, chosen, workers=2))
    assert len(found) == 8
    for key, cell in keys(series, chosen).items():
        same(cells.read(key), cells.compute(series, cell))
    monkeypatch.setattr(grids, "_attempt", None)  # nothing is left to attempt
    again = ended(run(series, chosen, workers=1))
    assert {(event.state, event.seconds) for event in again.values()} == {("done", 0.0)}
    more = plan(series, ["seasonal_naive", "theta", "drift"], 6, 4)
    assert len(keys(series, more).keys() - keys(series, chosen).keys()) == 4


def test_cells_depend_on_the_past_they_see_and_not_on_what_came_after():
    series = wave(90)
    changed = Series(series.name, series.index, np.where(np.arange(90) >= 84, 0, series.values))
    first, other = (set(keys(s, plan(s, ["theta"], 6, 5))) for s in (series, changed))
    assert first == other
    earlier = Series(series.name, series.index, np.where(np.arange(90) == 3, 0, series.values))
    assert not first & set(keys(earlier, plan(earlier, ["theta"], 6, 5)))


def test_a_cell_half_written_is_not_there():
    cells.keep("ab" * 16, {"point": np.ones((2, 3))})
    same(cells.read("ab" * 16), {"point": np.ones((2, 3))})
    cells.file("ab" * 16).write_bytes(cells.file("ab" * 16).read_bytes()[:40])
    assert cells.read("ab" * 16) is None


def test_dask_workers_give_what_one_after_the_other_gives():
    dask = pytest.importorskip("dask", reason="dask is an extra; requirements-dask.txt has it")
    distributed = pytest.importorskip("distributed", reason="dask is an extra; requirements-dask.txt has it")
    series = sample("AirPassengers")
    chosen = plan(series, ["seasonal_naive", "seasonal_drift"], 6, 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # distributed's own, about ports and threads
        patient = {f"distributed.comm.timeouts.{of}": "120s" for of in ("connect", "tcp")}  # others use the machine too
        with (
            dask.config.set(patient),
            distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        ):
            found = ended(run(series, chosen, scheduler=cluster.scheduler_address))
            assert {event.state for event in found.values()} == {"done"}
            failed = ended(parallel(numbered(0, 1, 2, 5), tasks.crash, scheduler=cluster.scheduler_address))
    assert {key for key, event in failed.items() if event.state == "failed"} == {"t1", "t2"}
    for key, cell in keys(series, chosen).items():
        same(cells.read(key), cells.compute(series, cell))
