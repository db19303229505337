"""Any moment again: what is replayed is what was, to the bit, and the run file says when it may not be."""

from __future__ import annotations

import random

import numpy as np
import pytest

from engine.models.contract import models
from engine.nouns.runfile import KEYFRAME_EVERY
from engine.nouns.trace import Trace
from engine.replaying import difference, promise, restore
from engine.worker import work
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
