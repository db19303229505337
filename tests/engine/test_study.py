"""What a study of a series by SARIMA says, by independent oracles, and how it is asked, followed and ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.stats.diagnostic import acorr_ljungbox
from statsmodels.tsa.arima_process import ArmaProcess
from statsmodels.tsa.stattools import acf

from engine.errors import Lesson
from engine.estimating.answer import answer, work
from engine.estimating.book import PUBLISHED, by_exact_likelihood
from engine.estimating.diagnostics import diagnose
from engine.estimating.equation import equation
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.estimating.study import Asked, place, study
from engine.estimating.walking import walk
from engine.estimating.weights import pi_weights, psi_weights
from engine.samples import sample
from tests.makers import SHARED, wave
from tests.workers import until

AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12))
AIR = sample("AirPassengers")
RIDERSHIP = SHARED / "ageron_data" / "CTA_-_Ridership_-_Daily_Boarding_Totals.csv"


def test_weights_are_those_of_statsmodels_process():
    orders, lags = Orders((2, 0, 1)), np.array([0.5, -0.3, 0.4])
    process = ArmaProcess([1, -0.5, 0.3], [1, 0.4])
    assert psi_weights(orders, lags, 12) == pytest.approx(process.arma2ma(13)[1:])
    assert pi_weights(orders, lags, 12) == pytest.approx(-process.arma2ar(13)[1:])


def test_pi_weights_make_the_forecast_of_a_long_past():
    values = np.log(AIR.values)
    found = estimate(values, AIRLINE)
    weights = pi_weights(AIRLINE, found.lags, 143)
    from engine.estimating.ahead import forecast

    assert weights @ values[::-1][:143] == pytest.approx(forecast(found, values, 1)[0][0], abs=2e-3)
    assert weights.sum() == pytest.approx(1, abs=2e-3)  # a level added to the past is added to the forecast


def test_diagnostics_are_those_of_statsmodels_and_scipy():
    errors = np.random.default_rng(3).normal(size=200)
    found = diagnose(errors, 2, 12)
    assert found.autocorrelation == pytest.approx(acf(errors, nlags=12, fft=False)[1:])
    theirs = acorr_ljungbox(errors - errors.mean(), lags=12, model_df=2)["lb_pvalue"].to_numpy()
    assert found.p_values[2:] == pytest.approx(theirs[2:])
    assert np.isnan(found.p_values[:2]).all()
    assert stats.pearsonr(found.normal, found.sorted)[0] > 0.99


def test_the_walk_is_the_filter_step_by_step():
    values = np.log(AIR.values)
    values[70] = np.nan
    found = estimate(values, AIRLINE)
    steps = walk(found, values)
    assert steps.predicted.shape == (144, len(steps.names))
    assert steps.names[:2] == ("level", "season 1")
    known = np.isfinite(steps.gain[:, 0]) & np.isfinite(steps.innovation)
    moved = steps.predicted + steps.gain * steps.innovation[:, None]
    assert steps.updated[known] == pytest.approx(moved[known], abs=1e-9)
    assert steps.updated[70] == pytest.approx(steps.predicted[70])
    assert values[known] - steps.expected[known] == pytest.approx(steps.innovation[known])
    assert known[:13].sum() == 0  # the level and the season are still unknown
    assert np.mean(steps.innovation[known] ** 2 / steps.variance[known]) == pytest.approx(1, abs=0.02)


def test_a_state_too_long_to_record_is_not_walked():
    values = np.random.default_rng(0).normal(size=4000).cumsum()
    assert walk(estimate(values, Orders((0, 1, 1), (0, 1, 1, 48))), values) is None


@pytest.mark.parametrize(
    ("orders", "lags", "words"),
    [
        (AIRLINE, [-0.4018, -0.5569], [r"(1 - B)(1 - B^{12})y_t", r"1 - 0.4018\,B", r"1 - 0.5569\,B^{12}"]),
        (Orders((2, 0, 0), trend="c"), [1.2, -0.6], [r"1 - 1.2\,B + 0.6\,B^{2}", r"y_t - 50"]),
    ],
)
def test_the_equation_holds_the_numbers(orders, lags, words):
    found = estimate(AIR.values, orders)
    lags, trend = np.array(lags), np.full(orders.trends, 50.0)
    written = equation(type(found)(**{**vars_of(found), "lags": lags, "trend": trend}))[1]
    assert all(word in written for word in words)


def vars_of(found):
    return {name: getattr(found, name) for name in found.__dataclass_fields__}


def test_a_study_is_worked_out_and_kept():
    asked = Asked(auto=False, transform="log", horizon=6)
    made = study(AIR, asked)
    assert made.found() is None
    work(made)
    said, arrays = made.found()
    assert said["report"]["coefficients"] == pytest.approx({"ma.L1": -0.4018, "ma.S.L12": -0.5569}, abs=1e-4)
    assert arrays["point"].shape == (6,)
    assert (arrays["low"] < arrays["point"]).all()
    assert arrays["roots/ma"].shape == (2, 1)
    assert study(AIR, asked).folder == made.folder == place(AIR, asked)


def test_a_study_that_cannot_be_is_a_lesson():
    made = study(wave(20), Asked(auto=False, order=(5, 1, 5)))
    work(made)
    with pytest.raises(Lesson, match="needs at least"):
        made.found()


def test_a_search_that_is_stopped_gives_the_best_so_far():
    made = study(AIR, Asked(transform="log"))
    made.cancel()
    work(made)
    said, _ = made.found()
    assert 1 <= len(said["tried"]) < 10
    assert made.going()["tried"] == len(said["tried"])
    assert said["stopped"]
    made.start()
    until(lambda: not made.alive())
    whole, _ = made.found()
    assert len(whole["tried"]) > len(said["tried"])
    assert not whole["stopped"]


def test_a_process_of_its_own_answers():
    made = study(wave(60, freq="YS"), Asked(auto=False, order=(1, 0, 0)))
    made.start()
    until(lambda: not made.alive())
    assert made.found(), (made.folder / "said.txt").read_text()


def test_gaps_are_answered_too():
    values = AIR.values.copy()
    values[[20, 60]] = np.nan
    series = type(AIR)("gaps", AIR.index, values)
    found = estimate(values, AIRLINE)
    said, arrays = answer(found, Asked(auto=False), series, values, [])
    assert np.isfinite(arrays["point"]).all()
    assert said["report"]["count"] == 129


@pytest.mark.skipif(not RIDERSHIP.exists(), reason=f"The ridership file is not here: {RIDERSHIP}")
def test_exact_likelihood_on_the_books_days_is_worse_than_the_early_stop_it_printed():
    table = pd.read_csv(RIDERSHIP, parse_dates=["service_date"]).drop_duplicates().sort_values("service_date")
    rail = table.set_index("service_date")["rail_boardings"].loc["2019-01-01":"2019-05-31"].to_numpy(float)
    error = np.abs(by_exact_likelihood(rail, 59) - rail[59:]).mean()
    assert error == pytest.approx(36_755, abs=25)
    assert error > PUBLISHED
