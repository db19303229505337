"""Exact estimates against R, Stata and statsmodels, and the laws they keep. Run: pytest tests/engine/test_estimate.py

R: the outputs saved with R's sources, tests/Examples/stats-Ex.Rout.save and datasets-Ex.Rout.save. Stata: the
fixtures of statsmodels' own tests, results_sarimax.py.
"""

from __future__ import annotations

import csv

import numpy as np
import pytest
from statsmodels.tools.numdiff import approx_fprime
from statsmodels.tsa.statespace.sarimax import SARIMAX
from statsmodels.tsa.statespace.tests.results import results_sarimax as STATA

from engine.errors import Lesson
from engine.estimating.ahead import forecast, one_step
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.kernels import innovations, path
from engine.samples import sample
from tests.makers import SHARED

AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12))
AIR = sample("AirPassengers").values


@pytest.fixture(params=["compiled", "plain"])
def either_way(request, monkeypatch):
    """With the compiled kernels and without: the same numbers are asked of both."""
    monkeypatch.setattr(path, "ready", lambda: request.param == "compiled")


def column(file: str, name: str = "value") -> np.ndarray:
    where = SHARED / file
    if not where.exists():
        pytest.skip(f"The series {file} is not here: {where} is missing")
    with where.open() as rows:
        return np.array([float(row[name] or "nan") for row in csv.DictReader(rows)])


def r_data(name: str) -> np.ndarray:
    return column(f"Rdatasets/{name}.csv")


def test_log_air_passengers_as_r_has_it(either_way):
    found = estimate(np.log(AIR), AIRLINE)
    assert found.lags == pytest.approx([-0.4018, -0.5569], abs=1e-4)
    assert found.errors == pytest.approx([0.0896, 0.0731], abs=1e-4)
    assert found.scale == pytest.approx(0.001348, abs=5e-7)
    assert (found.loglik, found.aic, found.aicc, found.bic) == pytest.approx(
        (244.70, -483.40, -483.21, -474.77), abs=1e-2
    )
    assert found.converged


def test_log10_air_passengers_is_the_same_backwards_as_in_r():
    forwards, backwards = (estimate(values, AIRLINE) for values in (np.log10(AIR), np.log10(AIR)[::-1].copy()))
    assert (forwards.loglik, forwards.aic) == pytest.approx((353.96, -701.92), abs=1.1e-2)
    assert forwards.scale == pytest.approx(0.0002543, abs=1e-7)
    assert backwards.loglik == pytest.approx(forwards.loglik, abs=1e-6)
    assert backwards.lags == pytest.approx(forwards.lags, abs=1e-4)


def test_log10_air_passengers_from_1954_as_r_has_it():
    found = estimate(np.log10(AIR[60:]), AIRLINE)
    assert found.lags == pytest.approx([-0.4797, -0.4460], abs=2e-4)
    assert found.errors == pytest.approx([0.1000, 0.1514], abs=2e-4)
    assert (found.loglik, found.aic) == pytest.approx((208.02, -410.04), abs=1e-2)


def test_accidental_deaths_as_r_has_them(either_way):
    found = estimate(r_data("USAccDeaths"), AIRLINE)
    assert found.lags == pytest.approx([-0.4303, -0.5528], abs=1e-4)
    assert found.errors == pytest.approx([0.1228, 0.1784], abs=1e-4)
    assert (found.loglik, found.aic) == pytest.approx((-425.44, 856.88), abs=1e-2)


def test_raw_air_passengers_at_the_order_that_r_chooses():
    found = estimate(AIR, Orders((2, 1, 1), (0, 1, 0, 12)))
    assert found.lags == pytest.approx([0.5960, 0.2143, -0.9819], abs=1e-4)
    expected = (-504.92, 1017.85, 1018.17, 1029.35)
    assert (found.loglik, found.aic, found.aicc, found.bic) == pytest.approx(expected, abs=1e-2)


