"""The worker through its run file: it obeys, it waits its turn, and killed at any moment it loses nothing."""

from __future__ import annotations

import time

import numpy as np
import pytest

from engine import control, runs
from engine.deciding import decide
from engine.errors import Lesson
from engine.line import Ticket
from engine.nouns.trace import Trace
from engine.nursery import Nursery
from engine.worker import work
from tests.makers import kept, small, wave
from tests.workers import fingerprints, until, working


def test_a_run_is_filled_to_its_end(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"
        assert trace.steps.tolist() == list(range(21))
        assert trace.facts["device"] == "cpu"
        assert not np.isnan(trace.frame(20).signals["forecast"]).any()
    assert not control.alive(path)


def test_pause_step_run_to_and_stop_are_obeyed_to_the_update(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 100_000}), tmp_path)
    control.send(path, "run to", 5)
    with working(path) as process, Trace(path) as trace:
        until(lambda: trace.status.state == "paused")
        assert max(trace.steps) == 5
        control.send(path, "step", 3)
        until(lambda: max(trace.steps) == 8 and trace.status.state == "paused")
        control.send(path, "resume")
        until(lambda: max(trace.steps) > 40)
        control.send(path, "pause")
        until(lambda: trace.status.state == "paused")
        stood = max(trace.steps)
        time.sleep(0.2)
        assert max(trace.steps) == stood
        control.send(path, "stop")
        process.join(120)
        assert trace.status.state == "stopped"
        assert max(trace.steps) == stood


def test_a_pace_is_kept(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 100_000}), tmp_path)
    control.send(path, "pace", 40)
    with working(path), Trace(path) as trace:
        until(lambda: len(trace.steps) > 2)
        start, first = time.monotonic(), max(trace.steps)  # in this order: a pause between them counts as time
        time.sleep(1)
        assert max(trace.steps) - first <= 45 * (time.monotonic() - start)
        assert control.alive(path)


def test_two_workers_never_fill_the_same_file(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    with control.lock(path).acquire(), pytest.raises(Lesson, match="already training"):
        work(path)


def test_a_line_bounds_how_many_train_and_says_who_waits(tmp_path, monkeypatch):
    monkeypatch.setenv("UNROLLED_AT_ONCE", "1")
    series = wave()
    first, second = (kept(series, small(series, settings={"updates": 100_000}, seed=seed), tmp_path) for seed in (0, 1))
    with working(first) as process, Trace(first) as one, Trace(second) as other:
        until(lambda: one.status.state == "running")
        with working(second):
            until(lambda: other.status.state == "waiting")
            assert Ticket(second).ahead() == [first.name]
            control.send(first, "pause")
            until(lambda: other.status.state == "running")
            control.send(first, "resume")
            until(lambda: one.status.state == "waiting")
            process.kill()  # who dies in the line holds nobody up
        assert Ticket(first).ahead() == []


def test_a_warm_nursery_starts_a_worker_in_well_under_a_second(monkeypatch):
    series = wave()
    nursery = Nursery()
    try:
        first = runs.keep(small(series), series)
        nursery.start(first)  # warms it
        with Trace(first) as trace:
            until(lambda: trace.status.state == "finished")
        second = runs.keep(small(series, settings={"updates": 100_000}), series)
        nursery.start(second)
        with Trace(second) as trace:
            until(lambda: len(trace.steps))
            nursery.close()  # the server goes away: the run waits to be continued
            assert trace.status.state == "interrupted"
    finally:
        nursery.close()


def test_a_run_trained_here_equals_one_trained_by_the_nursery():
    series = wave()
    run = decide(series, "rnn", {"updates": 20}, window=12, horizon=3, validation=12)
    path = runs.keep(run, series)
    work(path)
    with Trace(path) as trace:
        ours = fingerprints(trace)
    path.unlink()
    nursery = Nursery()
    try:
        nursery.start(runs.keep(run, series))
        with Trace(path) as trace:
            until(lambda: trace.status.state == "finished")
            assert fingerprints(trace) == ours
    finally:
        nursery.close()
