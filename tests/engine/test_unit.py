"""Whether a series is looked at as it is or by its logarithm. Run: pytest tests/engine/test_unit.py"""

from __future__ import annotations

import numpy as np
import pytest

from engine.estimating.unit import unit
from engine.forecasting import forecaster
from engine.kernels import path
from engine.nouns.series import Series
from engine.samples import sample

AIR = sample("AirPassengers")
STEPS = np.arange(96)


@pytest.fixture(autouse=True)
def _compiled(monkeypatch):
    monkeypatch.setattr(path, "ready", lambda: True)


def grown(by, seed=0):
    """A level of a season and a walk, whose swings grow with it or do not."""
    noise = 0.05 * np.random.default_rng(seed).normal(size=len(STEPS)).cumsum()
    return by(0.02 * STEPS + 0.3 * np.sin(2 * np.pi * STEPS / 12) + noise)


@pytest.mark.parametrize("power", [-6, 0, 6])
def test_swings_that_grow_with_the_level_are_seen_by_the_logarithm_in_any_unit(power):
    assert unit(grown(np.exp) * 10.0**power, 12) == "log"
    assert unit((5 + grown(lambda x: x)) * 10.0**power, 12) == "none"


@pytest.mark.parametrize(
    "values", [np.arange(60.0), np.full(60, 5.0), 1.0 + np.arange(60.0), np.array([1.0, 2.0, 4.0])]
)
def test_what_has_no_logarithm_no_error_or_too_few_values_stays_as_it_is(values):
    assert unit(values, 12) == "none"


def test_the_searching_forecaster_takes_it_and_gives_its_forecasts_in_the_unit_of_the_series():
    history = Series(AIR.name, AIR.index[:-24], AIR.values[:-24])
    fitted = forecaster("auto_sarima").fit(history, 24, 0)
    said, scaled = fitted.forecast(history, 24, [90.0]), Series(AIR.name, history.index, history.values * 1e6)
    assert fitted.transform == "log"
    assert np.abs(said.point / AIR.values[-24:] - 1).mean() < 0.1
    low, high = said.intervals[90.0]
    assert (high - said.point > said.point - low).all()  # the median lies nearer to the lower end
    again = forecaster("auto_sarima").fit(scaled, 24, 0).forecast(scaled, 24)
    assert again.point == pytest.approx(said.point * 1e6, rel=1e-3)
