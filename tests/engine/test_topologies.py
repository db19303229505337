"""Where forecasts are read and what they are compared with: once, at every time step, or value after value."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from engine.contract import models
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.training.device import device
from engine.training.loop import Training
from engine.training.windows import Windows
from tests.makers import small, wave

EVERY = {"topology": "sequence-to-sequence"}
RECURRENT = ["rnn", "gru", "lstm", "cnn_rnn"]


def network(run):
    return models()[run.model].fit.args[0]


@pytest.mark.parametrize("anchor", ["level", "change"])
def test_targets_at_every_step_are_what_came_after_it(anchor):
    series = wave()
    prepared = prepare(small(series, "rnn", EVERY, anchor=anchor), series)
    _, targets = Windows(prepared, 8, device(), every=True).take(np.array([0, 5, 40]))
    for row, start in enumerate((0, 5, 40)):
        for t in range(12):
            base = prepared.scaled[start + t] if anchor == "change" else 0
            after = prepared.scaled[start + t + 1 : start + t + 4] - base
            np.testing.assert_allclose(targets[row, t], after, atol=1e-6)


@pytest.mark.parametrize("anchor", ["level", "change"])
def test_no_time_step_is_shown_what_it_has_to_forecast(anchor):
    series = wave()
    run = small(series, "rnn", EVERY, anchor=anchor)
    values = np.array(series.values)
    values[7:12] += 5
    other = Series("wave", series.index, values)
    first = prepare(run, series)
    second = dataclasses.replace(first, series=other, scaled=first.to_scaled(values))
    one, two = (Windows(p, 8, device(), every=True).take(np.array([0]))[0] for p in (first, second))
    assert torch.equal(one[:, :7], two[:, :7])
    assert not torch.equal(one[:, 7:], two[:, 7:])


@pytest.mark.parametrize("model", RECURRENT)
def test_the_last_of_all_forecasts_is_the_one_that_is_shown_and_judged(model):
    series = wave()
    run = small(series, model, {**EVERY, "updates": 40})
    last = [frame for frame in models()[model].fit(run, series) if np.isfinite(frame.validation)][-1]
    (seen,) = models()[model].observe(run, series, [last])
    training = Training(network(run), run, series, last)
    prepared, windows = prepare(run, series), training.windows
    forecast = training.forecast(*[windows.take(windows.validation)[0], windows.ahead(windows.validation)]).detach()
    assert forecast.shape == (len(windows.validation), 12, 3)
    starts = prepared.validation_starts
    shown = forecast[:, -1].numpy() + prepared.scaled[starts + 11, None]
    np.testing.assert_allclose(seen.signals["forecast"], prepared.to_unit(shown[0]), rtol=1e-4)
    truth = np.stack([prepared.scaled[start + 12 : start + 15] for start in starts])
    assert last.validation == pytest.approx(np.mean((shown - truth) ** 2), rel=1e-4)


def test_the_loss_at_every_step_sends_gradient_to_every_step_directly():
    series = wave()
    run = small(series, "rnn", EVERY)
    frame = list(models()["rnn"].fit(run, series))[-1]
    (frame,) = models()["rnn"].observe(run, series, [frame])
    training = Training(network(run), run, series, frame)
    kept = []

    def keep(name, value, t=None):
        value.retain_grad()
        kept.extend([value] if name == "hidden.1" else [])
        return value

    inputs, targets = training.windows.take(training.windows.shown[:1])
    forecast = network(run).forward(training.settings, training.parameters.views, inputs, keep)
    (forecast - targets).square().mean().backward()
    plain = torch.cat([value.grad for value in kept])
    np.testing.assert_allclose(frame.signals["gradient/hidden.1"], plain, rtol=1e-4, atol=1e-7)


def events(share, **more):
    series = wave()
    run = small(series, "seq2seq", {"teacher_forcing": share, "updates": 60, **more})
    return [frame.events for frame in models()["seq2seq"].fit(run, series)][1:]


def test_the_share_of_updates_that_are_fed_the_truth_is_the_one_that_was_set():
    assert not any("fed the truth" in one for one in events(0.0))
    assert all("fed the truth" in one for one in events(1.0))
    half = ["fed the truth" in one for one in events(0.5)]
    assert 15 < sum(half) < 45  # 60 fair coins leave this range once in 10^4
    assert half == ["fed the truth" in one for one in events(0.5)]


def test_a_decoder_that_is_judged_is_never_fed_the_truth():
    series = wave()
    run = small(series, "seq2seq", {"teacher_forcing": 1.0})
    frame = next(models()["seq2seq"].fit(run, series))
    training = Training(network(run), run, series, frame)
    starts = training.windows.validation
    inputs, targets = training.windows.take(starts)
    own = training.loss(inputs, targets, training.windows.ahead(starts)).item()
    fed = training.loss(inputs, targets, training.ahead(starts, targets, 1)[0]).item()
    assert frame.validation == own != fed


def test_a_decoders_states_lie_along_the_horizon():
    series = wave()
    run = small(series, "seq2seq")
    described = {signal.name: signal for signal in models()["seq2seq"].describe(run, series).signals}
    assert (described["encoder.1"].axes, described["encoder.1"].shape) == (("time", "unit"), (12, 4))
    assert (described["decoder.1"].axes, described["decoder.1"].shape) == (("step ahead", "unit"), (3, 4))
    assert described["gradient/decoder.1"].shape == (3, 4)
