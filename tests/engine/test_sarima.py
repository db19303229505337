"""How SARIMA streams: every frame says what it should, resumed or not, and nothing knows what comes later."""

from __future__ import annotations

import dataclasses
import threading

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.deciding import decide
from engine.estimating.orders import Orders
from engine.models.sarima import Problem
from engine.nouns.series import Series
from engine.samples import sample
from tests.engine.airline import SARIMA, air, complete, estimate, log_air, same, same_value, with_values

AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12), "n")


def test_the_training_part_alone_is_fitted_and_every_frame_says_what_it_should():
    run, series = air()
    frames, described = complete(run, series), SARIMA.describe(run, series)
    assert [frame.step for frame in frames] == list(range(len(frames)))
    assert list(described.parameters) == ["ma.L1", "ma.S.L12"]
    assert frames[-1].signals["weights"] == pytest.approx(
        estimate(log_air()[: -run.validation], AIRLINE).parameters, abs=1e-6
    )
    losses = [frame.loss for frame in frames]
    assert losses == sorted(losses, reverse=True)
    for frame in frames:
        assert frame.norm == pytest.approx(np.hypot(*frame.before.values()))
        assert frame.before == frame.after
        for signal in described.signals:
            found = frame.signals[signal.name]
            assert (found.shape, found.dtype) == (signal.shape, signal.dtype)
            assert np.isfinite(found).all()
    best = min(range(len(frames)), key=lambda step: frames[step].validation)
    assert [s for s, frame in enumerate(frames) if "best validation" in frame.events][-1] == best
    assert [frame.events[0] for frame in frames if "converged" in frame.events] == [frames[-1].events[0]]


def test_forecasts_equal_those_of_statsmodels():
    run, series = air(settings={"order": (1, 1, 1), "trend": "c"})
    frame = complete(run, series)[-1]
    problem = Problem(run, series)
    for name, seen in (("forecast", problem.prepared.split), ("ahead", len(series))):
        oracle = SARIMAX(
            problem.prepared.scaled[:seen], order=(1, 1, 1), seasonal_order=(0, 1, 1, 12), trend="c",
            concentrate_scale=True, use_exact_diffuse=True,
        ).filter(frame.signals["weights"])  # fmt: skip
        expected = problem.prepared.to_unit(oracle.get_forecast(run.horizon).predicted_mean)
        assert frame.signals[name] == pytest.approx(expected, rel=1e-9)
    probe = problem.prepared.probe
    assert frame.signals["state"] == pytest.approx(oracle.filtered_state.T[probe], abs=1e-5)
    assert frame.signals["innovation"] == pytest.approx(oracle.filter_results.forecasts_error[0, probe], abs=1e-5)
    target = problem.prepared.scaled[problem.prepared.target]
    errors = problem.prepared.to_scaled(frame.signals["forecast"]) - target
    assert frame.validation == pytest.approx(np.mean(errors**2))


def test_the_gradient_over_time_is_that_of_statsmodels_likelihood_of_each_value():
    run, series = air()
    frame = complete(run, series)[0]
    problem = Problem(run, series)
    oracle = SARIMAX(
        problem.prepared.scaled[: problem.prepared.split], order=(0, 1, 1), seasonal_order=(0, 1, 1, 12),
        concentrate_scale=True, simple_differencing=True,
    )  # fmt: skip
    here, slopes = frame.signals["unconstrained"], []
    for nudge in 1e-4 * np.eye(2):
        up, down = (oracle.loglikeobs(here + sign * nudge, transformed=False) for sign in (1, -1))
        slopes.append((up - down) / 2e-4 / oracle.nobs)
    expected = np.linalg.norm(slopes, axis=0)[-run.window :]
    assert frame.signals["gradient/time"] == pytest.approx(expected, rel=1e-4)


def test_without_differences_the_constant_decides_whether_forecasts_fade_to_the_mean_or_to_zero():
    values = 10 + np.random.default_rng(1).normal(size=300)
    series = Series("noise about ten", pd.date_range("2000", periods=300, freq="YS"), values)
    faded = {}
    for trend in ("n", "c"):
        run = decide(series, "sarima", {"order": (1, 0, 0), "trend": trend}, horizon=100, validation=100)
        faded[trend] = complete(run, series)[-1]
    phi = faded["n"].signals["weights"][0]
    assert phi > 0.9  # a level far from zero is taken for memory
    assert faded["n"].signals["forecast"] == pytest.approx(values[-101] * phi ** np.arange(1, 101), rel=1e-6)
    assert faded["c"].signals["forecast"][-1] == pytest.approx(values[:-100].mean(), abs=0.05)


def test_the_same_run_gives_the_same_frames_to_the_bit():
    run, series = air()
    first, second = complete(run, series), complete(run, series)
    assert len(first) == len(second)
    assert all(map(same, first, second))


def test_resuming_gives_what_never_stopping_gives_to_the_bit():
    run, series = air()
    whole = list(SARIMA.fit(run, series))
    for stop in range(len(whole)):
        rest = list(SARIMA.fit(run, series, whole[stop]))
        assert len(rest) == len(whole) - stop - 1
        assert all(map(same, rest, whole[stop + 1 :]))


def test_effects_do_not_depend_on_the_company():
    run, series = air()
    frames = list(SARIMA.fit(run, series))
    together = SARIMA.observe(run, series, frames)
    alone = [SARIMA.observe(run, series, [frame])[0] for frame in reversed(frames)]
    assert all(map(same, together, reversed(alone)))


def test_a_yielded_frame_never_changes_and_closing_leaves_no_thread():
    run, series = air()
    frames = SARIMA.fit(run, series)
    first = next(frames)
    before = dataclasses.replace(first, signals={name: a.copy() for name, a in first.signals.items()})
    next(frames)
    assert same(first, before)
    frames.close()
    assert not [t for t in threading.enumerate() if t.name == "iterates"]
    assert list(frames) == []


def test_nothing_but_validation_and_ahead_knows_the_values_after_the_split():
    run, series = air()
    values = series.values.copy()
    values[-run.validation :] = 1e9
    poisoned = with_values(series, values)
    for clean, frame in zip(complete(run, series), complete(run, poisoned), strict=True):
        assert clean.validation != frame.validation
        kept = [{n: a for n, a in f.signals.items() if n != "ahead"} for f in (clean, frame)]
        assert same_value(*kept)
        assert (clean.loss, clean.norm, clean.before) == (frame.loss, frame.norm, frame.before)


@settings(max_examples=15, deadline=None)
@given(st.floats(-6, 6))
def test_the_fit_does_not_depend_on_the_unit(power):
    series, c = sample("AirPassengers"), 10.0**power
    run, other = decide(series, "sarima"), with_values(series, series.values * c)
    one, two = complete(run, series)[-1], complete(decide(other, "sarima"), other)[-1]
    assert two.signals["weights"] == pytest.approx(one.signals["weights"], abs=1e-6)
    assert two.signals["forecast"] == pytest.approx(one.signals["forecast"] * c, rel=1e-6)
    assert two.loss == pytest.approx(one.loss, abs=1e-9)
