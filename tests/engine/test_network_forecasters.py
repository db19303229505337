"""Networks as forecasters: they learn from a past alone, and are asked at any origin after it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine.errors import Lesson
from engine.forecasters.networks import FORECASTERS, best, fit
from engine.forecasting import forecasters
from engine.saying import alone, heard
from engine.strategies.plans import offered
from engine.training.loop import fit_network
from engine.training.model import network_of
from tests.makers import accompanied, small, wave

QUICK = {"updates": 30, "hidden": 4}


def cut(series, n):
    """The first n values, with what is known ahead of them."""
    beside = series.covariates
    if len(beside):
        values = np.array(beside.values[: n + len(beside.values) - len(series)])
        values[n:, [not known for known in beside.known]] = np.nan
        beside = dataclasses.replace(beside, values=values)
    return dataclasses.replace(series, index=series.index[:n], values=series.values[:n], covariates=beside)


@pytest.mark.parametrize("name", [one.name for one in FORECASTERS])
def test_every_network_forecasts_from_the_end_of_its_past_and_from_any_later_one(name):
    forecaster, series = forecasters()[name], wave(130, noise=0.05)
    fitted = forecaster.fit.func(*forecaster.fit.args, cut(series, 110), 6, 0, QUICK, window=12)
    for n in (110, 117, 130):
        told = fitted.forecast(cut(series, n), 6)
        assert told.origin == series.index[n - 1]
        assert list(told.index) == list(cut(series, n).future(6))
        assert np.isfinite(told.point).all()


@pytest.mark.parametrize("model", ["lstm", "cnn", "fnn", "seq2seq"])
def test_a_poisoned_future_changes_no_bit_of_fitting_or_forecasting(model):
    series = accompanied(150, ahead=6)
    poisoned = dataclasses.replace(series, values=np.where(np.arange(150) < 120, series.values, np.nan))
    for strategy in offered(model):
        found = [
            fit(model, strategy, cut(whole, 120), 4, 1, QUICK, window=12).forecast(cut(whole, 120), 4).point
            for whole in (series, poisoned)
        ]
        np.testing.assert_array_equal(*found)


def test_a_grown_history_changes_neither_weights_nor_scale():
    series = wave(140)
    fitted = fit("rnn", "direct", cut(series, 110), 3, 0, QUICK, window=12)
    other = dataclasses.replace(series, values=np.where(np.arange(140) < 125, series.values, 1e6))
    at_end = fitted.forecast(cut(series, 125), 3).point
    np.testing.assert_array_equal(fitted.forecast(cut(other, 125), 3).point, at_end)


def test_the_weights_kept_are_those_of_the_lowest_validation_on_the_end_of_the_past():
    series = wave(noise=0.5)
    run = small(series, "fnn", {"updates": 60})
    frames = list(fit_network(network_of("fnn"), run, series))
    measured = [frame for frame in frames if np.isfinite(frame.validation)]
    lowest = min(measured, key=lambda frame: frame.validation)
    np.testing.assert_array_equal(best(run, series), lowest.signals["weights"])


def test_the_seed_decides_and_a_past_too_short_is_refused():
    series = wave()
    points = [fit("rnn", "direct", series, 3, seed, QUICK).forecast(series, 3).point for seed in (0, 0, 1)]
    np.testing.assert_array_equal(points[0], points[1])
    assert not np.array_equal(points[0], points[2])
    with pytest.raises(Lesson, match="12 rows"):
        fit("lstm", "direct", wave(12), 6, 0)


def test_a_training_says_how_far_it_is_unless_it_is_a_part_of_other_work():
    said = []
    with heard(lambda *part: said.append(part)):
        fit("fnn", "direct", wave(), 3, 0, QUICK)
        assert said[0][0] == 1
        assert [part for part, _ in said] == sorted({part for part, _ in said})
        said.clear()
        with alone() as say:
            fit("fnn", "direct", wave(), 3, 0, QUICK)
            say(1, 2)
    assert said == [(1, 2)]
