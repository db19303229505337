"""The search for orders: what it decides by tests, what it refuses, and that it finds what made the series."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import Lesson
from engine.estimating.ahead import forecast
from engine.estimating.climbing import climb
from engine.estimating.differences import differences, kpss
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.estimating.roots import inverse_roots, refusal
from engine.estimating.search import FINALISTS, Search
from engine.forecasting import forecasters
from engine.kernels import path
from engine.samples import sample
from tests.makers import wave

AIR = sample("AirPassengers").values


@pytest.fixture(autouse=True, scope="module")
def _compiled():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(path, "ready", lambda: True)
        yield


def searched(values, period=1, thorough=False):
    search = Search(values, period, thorough)
    tried = list(search.run())
    return search, tried, search.best()


def test_noise_needs_no_difference_a_walk_one_and_its_sum_two():
    chance = np.random.default_rng(0).normal(size=300)
    assert [differences(v, 1) for v in (chance, chance.cumsum(), chance.cumsum().cumsum())] == [(0, 0), (1, 0), (2, 0)]


def test_a_strong_season_takes_a_seasonal_difference_and_a_weak_one_none():
    noise = np.random.default_rng(1).normal(size=120)
    season = np.sin(2 * np.pi * np.arange(120) / 12)
    assert differences(5 * season + noise, 12)[1] == 1
    assert differences(0.2 * season + noise, 12)[1] == 0


def test_kpss_is_that_of_statsmodels():
    from statsmodels.tsa.stattools import kpss as theirs

    values = sample("sunspots").values
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        statistic = theirs(values, "c", nlags=int(3 * np.sqrt(len(values)) / 13))[0]
    assert kpss(values) == pytest.approx(statistic)


def test_the_search_finds_what_made_a_series_or_what_explains_it_better():
    chance = np.random.default_rng(5).normal(size=1000)
    values = np.zeros(1000)
    for t in range(2, 1000):
        values[t] = 1.2 * values[t - 1] - 0.6 * values[t - 2] + chance[t]
    _, _, best = searched(values + 50)
    truth = estimate(values + 50, Orders((2, 0, 0), trend="c"))
    assert truth.lags == pytest.approx([1.2, -0.6], abs=0.06)
    assert truth.trend == pytest.approx([50], abs=0.3)
    assert best.aicc <= truth.aicc
    assert (best.orders.order[1], best.orders.trend) == (0, "c")


def test_every_candidate_is_exact_and_the_winner_has_the_lowest_aicc():
    search, tried, best = searched(AIR, 12)
    assert best.orders == Orders((2, 1, 1), (0, 1, 0, 12))
    assert best.aicc <= min(t.aicc for t in tried) + 1e-6
    for one in sorted(tried, key=lambda t: t.aicc)[:FINALISTS]:
        assert one.aicc == pytest.approx(estimate(AIR, one.orders).aicc, abs=1.0)
    assert len(tried) == len(search.tried)


def test_a_thorough_search_is_no_worse():
    values = sample("sunspots").values
    assert searched(values, thorough=True)[2].aicc <= searched(values)[2].aicc + 1e-6


@pytest.mark.parametrize(
    ("orders", "lags", "word"),
    [
        (Orders((1, 0, 0)), [0.9995], "almost 1"),
        (Orders((0, 1, 1)), [-0.9999], "almost 1"),
        (Orders((1, 0, 1)), [0.7, -0.68], "cancel"),
        (Orders((0, 0, 0), (1, 0, 1, 12)), [0.9, -0.88], "cancel"),
        (Orders((0, 1, 1), (0, 1, 1, 12)), [-0.4, -0.9999], ""),  # a season that never changes
        (Orders((2, 0, 1)), [1.2, -0.6, 0.4], ""),
    ],
)
def test_near_unit_and_cancelling_roots_are_refused(orders, lags, word):
    assert word in refusal(orders, np.array(lags))
    assert bool(refusal(orders, np.array(lags))) == bool(word)


def test_roots_are_those_of_the_polynomials():
    found = inverse_roots(Orders((2, 0, 0)), np.array([1.2, -0.6]))["ar"]
    assert np.poly(found) == pytest.approx([1, -1.2, 0.6])


def test_the_winner_has_no_refused_root_and_a_search_may_be_left_at_any_time():
    values = sample("elnino").values[:240]
    search = Search(values, 12)
    steps = search.run()
    for _ in range(6):
        next(steps)
    steps.close()
    best = search.best()
    assert not refusal(best.orders, best.lags)


def test_gaps_are_crossed_for_the_search_and_exact_in_the_estimate():
    values = AIR.copy()
    values[[5, 60, 61, 100]] = np.nan
    _, _, best = searched(values, 12)
    assert best.count < 131
    here = climb(values, best.orders, [best.orders.free(best.lags)], own=0)
    assert best.loglik == pytest.approx(here.loglik, abs=1e-6)


def test_too_little_to_search_in_is_a_lesson():
    with pytest.raises(Lesson, match="No SARIMA"):
        searched(np.array([2.0, 3.0]))


@pytest.mark.parametrize(
    ("values", "period", "expected"),
    [
        (np.full(30, 2.0), 1, [2, 2, 2]),
        (np.arange(30) * 3.0, 4, [90, 93, 96]),
        (np.tile([5.0, 1.0, 3.0, 2.0], 6), 4, [5, 1, 3]),
        (np.tile([5.0, 1.0, 3.0, 2.0], 6) + np.repeat(np.arange(6), 4), 4, [11, 7, 9]),
    ],
)
def test_a_series_without_an_error_goes_on_as_before(values, period, expected):
    best = searched(values, period)[2]
    point, spread = forecast(best, values, 3)
    assert point == pytest.approx(expected)
    assert spread == pytest.approx(0, abs=1e-9)
    assert "Nothing is left over" in best.how


@given(
    steps=st.lists(st.integers(-3, 3), min_size=4, max_size=30),
    gap=st.integers(0, 29),
    power=st.integers(-6, 6),
    period=st.sampled_from([1, 4]),
)
@settings(max_examples=15, deadline=None)
def test_whatever_the_values_a_forecast_comes(steps, gap, power, period):
    values = np.cumsum(steps) * 10.0**power
    if len(values) > 8 and gap < len(values):
        values[gap] = np.nan
    point, spread = forecast(searched(values, period)[2], values, 6)
    assert np.isfinite(point).all()
    assert np.isfinite(spread).all()


def test_the_searching_forecaster_forecasts():
    series = wave(120)
    found = forecasters()["auto_sarima"].fit(series, 12, 0).forecast(series, 12, [90.0])
    assert found.point == pytest.approx(10 + 3 * np.sin(2 * np.pi * np.arange(120, 132) / 12), abs=0.4)
    assert (found.intervals[90.0][0] < found.point).all()
