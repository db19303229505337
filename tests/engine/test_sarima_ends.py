"""How SARIMA ends: where values are missing, nothing converges, or nothing can be estimated."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.deciding import decide
from engine.errors import Lesson
from engine.estimating.likelihood import Likelihood
from engine.estimating.orders import Orders
from engine.nouns.series import Series
from engine.samples import sample
from tests.engine.airline import SARIMA, air, complete, same, with_values


def test_missing_values_are_allowed_anywhere():
    run, series = air()
    values = series.values.copy()
    values[[0, 5, 50, 51, 118, -3]] = np.nan
    gappy = with_values(series, values)
    frame, whole = complete(run, gappy)[-1], complete(run, series)[-1]
    assert "converged" in frame.events
    assert np.isfinite(frame.signals["forecast"]).all()
    assert np.isfinite(frame.validation)
    assert frame.signals["forecast"] == pytest.approx(whole.signals["forecast"], rel=0.05)
    values[-run.validation :] = np.nan
    assert np.isnan(complete(run, with_values(series, values))[-1].validation)


def test_too_few_steps_end_in_not_converged():
    run, series = air(settings={"iterations": 1})
    frames = list(SARIMA.fit(run, series))
    assert [frame.step for frame in frames] == [0, 1]
    assert "not converged" in frames[-1].events


def test_an_optimiser_that_finds_nothing_better_ends_in_not_converged(monkeypatch):
    monkeypatch.setattr("engine.estimating.descent.TOLERANCE", 0.0)
    run, series = air()
    frames = list(SARIMA.fit(run, series))
    assert "not converged" in frames[-1].events
    assert frames[-1].signals["weights"] == pytest.approx(frames[-2].signals["weights"], abs=0)


def test_a_likelihood_that_is_not_a_number_keeps_what_was_seen_and_ends_in_a_lesson(monkeypatch):
    run, series = air()
    whole, terms, calls = list(SARIMA.fit(run, series)), Likelihood.terms, []

    def broken(self, unconstrained):
        calls.append(1)
        return terms(self, unconstrained) * (np.nan if len(calls) > 15 else 1.0)  # 5 calls for each point

    monkeypatch.setattr(Likelihood, "terms", broken)
    frames = []
    with pytest.raises(Lesson, match="not a number"):
        frames.extend(SARIMA.fit(run, series))  # extend keeps what came before the error
    monkeypatch.undo()
    assert frames[-1].events == ("not a number",)
    assert np.isnan(frames[-1].loss)
    assert all(map(same, frames[:-1], whole))
    observed = SARIMA.observe(run, series, frames)
    assert np.isnan(observed[-1].signals["forecast"]).all()
    assert np.isfinite(observed[0].signals["forecast"]).all()


@pytest.mark.parametrize(
    ("chosen", "match"),
    [
        ({"order": (0, 1, 0), "seasonal": (0, 1, 0)}, "no parameter"),
        ({"order": (12, 0, 0), "seasonal": (1, 0, 0)}, "whole season"),
        ({"period": 60}, "The training part has"),
        ({"period": 300}, "numbers as its state"),
    ],
)
def test_what_cannot_be_estimated_is_a_lesson(chosen, match):
    with pytest.raises(Lesson, match=match):
        air(settings=chosen)


def test_a_straight_line_leaves_nothing_to_explain():
    series = Series("line", pd.date_range("2000", periods=100, freq="YS"), np.arange(100.0) * 0.1)
    with pytest.raises(Lesson, match="all the same"):
        decide(series, "sarima")


@pytest.mark.parametrize("chosen", [{"order": (0, 1)}, {"order": (-1, 0, 0)}, {"trend": "t"}, {"lags": 3}])
def test_settings_that_make_no_sense_are_refused(chosen):
    with pytest.raises(Lesson):
        air(settings=chosen)


def test_without_a_season_the_seasonal_part_is_dropped_and_a_mean_comes_without_differences():
    series = sample("sunspots")
    assert list(SARIMA.describe(decide(series, "sarima"), series).parameters) == ["ma.L1"]
    run = decide(series, "sarima", {"order": (2, 0, 0)})
    assert list(SARIMA.describe(run, series).parameters) == ["intercept", "ar.L1", "ar.L2"]


@settings(max_examples=25, deadline=None)
@given(
    order=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)),
    seasonal=st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)),
    seed=st.integers(0, 99),
    gaps=st.booleans(),
)
def test_any_orders_on_any_walk_end_well_or_in_a_lesson(order, seasonal, seed, gaps):
    """Warnings are errors here: over-differenced noise, walks and gaps must not make any."""
    random = np.random.default_rng(seed)
    values = random.normal(size=80) if seed % 2 else np.cumsum(random.normal(size=80))
    if gaps:
        values[random.integers(0, 60, 5)] = np.nan
    series = Series("any", pd.date_range("2020", periods=80, freq="D"), values)
    try:
        run = decide(series, "sarima", {"order": order, "seasonal": seasonal})
    except Lesson:
        assert sum(order[::2]) + sum(seasonal[::2]) == 0
        return
    frames = complete(run, series)
    assert frames[-1].events
    assert np.isfinite(frames[-1].loss)
    assert np.isfinite(frames[-1].signals["ahead"]).all()


def test_listing_the_models_loads_no_statistics():
    code = (
        "import sys; from engine.contract import models; models();"
        "sys.exit(any(n in sys.modules for n in ('statsmodels', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0  # noqa: S603


@given(
    order=st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 3)),
    seasonal=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)),
    trend=st.sampled_from(["n", "c"]),
)
def test_parameters_have_statsmodels_names_in_its_order(order, seasonal, trend):
    orders = Orders(order, (*seasonal, 4) if any(seasonal) else (0, 0, 0, 0), trend)
    theirs = SARIMAX(np.zeros(60), order=orders.order, seasonal_order=orders.seasonal, trend=trend)
    assert [*orders.names, "sigma2"] == theirs.param_names
