"""The forecasters that learn little: lines by hand, Theta and ETS as statsmodels itself forecasts."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.tsa.forecasting.theta import ThetaModel

from engine.errors import Lesson
from engine.forecasters.ets import _model
from engine.forecasting import forecaster, forecasters
from engine.nouns.past import past
from engine.nouns.series import Series
from engine.samples import sample
from engine.saying import heard
from tests.makers import accompanied, wave

ROOT = Path(__file__).resolve().parents[2]
BASELINES = ("last_value", "seasonal_naive", "drift", "seasonal_drift", "ets", "theta")


def say(name, history, horizon):
    return forecaster(name).fit(history, horizon, 0).forecast(history, horizon)


def test_drift_with_a_season_on_the_last_36_months_of_airpassengers_has_the_published_error():
    series = sample("AirPassengers")
    truth, point = series.values[-36:], say("seasonal_drift", past(series, len(series) - 36, 36), 36).point
    assert 100 * np.mean(np.abs(truth - point) / truth) == pytest.approx(5.6608, abs=5e-5)


def test_the_lines_are_what_their_names_say():
    history = Series("x", pd.date_range("2020-01-01", periods=6, freq="QS"), np.array([1.0, 2, 3, 5, 4, 6]))
    assert say("last_value", history, 3).point.tolist() == [6, 6, 6]
    assert say("seasonal_naive", history, 5).point.tolist() == [3, 5, 4, 6, 3]
    assert say("drift", history, 2).point.tolist() == [7, 8]
    assert say("seasonal_drift", history, 2).point.tolist() == [4, 7]


def test_missing_values_do_not_stop_the_lines():
    values = np.array([1.0, 2, 3, 4, 5, np.nan, 7, np.nan])
    history = Series("x", pd.date_range("2020-01-01", periods=8, freq="QS"), values)
    assert say("last_value", history, 1).point.tolist() == [7]
    assert say("seasonal_naive", history, 4).point.tolist() == [5, 2, 7, 4]
    assert say("drift", history, 1).point.tolist() == [9]


@pytest.mark.parametrize("name", ["airpassengers", "additive", "no season"])
def test_theta_is_the_one_of_statsmodels(name):
    random = np.random.default_rng(1)
    values = {
        "airpassengers": sample("AirPassengers").values,
        "additive": wave(96).values - 10,
        "no season": np.cumsum(random.normal(size=90)) + 50,
    }[name]
    history = Series("x", pd.date_range("2000-01-01", periods=len(values), freq="MS"), values)
    theirs = ThetaModel(values, period=12).fit().forecast(15)
    np.testing.assert_allclose(say("theta", history, 15).point, theirs, rtol=1e-9)


def test_ets_says_after_each_form_how_far_it_is():
    said = []
    with heard(lambda *part: said.append(part)):
        forecaster("ets").fit(sample("AirPassengers"), 12, 0)
    assert said == [(done, 16) for done in range(1, 16)]


def test_ets_goes_on_as_statsmodels_forecasts_and_finds_a_known_form():
    history = sample("AirPassengers")
    fitted = forecaster("ets").fit(history, 12, 0)
    assert fitted.form.season == "mul"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = _model(history.values, fitted.form, 12, fitted.method).fit(disp=False).forecast(12)
    np.testing.assert_allclose(fitted.forecast(history, 12).point, theirs, rtol=1e-9)


@pytest.mark.parametrize("name", BASELINES)
def test_a_fitted_one_goes_on_from_a_history_that_has_grown_and_learns_nothing_from_it(name):
    series = sample("AirPassengers")
    fitted = forecaster(name).fit(past(series, 120, 12), 12, 0)
    before = fitted.forecast(past(series, 120, 12), 12)
    later = fitted.forecast(past(series, 132, 12), 12)
    assert later.origin == series.index[131]
    assert later.index.equals(series.index[132:])
    again = fitted.forecast(past(series, 120, 12), 12)
    np.testing.assert_array_equal(again.point, before.point)
    assert not np.array_equal(later.point, before.point)


@pytest.mark.parametrize("name", ["ets", "theta"])
def test_smoothing_says_what_it_lacks(name):
    with pytest.raises(Lesson, match="missing"):
        say(name, Series("x", wave(40).index, np.where(np.arange(40) == 7, np.nan, wave(40).values)), 3)
    with pytest.raises(Lesson, match="so far"):
        say(name, past(wave(40), 3, 1), 1)


def test_a_name_that_is_no_forecaster_is_a_lesson():
    with pytest.raises(Lesson, match="The forecasters are"):
        forecaster("oracle")


def test_knowing_the_forecasters_loads_neither_torch_nor_statsmodels_nor_scipy():
    script = (
        "import sys; from engine.forecasting import forecasters; forecasters()\n"
        "sys.exit(str([m for m in ('torch', 'statsmodels', 'scipy', 'numba') if m in sys.modules] or ''))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""


def test_every_forecaster_is_called_and_described():
    for name, found in forecasters().items():
        assert found.name == name
        assert found.title
        assert found.sentence.endswith((".", "…"))


def test_a_past_ends_at_its_origin_save_what_is_known_ahead():
    series = accompanied(60, ahead=4)
    seen = past(series, 40, 3)
    table = seen.covariates.values
    assert len(seen) == 40
    np.testing.assert_array_equal(table[:, 0], series.covariates.values[:43, 0])
    assert np.isnan(table[40:, 1]).all()
    assert not np.shares_memory(seen.values, series.values)
    assert dataclasses.replace(seen, name="y").index.freq == series.index.freq
