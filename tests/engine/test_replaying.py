"""Any moment again: what is replayed is what was, to the bit, and the run file says when it may not be."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.contract import models
from engine.errors import Lesson
from engine.forking import fork
from engine.nouns.runfile import KEYFRAME_EVERY, Recorder
from engine.nouns.trace import Trace
from engine.replaying import MOVED, difference, moves, promise, restore, sub_steps
from engine.training import device
from engine.worker import Worker, work
from tests.makers import kept, small, wave

UPDATES = 2 * KEYFRAME_EVERY + 7


def trained(tmp_path, model="lstm", settings=None, **changes):
    series = wave()
    path = kept(series, small(series, model, {"updates": UPDATES, **(settings or {})}, **changes), tmp_path)
    work(path)
    return path


@pytest.mark.parametrize("model", ["rnn", "lstm", "cnn"])
@pytest.mark.parametrize("optimiser", ["adam", "momentum", "sgd"])
def test_any_update_is_restored_with_the_very_state_the_training_had(tmp_path, model, optimiser):
    path = trained(tmp_path, model, {"optimiser": optimiser})
    with Trace(path) as trace:
        was = {frame.step: frame for frame in models()[model].fit(trace.run, trace.series)}
        for step in [0, KEYFRAME_EVERY, UPDATES, *random.Random(model + optimiser).sample(range(UPDATES), 5)]:
            again = restore(trace, step)
            np.testing.assert_array_equal(again.signals["weights"], was[step].signals["weights"])
            assert again.state.keys() == was[step].state.keys()
            for name, memory in was[step].state.items():
                np.testing.assert_array_equal(again.state[name], memory, err_msg=f"{name} at {step}")
            assert difference(trace, step) == 0


def test_training_goes_on_from_a_restored_update_as_it_did(tmp_path):
    with Trace(trained(tmp_path)) as trace:
        frames = models()["lstm"].fit(trace.run, trace.series, restore(trace, 31))
        for frame in frames:
            np.testing.assert_array_equal(frame.signals["weights"], trace.stack("weights", [frame.step])[0])
            assert frame.events == trace.frame(frame.step).events
        assert frame.step == UPDATES


def test_a_model_that_starts_anew_is_restored_as_it_was_recorded(tmp_path):
    series = wave()
    path = kept(series, small(series, "sarima"), tmp_path)
    work(path)
    with Trace(path) as trace:
        last = int(trace.steps[-1])
        np.testing.assert_array_equal(restore(trace, last).signals["weights"], trace.stack("weights", [last])[0])
        assert difference(trace, last) == 0


def test_what_was_not_recorded_is_not_restored(tmp_path):
    with Trace(trained(tmp_path)) as trace, pytest.raises(KeyError, match="999 was not recorded"):
        restore(trace, 999)


def test_on_another_machine_the_run_says_that_the_promise_does_not_hold(tmp_path):
    with Trace(trained(tmp_path)) as trace:
        assert promise(trace) is None
        trace.facts |= {"torch": "1.0", "threads": 64}
        assert "torch was 1.0" in promise(trace)
        assert "threads was 64 and is 1" in promise(trace)


def test_a_difference_is_measured_where_there_is_one(tmp_path):
    with Trace(trained(tmp_path)) as trace:
        recorded = trace.stack
        trace.stack = lambda name, steps: recorded(name, steps) + (0.25 if list(steps) == [33] else 0)
        assert difference(trace, 33) == pytest.approx(0.25)


def test_a_run_that_goes_on_elsewhere_says_from_which_update_on(tmp_path, monkeypatch):
    series = wave()
    path = kept(series, small(series), tmp_path)
    monkeypatch.setattr(device, "facts", lambda: {"torch": "1.0", "device": "cpu", "device_name": "abacus"})
    worker = Worker(path, lambda frame: worker.interrupt() if frame.step == 9 else None)
    worker.work()
    monkeypatch.undo()
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"
        assert moves(trace) == [(10, device.facts())]
        assert "torch was 1.0" in promise(trace)
        assert "the processor was abacus" in promise(trace)
        assert "from update" not in promise(trace)


def test_a_move_to_another_machine_in_the_middle_is_told(tmp_path):
    path = trained(tmp_path)
    recorder = Recorder(path)
    recorder.describe((), **{f"{MOVED}31": {"torch": "9.9", "threads": 1}})
    recorder.close()
    with Trace(path) as trace:
        assert moves(trace) == [(31, {"torch": "9.9", "threads": 1})]
        assert "from update 31 on torch was 9.9" in promise(trace)
        with Trace(fork(trace, 20)) as before, Trace(fork(trace, 40)) as after:
            assert promise(before) is None
            assert promise(after) == promise(trace)


@pytest.mark.parametrize("model", ["rnn", "lstm", "cnn"])
@pytest.mark.parametrize("optimiser", ["adam", "momentum", "sgd"])
def test_an_update_taken_apart_ends_in_the_recorded_weights(tmp_path, model, optimiser):
    path = trained(tmp_path, model, {"optimiser": optimiser, "clip": 0.2, "updates": 40})
    with Trace(path) as trace:
        clipped = [step for step, event in trace.events() if event == "clipped"]
        for step in (1, 13, clipped[-1], 40):
            parts, frame = sub_steps(trace, step), trace.frame(step)
            np.testing.assert_array_equal(parts.before, trace.stack("weights", [step - 1])[0])
            np.testing.assert_array_equal(parts.after, frame.signals["weights"])
            for name, memory in restore(trace, step).state.items():
                np.testing.assert_array_equal(parts.state[name], memory)
            assert np.mean((parts.forecast - parts.targets) ** 2) == pytest.approx(frame.loss, rel=1e-5)
            assert parts.loss == frame.loss
            assert np.linalg.norm(parts.gradient) == pytest.approx(frame.norm, rel=1e-5)
            np.testing.assert_array_equal(parts.clipped, parts.gradient * np.float32(frame.scale))
            if optimiser == "sgd":
                np.testing.assert_allclose(parts.after, parts.before - 0.01 * parts.clipped, atol=1e-7)


def test_what_has_no_sub_steps_is_a_lesson(tmp_path):
    with Trace(trained(tmp_path)) as trace, pytest.raises(Lesson, match="Update 0"):
        sub_steps(trace, 0)
