"""Asking: a page's questions are answered by a warm process, quickly, and a dead one is replaced."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest
import torch

from engine import runs
from engine.answering import answer
from engine.errors import Lesson
from engine.explaining.asking import explain
from engine.looking import look_at, offered
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from engine.nursery import Nursery
from engine.preparing.prepare import prepare
from engine.training.windows import Windows
from engine.worker import work
from tests import traces
from tests.makers import kept, small, wave
from tests.workers import until


@pytest.fixture(scope="module")
def nursery():
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def path(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    work(path)
    return path


def test_arrays_arrive_as_they_are_computed_here(nursery, path):
    with Trace(path) as trace:
        names = [*offered(trace)]
        here = look_at(trace, [3, 20], 31, names)
        _, there = nursery.ask("look", path, steps=[3, 20], start=31, names=names)
        for name in names:
            np.testing.assert_array_equal(there[name], here[name])
        said, _ = nursery.ask("offered", path)
        assert [tuple(one["shape"]) for one in said] == [signal.shape for signal in offered(trace).values()]


def test_asking_changes_no_byte_of_the_run(nursery, path):
    before = path.read_bytes()
    nursery.ask("look", path, steps=[3], start=31, names=["hidden.1", "triangle/hidden.1"])
    assert path.read_bytes() == before


def test_a_fork_is_made_and_can_be_started(nursery, path):
    said, _ = nursery.ask(
        "fork", path, step=12, settings={"clip": 0.5}, weights=[["W_h.1", [0, 1], 0.25]], values=[[50, 11.0]]
    )
    child = path.with_name(f"{said}.run")
    nursery.start(child)
    with Trace(child) as trace:
        until(lambda: trace.status.state == "finished")
        assert trace.run.forked_at == 12
        assert len(trace.run.changed) == 2


def test_the_numbers_of_a_sub_step_come_with_the_windows_they_are_of(nursery, path):
    with Trace(path) as trace:
        prepared = prepare(trace.run, trace.series)
        batch = Windows(prepared, trace.run.settings["batch"], torch.device("cpu")).starts(13)
        for probe, starts in ((True, [prepared.probe.start]), (False, batch.tolist())):
            for substep, last in (("forward", "forecast"), ("loss", "loss"), ("backward", "hidden.1")):
                said, found = nursery.ask("numbers", path, step=13, substep=substep, probe=probe)
                assert found["starts"].tolist() == starts
                assert last in {one["array"] for one in said}
                sizes = {
                    size
                    for one in said
                    for axis, size in zip(one["axes"], one["shape"], strict=True)
                    if axis == "window"
                }
                assert sizes == {len(starts)}


def test_the_promise_is_told(nursery, path):
    said, _ = nursery.ask("promise", path, step=13)
    assert said == {"promise": None, "difference": 0.0}


def test_an_update_arrives_taken_apart(nursery, path):
    said, arrays = nursery.ask("sub-steps", path, step=13)
    with Trace(path) as trace:
        assert said == {"loss": trace.frame(13).loss, "scale": trace.frame(13).scale}
        np.testing.assert_array_equal(arrays["after"], trace.stack("weights", [13])[0])
    assert arrays["state/mean"].shape == arrays["gradient"].shape


def test_lessons_travel_whole(nursery, path):
    with pytest.raises(Lesson) as told:
        nursery.ask("look", path, steps=[3], start=31, names=["mood"])
    assert told.value.happened == "“mood” cannot be asked of this LSTM."
    assert told.value.mend == "Choose one of these."
    with pytest.raises(Lesson, match="is no question"):
        nursery.ask("sing", path)
    with pytest.raises(RuntimeError, match="was not recorded"):
        nursery.ask("look", path, steps=[99], start=31, names=["hidden.1"])


def test_a_dead_process_is_replaced(nursery, path):
    nursery.ask("promise", path)
    os.kill(answering_process(nursery), signal.SIGKILL)
    said, _ = nursery.ask("promise", path)
    assert said["promise"] is None


def test_it_ends_with_its_nursery():
    nursery = Nursery()
    series = wave()
    nursery.ask("promise", runs.keep(small(series), series))
    process = answering_process(nursery)
    nursery.close()
    until(lambda: not Path(f"/proc/{process}").exists())


def answering_process(nursery):
    """The process that listens at the nursery's address, found as the operating system knows it."""
    rows = [line.split() for line in Path("/proc/net/unix").read_text().splitlines() if nursery._address in line]
    inode = next(f"socket:[{row[6]}]" for row in rows if row[3] == "00010000")  # it listens
    for fd in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(fd) == inode:
                return int(fd.parts[2])
        except OSError:
            continue
    raise AssertionError("nobody listens")


def test_a_question_can_be_answered_without_a_process(path):
    said, arrays = answer({"ask": "look", "path": str(path), "steps": [1], "start": 0, "names": ["cell.1"]})
    assert said is None
    assert arrays["cell.1"].shape == (1, 12, 4)


def test_a_run_without_weights_is_a_lesson(tmp_path):
    path = tmp_path / f"{traces.keep(tmp_path, updates=4, units=2)}.run"
    with Trace(path) as trace, pytest.raises(Lesson, match="no weights"):
        explain(trace, 2, Place.parse("hidden.1[window=probe, 0, 0]"))
