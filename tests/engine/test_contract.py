"""What every network that is found in engine/models fulfils, whatever it is: the contract, and the bits."""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np
import pytest
import torch

from engine.contract import models
from engine.preparing.prepare import prepare
from engine.training.probe import BLOCK
from tests.makers import accompanied, small, wave

PLAIN, BESIDE = wave(), accompanied()
NETWORKS = [name for name in models() if name != "sarima"]
# Every network as it is offered; and with its options turned, as far as it has them, on a series with covariates.
TURNED = {
    "layers": 2, "layer_norm": True, "activation": "relu", "gated": True, "record_gates": True,
    "topology": "sequence-to-sequence",
}  # fmt: skip
CASES = [(name, turned) for name in NETWORKS for turned in ({}, TURNED)] + [
    ("seq2seq", {"topology": "vector-to-sequence", "cell": "lstm", "record_gates": True}),
    ("cnn_rnn", {"cell": "gru", "record_gates": True}),
]
each = pytest.mark.parametrize(("model", "turned"), CASES)


def decided(model, turned, **more):
    """A series and a small run on it; `turned` as far as the model has such settings and such choices."""
    fields = models()[model].settings.model_fields
    chosen = {name: value for name, value in turned.items() if name in fields}
    if model == "seq2seq" and chosen.get("topology") == "sequence-to-sequence":
        del chosen["topology"]
    series = BESIDE if turned else PLAIN
    return small(series, model, {"updates": 12, "batch": 16, **chosen, **more}), series


def frames(run, series, last=None):
    return list(models()[run.model].fit(run, series, last))


def bits(frame):
    """Everything that is seen of one update, as bytes."""
    numbers = (frame.step, frame.loss, frame.validation, frame.learning_rate, frame.norm, frame.scale)
    norms = (*frame.before.values(), *frame.after.values())
    return repr((numbers, norms, frame.events)), {name: values.tobytes() for name, values in frame.signals.items()}


@each
def test_frames_hold_what_the_description_promises(model, turned):
    run, series = decided(model, turned)
    described = models()[model].describe(run, series)
    (frame,) = models()[model].observe(run, series, frames(run, series)[-1:])
    assert {s.name: (s.shape, s.dtype) for s in described.signals} == {
        name: (values.shape, values.dtype.name) for name, values in frame.signals.items()
    }
    for signal in described.signals:
        assert len(signal.axes) == len(signal.shape)
        assert np.isfinite(frame.signals[signal.name]).all()
    assert list(frame.before) == list(described.parameters)
    assert described.updates == frame.step


@each
def test_same_seed_gives_the_same_bits_and_so_does_company_in_the_process(model, turned):
    run, series = decided(model, turned)
    seed = small(series, model, seed=1)
    alone = [bits(frame) for frame in frames(run, series)]
    between = zip(models()[model].fit(run, series), models()[model].fit(seed, series), strict=False)
    assert [bits(frame) for frame, _ in between] == alone


@each
@pytest.mark.parametrize("at", [0, 5, 11])
def test_going_on_from_a_frame_gives_the_same_bits(model, turned, at):
    run, series = decided(model, turned)
    whole = frames(run, series)
    assert [bits(f) for f in frames(run, series, whole[at])] == [bits(f) for f in whole[at + 1 :]]


@each
def test_what_is_observed_does_not_depend_on_the_company(model, turned):
    (run, series), observe = decided(model, turned, updates=BLOCK + 2), models()[model].observe
    fitted = frames(run, series)
    together = observe(run, series, fitted)
    for frame in (0, BLOCK, len(fitted) - 1):
        assert bits(observe(run, series, [fitted[frame]])[0]) == bits(together[frame])


@each
def test_closing_stops_training(model, turned):
    training = models()[model].fit(*decided(model, turned))
    assert [frame.step for frame in itertools.islice(training, 3)] == [0, 1, 2]
    training.close()
    assert next(training, None) is None


@each
def test_values_after_the_split_reach_nothing_that_is_learned(model, turned):
    run, series = decided(model, turned)
    split = prepare(run, series).split
    poisoned, table = np.array(series.values), np.array(series.covariates.values)
    poisoned[split:], table[split:] = 1e9, -1e9
    beside = dataclasses.replace(series.covariates, values=table)
    bad = dataclasses.replace(series, values=poisoned, covariates=beside)
    for one, other in zip(frames(run, series), models()[model].fit(run, bad), strict=True):
        np.testing.assert_array_equal(one.signals["weights"], other.signals["weights"])


@each
def test_every_parameter_is_learned(model, turned):
    norms = np.array([list(frame.before.values()) for frame in frames(*decided(model, turned))[1:]])
    assert (norms.max(axis=0) > 0).all()


@pytest.mark.parametrize("model", NETWORKS)
def test_two_threads_give_the_same_bits_twice(model):
    run, before = small(PLAIN, model, {"hidden": 32, "batch": 64, "updates": 4}), torch.get_num_threads()
    try:
        torch.set_num_threads(2)
        one, two = frames(run, PLAIN), frames(run, PLAIN)
    finally:
        torch.set_num_threads(before)
    assert [bits(frame) for frame in one] == [bits(frame) for frame in two]
