"""Schedules, losses, clipping and early stopping against torch's own, and against what they say of themselves."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.contract import models
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.preparing.losses import LOSSES
from engine.preparing.prepare import naive, naive_loss, prepare
from engine.training.optimisers import clip_values
from engine.training.schedules import rate
from engine.training.settings import NetworkSettings
from tests.makers import kept, small, wave


def frames(run, series, last=None):
    return list(models()[run.model].fit(run, series, last))


def rates(**chosen):
    settings = NetworkSettings(updates=40, learning_rate=0.08, **chosen)
    return [rate(settings, update) for update in range(1, 41)]


def theirs(schedule, count=40):
    """The rates that a scheduler of torch's gives to an optimiser at 0.08."""
    optimiser = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.08)
    scheduler, found = schedule(optimiser), []
    for _ in range(count):
        found.append(optimiser.param_groups[0]["lr"])
        optimiser.step()
        scheduler.step()
    return found


def test_schedules_are_torchs():
    lr = torch.optim.lr_scheduler
    assert rates() == [0.08] * 40
    assert rates(schedule="step", decay=0.3, decay_every=7) == pytest.approx(theirs(lambda o: lr.StepLR(o, 7, 0.3)))
    assert rates(schedule="cosine") == pytest.approx(theirs(lambda o: lr.CosineAnnealingLR(o, 40)))


def test_a_warm_up_rises_to_the_rate_and_the_schedule_begins_after_it():
    found = rates(schedule="cosine", warmup=10)
    lr = torch.optim.lr_scheduler
    assert found[:10] == pytest.approx(theirs(lambda o: lr.LinearLR(o, 0.1, 1.0, 9), 10))
    assert found[10:] == pytest.approx(theirs(lambda o: lr.CosineAnnealingLR(o, 30), 30))
    assert all(0 < one <= 0.08 for one in found)


