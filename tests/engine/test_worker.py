"""The worker through its run file: it obeys, it waits its turn, and killed at any moment it loses nothing."""

from __future__ import annotations

import hashlib
import multiprocessing
import random
import signal
import sqlite3
import time
from contextlib import contextmanager

import numpy as np
import pytest

from engine import control, runs
from engine.deciding import decide
from engine.errors import Lesson
from engine.line import Ticket
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.nursery import PRELOAD, Nursery
from engine.worker import Worker, work
from tests.makers import kept, small, wave

forks = multiprocessing.get_context("forkserver")
forks.set_forkserver_preload(PRELOAD)


def until(condition, seconds=120):
    """Wait for it; say what was waited for when it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@contextmanager
def working(path):
    """A worker in a process of its own; what is left of it is killed."""
    process = forks.Process(target=work, args=(path,))
    process.start()
    try:
        yield process
    finally:
        process.kill()
        process.join()


def fingerprints(trace):
    """What each recorded update holds, as one digest per update."""
    names = sorted(trace.signals)
    stacks = [trace.stack(name, trace.steps) for name in names]
    return {
        int(step): hashlib.sha256(b"".join(stack[n].tobytes() for stack in stacks)).hexdigest()
        for n, step in enumerate(trace.steps)
    }


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
        process.join(10)
        assert trace.status.state == "stopped"
        assert max(trace.steps) == stood


def test_a_pace_is_kept(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 100_000}), tmp_path)
    control.send(path, "pace", 40)
    with working(path), Trace(path) as trace:
        until(lambda: len(trace.steps) > 2)
        first, start = max(trace.steps), time.monotonic()
        time.sleep(1)
        assert max(trace.steps) - first <= 45 * (time.monotonic() - start)
        assert control.alive(path)


def test_a_terminated_worker_says_so_and_goes_on_later(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 400}), tmp_path)
    with working(path) as process, Trace(path) as trace:
        until(lambda: len(trace.steps) > 5)
        process.terminate()
        process.join(10)
        assert trace.status.state == "interrupted"
        assert process.exitcode == 0
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"


def test_killed_at_20_random_moments_nothing_is_lost_and_every_bit_is_the_same(tmp_path):
    series = wave(300)
    run = small(series, settings={"hidden": 16, "updates": 800, "layer_norm": True}, window=24)
    whole, killed = (tmp_path / name for name in ("whole", "killed"))
    whole.mkdir(), killed.mkdir()
    work(kept(series, run, whole))
    path, moments = kept(series, run, killed), random.Random(0)
    deaths = 0
    while deaths < 20:
        control.send(path, "pace", 250)  # slow enough to be killed 20 times on the way
        with working(path) as process, Trace(path) as trace:
            recorded = len(trace.steps)
            if deaths % 4:  # three in four die in the middle of training, the others at any time since birth
                until(lambda: len(trace.steps) > recorded)  # noqa: B023
            time.sleep(moments.uniform(0, 0.12))
            process.kill()
            process.join()
            if process.exitcode != -signal.SIGKILL:
                break  # it had finished before
            deaths += 1
            before = fingerprints(trace)
            assert trace.steps.tolist() == list(range(len(trace.steps)))
        with Trace(path) as trace:
            assert fingerprints(trace) == before
    assert deaths == 20
    work(path)
    with Trace(path) as one, Trace(whole / path.name) as other:
        assert one.status.state == "finished"
        assert one.steps.tolist() == list(range(801))
        assert fingerprints(one) == fingerprints(other)
        for name in ("loss", "validation", "norm", "before"):
            np.testing.assert_array_equal(one.history(name), other.history(name))


def test_killed_inside_a_step_it_does_not_run_on(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 100_000}), tmp_path)
    control.send(path, "run to", 50_000)
    with working(path) as process, Trace(path) as trace:
        until(lambda: len(trace.steps) > 5)
        process.kill()
        process.join()
    with working(path), Trace(path) as trace:
        until(lambda: trace.status.state == "paused")


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


def test_a_learning_rate_that_blows_up_fails_with_a_lesson_and_keeps_what_was_seen(tmp_path):
    series = wave()
    settings = {"optimiser": "sgd", "learning_rate": 1e5, "clip": 0, "updates": 200}
    path = kept(series, small(series, "cnn", settings), tmp_path)
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "failed"
        assert "smaller learning rate" in trace.status.message
        assert trace.events()[-1][1] == "not a number"
        assert trace.steps[-1] == trace.events()[-1][0]
        before = fingerprints(trace)
    work(path)  # pressed again, it fails again, and what happened stays what happened
    with Trace(path) as trace:
        assert trace.status.state == "failed"
        assert fingerprints(trace) == before


def test_an_error_inside_a_model_is_told_in_a_sentence_and_its_traceback_is_in_the_log(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    worker = Worker(path)
    worker.model = type(worker.model)(**{**vars(worker.model), "fit": lambda *_: 1 / 0})
    worker.work()
    with Trace(path) as trace:
        assert trace.status.state == "interrupted"
        assert "What was recorded is kept" in trace.status.message
        assert any("ZeroDivisionError" in text for _, text in trace.log)


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


def test_a_command_to_go_on_that_comes_as_the_worker_leaves_is_not_lost(tmp_path, monkeypatch):
    series = wave()
    path = kept(series, small(series), tmp_path)
    control.send(path, "stop")
    close = Recorder.close

    def close_late(recorder):
        monkeypatch.setattr(Recorder, "close", close)
        control.send(path, "resume")  # sent while the lock is held still: nobody else is started
        close(recorder)

    monkeypatch.setattr(Recorder, "close", close_late)
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"


def test_a_full_disk_ends_a_run_that_can_be_continued(tmp_path, monkeypatch):
    series = wave()
    path = kept(series, small(series), tmp_path)
    with monkeypatch.context() as full:
        full.setattr(Recorder, "write", lambda *_: (_ for _ in ()).throw(sqlite3.OperationalError("disk is full")))
        work(path)
    with Trace(path) as trace:
        assert trace.status.state != "finished"
    assert not control.alive(path)
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"
        assert trace.steps.tolist() == list(range(21))
