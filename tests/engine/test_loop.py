"""The laws of the loop: recording changes nothing, frames never change, the same Run gives the same Trace."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
import torch

from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.preparing.prepare import prepare
from engine.training.network import Ahead
from engine.training.parameters import split
from tests.makers import small, wave

NETWORKS = [name for name in models() if name != "sarima"]


def frames(run, series, last=None):
    return list(models()[run.model].fit(run, series, last))


def same(one, other):
    """Two frames are the same bits."""
    assert one.step == other.step
    assert one.events == other.events
    assert one.signals.keys() == other.signals.keys()
    for name, values in one.signals.items():
        np.testing.assert_array_equal(values, other.signals[name], err_msg=f"{name} at {one.step}")
    np.testing.assert_equal([one.loss, one.validation, one.norm], [other.loss, other.validation, other.norm])


def test_another_seed_gives_another_training():
    series = wave()
    one, other = (frames(small(series, seed=seed), series)[-1] for seed in (0, 1))
    assert not np.array_equal(one.signals["weights"], other.signals["weights"])


@pytest.mark.parametrize("model", NETWORKS)
def test_recording_does_not_change_training(model):
    series = wave()
    run, fit, observe = small(series, model), models()[model].fit, models()[model].observe
    plain, watched = frames(run, series), []
    for frame in fit(run, series):
        watched += observe(run, series, [frame])
    for one, other in zip(plain, watched, strict=True):
        np.testing.assert_array_equal(one.signals["weights"], other.signals["weights"])


@pytest.mark.parametrize("model", NETWORKS)
def test_a_yielded_frame_never_changes(model):
    series = wave()
    run, fit = small(series, model), models()[model].fit
    seen, copies = [], []
    for frame in fit(run, series):
        seen.append(frame)
        copies.append((frame.signals["weights"].copy(), {n: s.copy() for n, s in frame.state.items()}))
    for frame, (weights, state) in zip(seen, copies, strict=True):
        np.testing.assert_array_equal(frame.signals["weights"], weights)
        for name, memory in state.items():
            np.testing.assert_array_equal(frame.state[name], memory)


@pytest.mark.parametrize("optimiser", ["adam", "momentum", "sgd"])
@pytest.mark.parametrize("at", [0, 7, 19])
def test_going_on_from_a_frame_is_bit_identical(optimiser, at):
    series = wave()
    run = small(series, settings={"optimiser": optimiser})
    whole = frames(run, series)
    for one, other in zip(whole[at + 1 :], frames(run, series, whole[at]), strict=True):
        same(one, other)


@pytest.mark.parametrize("model", NETWORKS)
def test_gradients_through_time_equal_plain_autograd(model):
    series = wave()
    gates = {"record_gates": True} if "record_gates" in models()[model].settings.model_fields else {}
    run = small(series, model, {"layers": 2, **gates}, anchor="level")
    (frame,) = models()[model].observe(run, series, frames(run, series)[-1:])
    network = models()[model].fit.args[0]
    settings = network.settings.model_validate(run.settings)
    prepared = prepare(run, series)
    weights = split(torch.from_numpy(frame.signals["weights"]), network.shapes(settings, run))
    kept = {}

    def keep(name, value, t=None):
        value.requires_grad_().retain_grad()
        kept.setdefault(name, []).append((value, t))
        return value

    inputs = torch.tensor(prepared.scaled[prepared.probe], dtype=torch.float32)[None, :, None]
    target = torch.tensor(prepared.scaled[prepared.target], dtype=torch.float32)
    ahead = Ahead(torch.zeros(1, run.horizon, 0))
    (network.forward(settings, weights, inputs, keep, ahead)[0] - target).square().mean().backward()
    for name in network.signals(settings, run):  # what is recorded of all that passes the tap
        values = kept[name]
        whole = values[0][1] is None
        gradient = values[0][0].grad[0] if whole else torch.stack([v.grad[0] for v, _ in values])
        np.testing.assert_allclose(frame.signals[f"gradient/{name}"], gradient, rtol=1e-4, atol=1e-7)
        shown = values[0][0][0] if whole else torch.stack([v[0] for v, _ in values])
        np.testing.assert_allclose(frame.signals[name], shown.detach(), rtol=1e-4, atol=1e-6)


def test_canary_no_gradient_through_time_is_hidden_by_a_fused_kernel():
    series = wave(300)
    run = small(series, "rnn", window=48)
    (frame,) = models()["rnn"].observe(run, series, frames(run, series)[-1:])
    assert (np.abs(frame.signals["gradient/hidden.1"]).sum(axis=1) > 0).sum() >= 47


def test_forecasts_are_in_the_unit_of_the_series():
    series = wave(300, noise=0.05)
    run = decide(series, "lstm", {"hidden": 16, "updates": 150}, window=24, horizon=12, validation=24)
    (frame,) = models()["lstm"].observe(run, series, frames(run, series)[-1:])
    prepared = prepare(run, series)
    np.testing.assert_allclose(frame.signals["forecast"], series.values[prepared.target], atol=0.6)


def test_clipped_norms_are_the_scale_times_those_before():
    series = wave()
    clipped = [f for f in frames(small(series, settings={"clip": 0.05}), series)[1:] if "clipped" in f.events]
    assert clipped
    for frame in clipped:
        assert math.hypot(*frame.after.values()) == pytest.approx(0.05, rel=1e-5)
        assert frame.scale == pytest.approx(0.05 / frame.norm)


def test_a_learning_rate_that_is_too_large_ends_in_a_lesson_and_keeps_its_frames():
    series = wave()
    run = small(series, "cnn", {"optimiser": "sgd", "learning_rate": 1e5, "clip": 0, "updates": 200})
    training, seen = models()["cnn"].fit(run, series), []
    with pytest.raises(Lesson, match="learning rate"):
        seen.extend(training)
    assert "not a number" in seen[-1].events
    assert np.isfinite(seen[0].signals["weights"]).all()


def test_a_network_of_zeros_that_is_shown_changes_forecasts_the_last_value():
    series = wave()
    rising = type(series)("rising", series.index, series.values + np.arange(len(series)))
    run = small(rising, "lstm", anchor="change")
    first = frames(run, rising)[0]
    silent = dataclasses.replace(first, signals={"weights": np.zeros_like(first.signals["weights"])})
    (frame,) = models()["lstm"].observe(run, rising, [silent])
    np.testing.assert_allclose(frame.signals["forecast"], rising.values[prepare(run, rising).split - 1], rtol=1e-6)
    np.testing.assert_allclose(frame.signals["ahead"], rising.values[-1], rtol=1e-6)


def test_no_update_is_called_best_that_is_worse_than_the_start():
    series = wave()
    run = small(series, settings={"optimiser": "sgd", "learning_rate": 30.0, "clip": 0.5})
    fitted = frames(run, series)
    best = [frame.validation for frame in fitted if "best validation" in frame.events]
    assert max(fitted, key=lambda frame: np.nan_to_num(frame.validation)).validation > fitted[0].validation
    assert all(validation < fitted[0].validation for validation in best)
    assert best == sorted(best, reverse=True)