def test_the_rate_that_is_recorded_moved_the_weights():
    series = wave()
    run = small(series, "rnn", {"optimiser": "sgd", "schedule": "step", "decay": 0.1, "decay_every": 5, "clip": 0})
    seen = frames(run, series)
    assert [f.learning_rate for f in seen[1:]] == pytest.approx([0.01 * 0.1 ** (n // 5) for n in range(20)])
    for one, other in itertools.pairwise(seen):
        moved = np.linalg.norm(other.signals["weights"].astype(float) - one.signals["weights"])
        assert moved == pytest.approx(other.learning_rate * other.norm, rel=1e-2)


@given(seed=st.integers(0, 999))
@pytest.mark.parametrize(
    ("name", "theirs"),
    [("mse", torch.nn.MSELoss()), ("mae", torch.nn.L1Loss()), ("huber", torch.nn.HuberLoss())],
)
def test_losses_and_their_gradients_are_torchs_and_numpy_gives_the_same(name, theirs, seed):
    errors = torch.randn(50, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) * 2
    one, other = errors.clone().requires_grad_(), errors.clone().requires_grad_()
    ours, expected = LOSSES[name](one).mean(), theirs(other, torch.zeros(50, dtype=torch.float64))
    torch.testing.assert_close(ours, expected)
    for loss in (ours, expected):
        loss.backward()
    torch.testing.assert_close(one.grad, other.grad)
    assert LOSSES[name](errors.numpy()).mean() == pytest.approx(expected.item())


@pytest.mark.parametrize("loss", ["mae", "huber"])
def test_naive_and_network_are_judged_by_the_loss_that_is_trained(loss):
    series = wave()
    run = small(series, "lstm", {"loss": loss})
    prepared = prepare(run, series)
    origins = prepared.validation_starts + run.window
    errors = np.array([prepared.scaled[o : o + run.horizon] - naive(prepared, int(o)) for o in origins])
    assert naive_loss(prepared) == pytest.approx(np.mean(LOSSES[loss](errors)))
    last_value = np.array([prepared.scaled[o : o + run.horizon] - prepared.scaled[o - 1] for o in origins])
    first = frames(run, series)[0]
    assert first.validation == pytest.approx(np.mean(LOSSES[loss](last_value)), rel=0.5)
    assert {"mae": "absolute", "huber": "Huber"}[loss] in models()["lstm"].describe(run, series).loss


@given(scale=st.floats(1e-3, 1e3), threshold=st.floats(1e-3, 1e3))
def test_clipping_by_value_is_torchs_and_tells_no_single_factor(scale, threshold):
    gradient = torch.linspace(-1, 2, 7) * scale
    peer = torch.zeros(7, requires_grad=True)
    peer.grad = gradient.clone()
    torch.nn.utils.clip_grad_value_([peer], threshold)
    factor = clip_values(gradient, threshold)
    assert torch.equal(gradient, peer.grad)
    assert factor == 1 if scale * 2 < threshold * (1 - 1e-6) else math.isnan(factor) or scale * 2 < threshold * 1.001


@pytest.mark.parametrize("by", ["norm", "value"])
def test_norms_after_clipping_are_those_of_the_gradient_that_is_applied(by):
    series = wave()
    run = small(series, "rnn", {"optimiser": "sgd", "clip": 0.05, "clip_by": by})
    seen = frames(run, series)
    assert any("clipped" in frame.events for frame in seen)
    for one, other in itertools.pairwise(seen):
        applied = (one.signals["weights"].astype(float) - other.signals["weights"]) / other.learning_rate
        assert math.hypot(*other.after.values()) == pytest.approx(np.linalg.norm(applied), rel=1e-2)
        if by == "value" and "clipped" in other.events:
            assert math.isnan(other.scale)
            assert np.abs(applied).max() <= 0.05 * 1.01


def test_a_scale_that_is_no_number_comes_back_from_the_run_file(tmp_path):
    series = wave()
    run = small(series, "rnn", {"clip": 0.05, "clip_by": "value"})
    path, model = kept(series, run, tmp_path), models()["rnn"]
    seen = frames(run, series)
    recorder = Recorder(path)
    recorder.describe(model.describe(run, series).signals, parameters=model.describe(run, series).parameters)
    recorder.write(seen)
    recorder.close()
    with Trace(path) as trace:
        np.testing.assert_equal(trace.history("scale"), [frame.scale for frame in seen])
        assert math.isnan(trace.frame(3).scale)
        assert trace.frame(3).after == pytest.approx(dict(seen[3].after))


STANDING = {"updates": 400, "learning_rate": 0.05, "patience": 3}


def test_training_stops_when_validation_has_stood_still():
    series = wave(noise=1.0)
    whole = frames(small(series, "fnn", STANDING), series)
    assert "stopped early" in whole[-1].events
    assert len(whole) < 400
    measured = [frame for frame in whole[1:] if math.isfinite(frame.validation)]
    assert [("best validation" in frame.events) for frame in measured[-4:]] == [True, False, False, False]
    assert sum("stopped early" in frame.events for frame in whole) == 1
    patient = frames(small(series, "fnn", STANDING | {"patience": 0}), series)
    assert len(patient) == 401
    np.testing.assert_array_equal(whole[-1].signals["weights"], patient[len(whole) - 1].signals["weights"])


def test_a_run_that_was_killed_still_stops_at_the_same_update():
    series = wave(noise=1.0)
    run = small(series, "fnn", STANDING)
    whole = frames(run, series)
    for back in (1, 2, 5, 12, 30):
        rest = frames(run, series, whole[-1 - back])
        assert [frame.step for frame in rest] == [frame.step for frame in whole[-back:]]
        assert rest[-1].events == whole[-1].events
        np.testing.assert_array_equal(rest[-1].signals["weights"], whole[-1].signals["weights"])
    assert frames(run, series, whole[-1]) == []
