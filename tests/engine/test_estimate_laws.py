"""The laws that exact estimates keep, whatever the series."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.errors import Lesson
from engine.estimating import whitening
from engine.estimating.ahead import forecast
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.samples import sample

AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12))
AIR = sample("AirPassengers").values


def test_columns_of_another_length_and_gaps_without_the_exact_likelihood_are_lessons():
    with pytest.raises(Lesson, match="rows"):
        estimate(AIR, AIRLINE, beside=np.ones((1, 5)))
    with pytest.raises(Lesson, match="missing"):
        estimate(np.append(AIR, [np.nan, 500.0]), AIRLINE, exact=False)


@given(seed=st.integers(0, 999))
@settings(max_examples=5, deadline=None)
def test_a_lag_left_out_is_one_whose_coefficient_is_nothing(seed):
    chance = np.random.default_rng(seed).normal(size=300)
    values = chance.copy()
    values[4:] += 0.6 * chance[:-4]
    found = estimate(values, Orders((0, 0, 4), ma=(4,)))
    theirs = SARIMAX(values, order=(0, 0, 4), concentrate_scale=True)
    assert found.lags == pytest.approx([0.6], abs=0.2)
    assert found.loglik == pytest.approx(theirs.loglike([0, 0, 0, found.lags[0]]), abs=1e-6)
    assert found.loglik >= estimate(values, Orders((0, 0, 0))).loglik


def test_air2_as_stata_has_it():
    found = estimate(np.log(AIR), AIRLINE)
    assert found.lags == pytest.approx([-0.4018324, -0.5569342], abs=1e-4)
    assert np.sqrt(found.scale) == pytest.approx(0.0367167, abs=1e-5)
    assert found.loglik == pytest.approx(244.69651, abs=1e-3)


@given(power=st.floats(-6, 6))
@settings(max_examples=10, deadline=None)
def test_forecasts_do_not_depend_on_the_unit(power):
    c = 10.0**power
    (one, _), (other, _) = (forecast(estimate(v, AIRLINE), v, 24) for v in (AIR, AIR * c))
    assert other == pytest.approx(one * c, rel=1e-6)


@given(
    order=st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 3)),
    seasonal=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)),
    seed=st.integers(0, 999),
)
@settings(max_examples=40, deadline=None)
def test_the_compiled_likelihood_is_statsmodels_likelihood(order, seasonal, seed):
    orders = Orders(order, (*seasonal, 5) if any(seasonal) else (0, 0, 0, 0))
    chance = np.random.default_rng(seed)
    values, point = chance.normal(size=60).cumsum(), chance.normal(size=orders.lags)
    whiten = whitening._compiled(orders.difference(values)[None], orders)
    (white, logs), n = whiten(point[None]), 60 - orders.lost
    ours = -n / 2 * (np.log(2 * np.pi * np.mean(white**2)) + 1 + logs[0])
    theirs = SARIMAX(
        values, order=order, seasonal_order=orders.seasonal, concentrate_scale=True, simple_differencing=True
    ).loglike(orders.constrain(point))
    assert ours == pytest.approx(theirs, rel=1e-7)
