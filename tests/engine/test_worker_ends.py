"""How a worker ends: killed, terminated, failed or left alone; whatever happens, what was recorded is kept."""

from __future__ import annotations

import random
import signal
import sqlite3
import time

import numpy as np

from engine import control
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.worker import Worker, work
from tests.makers import kept, small, wave
from tests.workers import fingerprints, until, working


def test_a_terminated_worker_says_so_and_goes_on_later(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 400}), tmp_path)
    control.send(path, "pace", 50)  # it must not be done before it is told
    with working(path) as process, Trace(path) as trace:
        until(lambda: len(trace.steps) > 5)
        process.terminate()
        process.join(120)
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
    with Trace(whole / path.name) as trace:
        truth = fingerprints(trace)
    for deaths in range(20):
        with Trace(path) as trace:
            recorded = len(trace.steps)
        control.send(path, "pace", 250)
        control.send(path, "run to", recorded + 30)  # 20 lives end before the run does, however late they are killed
        with working(path) as process, Trace(path) as trace:
            if deaths % 4:  # three in four die in the middle of training, the others at any time since birth
                until(lambda: len(trace.steps) > recorded)  # noqa: B023
            time.sleep(moments.uniform(0, 0.12))
            process.kill()
            process.join()
            assert process.exitcode == -signal.SIGKILL
            before = fingerprints(trace, recorded)
            assert trace.steps.tolist() == list(range(len(trace.steps)))
        with Trace(path) as trace:
            assert fingerprints(trace, recorded) == before
        assert before == {step: truth[step] for step in before}
    control.send(path, "resume")
    work(path)
    with Trace(path) as one, Trace(whole / path.name) as other:
        assert one.status.state == "finished"
        assert one.steps.tolist() == list(range(801))
        assert fingerprints(one) == truth
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