@pytest.mark.parametrize(
    ("name", "order", "lags", "mean", "loglik", "aic", "scale"),
    [
        ("lh", (1, 0, 0), [0.5739], 2.4133, -29.38, 64.76, 0.1975),
        ("lh", (3, 0, 0), [0.6448, -0.0634, -0.2198], 2.3931, -27.09, 64.18, 0.1787),
        ("lh", (1, 0, 1), [0.4522, 0.1982], 2.4101, -28.76, 65.52, 0.1923),
        ("LakeHuron", (2, 0, 0), [1.0436, -0.2495], 579.0473, -103.63, 215.27, 0.4788),
        ("presidents", (1, 0, 0), [0.8242], 56.1505, -416.89, 839.78, 85.47),
        ("presidents", (3, 0, 0), [0.7496, 0.2523, -0.1890], 56.2223, -414.08, 838.16, 81.12),  # six are missing
    ],
)
def test_models_with_a_mean_as_r_has_them(name, order, lags, mean, loglik, aic, scale, either_way):
    found = estimate(r_data(name), Orders(order, trend="c"))
    assert found.lags == pytest.approx(lags, abs=1e-4)
    assert found.trend == pytest.approx([mean], rel=2e-4)  # R stops where the mean of presidents is flat
    assert (found.loglik, found.aic) == pytest.approx((loglik, aic), abs=1e-2)
    assert found.scale == pytest.approx(scale, rel=5e-4)


def test_gaps_count_neither_as_values_nor_in_bic():
    assert estimate(r_data("presidents"), Orders((1, 0, 0), trend="c")).bic == pytest.approx(847.99, abs=1e-2)


def test_forecasts_of_presidents_and_their_errors_as_r_has_them():
    values = r_data("presidents")
    point, spread = forecast(estimate(values, Orders((3, 0, 0), trend="c")), values, 3)
    assert point == pytest.approx([29.84194, 34.41014, 39.30815], abs=5e-4)  # R's mean is off by .006
    assert spread == pytest.approx([9.00655, 11.25606, 13.43389], abs=5e-4)


def test_lake_huron_about_a_line_as_r_has_it():
    found = estimate(r_data("LakeHuron"), Orders((2, 0, 0), trend="ct"))
    level_in_1920, slope = found.trend[0] + 45 * found.trend[1], found.trend[1]
    assert [*found.lags, level_in_1920, slope] == pytest.approx([1.0048, -0.2913, 579.0993, -0.0216], abs=5e-4)
    assert (found.loglik, found.aic) == pytest.approx((-101.20, 212.40), abs=1e-2)
    assert found.scale == pytest.approx(0.4566, abs=1e-4)


def test_wholesale_prices_as_stata_has_them():
    found = estimate(column("statsmodels_refs/wpi1.csv", "wpi"), Orders((1, 1, 1), trend="c"))
    assert [*found.lags, *found.trend] == pytest.approx([0.8742288, -0.4120458, 0.7498197], abs=1e-4)
    assert np.sqrt(found.scale) == pytest.approx(0.7250436, abs=1e-4)
    assert (found.loglik, found.aic, found.bic) == pytest.approx((-135.35131, 278.7026, 289.9514), abs=1e-3)


def test_the_logarithm_of_wholesale_prices_with_errors_of_one_and_four_quarters_as_stata_has_it(either_way):
    orders = Orders((1, 1, 4), trend="c", ma=(1, 4))
    found = estimate(np.log(STATA.wpi1_data), orders)
    assert [*found.lags, *found.trend] == pytest.approx([0.7806991, -0.3990039, 0.3090813, 0.0110493], abs=5e-4)
    assert (found.loglik, found.aic) == pytest.approx((386.03357, -762.0671), abs=1e-3)
    assert (found.names, str(orders)) == (("intercept", "ar.L1", "ma.L1", "ma.L4"), "(1, 1, [1, 4]) with a constant")


def test_three_past_changes_of_wholesale_prices_as_stata_has_them():
    found, stata = estimate(np.array(STATA.wpi1_data), Orders((3, 1, 0))), STATA.wpi1_ar3
    assert found.lags == pytest.approx(stata["params_ar"], abs=1e-6)
    assert found.errors == pytest.approx(stata["se_ar"], abs=1e-6)
    assert found.scale == pytest.approx(stata["params_variance"][0], abs=1e-6)
    assert (found.loglik, found.aic, found.bic) == pytest.approx((-136.21782, 280.43565, 291.68438), abs=1e-4)


