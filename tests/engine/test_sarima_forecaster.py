"""SARIMA as a forecaster and as a command: fixed after the fit, and told in JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from engine.cli import app
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.forecasters.sarima import FittedSarima, of_order
from engine.forecasting import forecasters
from engine.nouns.series import Series
from engine.samples import sample
from tests.makers import wave

AIR = sample("AirPassengers")


def shortened(series: Series, length: int) -> Series:
    return Series(series.name, series.index[:length], series.values[:length])


def test_a_later_origin_is_filtered_with_the_parameters_of_the_fit():
    fitted = of_order(Orders((0, 1, 1), (0, 1, 1, 0)), "log").fit(shortened(AIR, 120), 12, 0)
    before = fitted.estimate
    ahead = fitted.forecast(shortened(AIR, 132), 1).point
    assert ahead == pytest.approx(fitted.one_step(AIR)[132:133], rel=1e-9)
    assert fitted.estimate is before
    assert fitted.estimate.orders.seasonal == (0, 1, 1, 12)


def test_intervals_lie_about_the_median_and_hold_their_share():
    fitted = of_order(Orders((0, 1, 1), (0, 1, 1, 12)), "log").fit(AIR, 12, 0)
    found = fitted.forecast(AIR, 24, [50.0, 90.0])
    (low, high), (narrow_low, narrow_high) = found.intervals[90.0], found.intervals[50.0]
    assert (low < narrow_low).all()
    assert (narrow_low < found.point).all()
    assert (found.point < narrow_high).all()
    assert (narrow_high < high).all()
    assert np.log(high / found.point) == pytest.approx(np.log(found.point / low))
    assert found.index[0].isoformat() == "1961-01-01T00:00:00"


def test_the_airline_model_is_offered_and_drops_the_season_where_there_is_none():
    chosen = forecasters()["sarima"]
    yearly = wave(60, freq="YS", period=7)
    fitted = chosen.fit(yearly, 3, 0)
    assert isinstance(fitted, FittedSarima)
    assert fitted.estimate.orders == Orders((0, 1, 1))
    assert fitted.forecast(yearly, 3).point.shape == (3,)


def said(*arguments):
    return CliRunner().invoke(app, ["sarima", *map(str, arguments)])


def test_the_command_prints_the_report_as_json():
    done = said("AirPassengers", "--order", "0,1,1", "--seasonal", "0,1,1,12", "--transform", "log", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert found["coefficients"] == pytest.approx({"ma.L1": -0.4018, "ma.S.L12": -0.5569}, abs=1e-4)
    assert found["standard_errors"] == pytest.approx({"ma.L1": 0.0896, "ma.S.L12": 0.0731}, abs=1e-4)
    assert (found["order"], found["seasonal"], found["converged"]) == ([0, 1, 1], [0, 1, 1, 12], True)
    assert "slope" in found["how"]
    assert found["loglik"] == pytest.approx(estimate(np.log(AIR.values), Orders((0, 1, 1), (0, 1, 1, 12))).loglik)


def test_the_command_prints_a_table_and_takes_the_season_from_the_calendar():
    done = said("AirPassengers", "--order", "1,0,0", "--seasonal", "0,1,1")
    assert done.exit_code == 0, done.output
    assert "ma.S.L12" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--order", "1,0"], "3 whole numbers"),
        (["--seasonal", "1,0,x"], "whole numbers"),
        (["--trend", "up"], "no trend"),
        (["--transform", "root"], "no transform"),
        (["--order", "12,0,0", "--seasonal", "1,0,0"], "whole season"),
        (["--order", "0,1,4", "--ma-lags", "4,1"], "rise from 1"),
        (["--method", "moments"], "no method"),
    ],
)
def test_what_makes_no_sense_is_a_lesson(arguments, words):
    done = said("AirPassengers", *arguments)
    assert done.exit_code == 1
    assert words in done.stderr


def test_the_command_leaves_lags_out_and_takes_conditional_least_squares_and_the_better_unit():
    done = said(
        "AirPassengers", "--order", "0,1,4", "--ma-lags", "1,4", "--method", "css", "--transform", "auto", "--json"
    )
    found = json.loads(done.stdout)
    assert (list(found["coefficients"]), found["aicc"], found["transform"]) == (["ma.L1", "ma.L4"], None, "log")


def test_the_command_searches_for_the_orders_and_says_what_it_tried():
    done = said("AirPassengers", "--auto", "--json")
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    assert (found["order"], found["seasonal"]) == ([2, 1, 1], [0, 1, 0, 12])  # R's auto.arima chooses this too
    assert found["aicc"] == pytest.approx(1018.17, abs=1e-2)
    assert len(found["tried"]) > 10