def test_consumption_regressed_on_money_as_stata_has_it(either_way):
    consumption, money = (np.array(STATA.friedman2_data[name]) for name in ("consump", "m2"))
    found, stata = estimate(consumption, Orders((1, 0, 1), trend="c"), beside=money[None]), STATA.friedman2_mle
    assert [*found.beside, *found.lags] == pytest.approx([1.122029, 0.9348486, 0.3090592], abs=5e-4)
    assert found.errors[1:] == pytest.approx([0.0324069, 0.039903, 0.1125186], abs=1e-4)
    assert found.trend == pytest.approx([-36.09872], abs=0.03)  # Stata stopped on the way: the next test
    assert found.loglik == pytest.approx(stata["loglike"], abs=1e-4)
    assert found.loglik >= stata["loglike"]
    assert (found.aic, found.bic) == pytest.approx((stata["aic"], stata["bic"]), abs=1e-3)
    assert np.sqrt(found.scale) == pytest.approx(9.655308, rel=5e-4)


def test_stata_stops_on_the_way_up_the_same_likelihood_of_consumption_and_money(either_way):
    consumption, money = (np.array(STATA.friedman2_data[name]) for name in ("consump", "m2"))
    found, stata = estimate(consumption, Orders((1, 0, 1), trend="c"), beside=money[None]), STATA.friedman2_mle
    third = SARIMAX(consumption, np.column_stack([np.ones(len(money)), money]), order=(1, 0, 1))
    ours = np.r_[found.trend, found.beside, found.lags, found.scale]
    blocks = ("params_exog", "params_ar", "params_ma", "params_variance")
    theirs = np.concatenate([stata[block] for block in blocks])
    there, here = third.loglike(theirs), third.loglike(ours)
    assert there == pytest.approx(stata["loglike"], abs=1e-5)  # what Stata printed, to its last digit: no other model
    assert here == pytest.approx(found.loglik, abs=1e-6)
    assert 1e-6 < here - there < 1e-5
    slopes = [np.abs(approx_fprime(point, third.loglike, centered=True)).max() for point in (theirs, ours)]
    assert slopes[0] > 100 * slopes[1]


def test_consumption_is_forecast_from_money_as_stata_does(either_way):
    consumption, money = (np.array(STATA.friedman2_data[name]) for name in ("consump", "m2"))
    known = len(consumption) - 15
    found = estimate(consumption[:known], Orders((1, 0, 1), trend="c"), beside=money[None, :known])
    point, _ = forecast(found, consumption[:known], 15, money[None])
    assert point == pytest.approx(STATA.friedman2_forecast[known:], abs=0.01)
    said, _ = one_step(found, consumption[:known], money[None, :known])
    assert said == pytest.approx(STATA.friedman2_prediction[:known], abs=0.01)


def test_conditional_least_squares_are_those_of_r():
    found = estimate(np.log10(AIR), AIRLINE, exact=False)
    assert found.lags == pytest.approx([-0.3772, -0.5724], abs=1e-4)
    assert np.isnan(found.aicc)  # the values it takes for given are in no likelihood


@pytest.mark.parametrize(
    "orders",
    [
        AIRLINE,
        Orders((2, 1, 1), (0, 1, 0, 12)),
        Orders((1, 0, 2), trend="c"),
        Orders((1, 1, 0), (1, 1, 0, 12), "c"),
        Orders((0, 1, 0), (0, 1, 0, 12)),
    ],
)
@pytest.mark.parametrize("gaps", [[], [3, 40, 41, 120]])
def test_forecasts_and_distances_are_those_of_the_state_space(orders, gaps, either_way):
    values = np.log(AIR)
    found = estimate(values, orders)
    values[gaps] = np.nan
    oracle = SARIMAX(
        values, order=orders.order, seasonal_order=orders.seasonal, trend=orders.trend, concentrate_scale=True,
        use_exact_diffuse=True,
    ).filter(found.parameters)  # fmt: skip
    ahead = oracle.get_forecast(24)
    point, spread = forecast(found, values, 24)
    assert point == pytest.approx(ahead.predicted_mean, abs=1e-8)
    assert spread / spread[0] == pytest.approx(ahead.se_mean / ahead.se_mean[0], rel=1e-6)
    settled = slice(orders.lost + len(gaps), None)
    assert one_step(found, values)[0][settled] == pytest.approx(oracle.fittedvalues[settled], abs=1e-7)


def test_the_kernels_run_without_being_compiled_first():
    innovations.rehearse()


def test_what_nothing_is_left_of_is_a_lesson():
    with pytest.raises(Lesson, match="all the same"):
        estimate(np.arange(50.0), Orders((0, 1, 1)))
