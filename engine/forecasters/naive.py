"""The lines every model has to beat: last value, seasonal naive, drift, and drift with a season. They learn nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.errors import Lesson
from engine.forecasting import Forecaster
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series

Line = Callable[[Series, int], Numbers]


@dataclass(frozen=True)
class Naive:
    """A formula on the history alone; what it was fitted on does not matter."""

    line: Line

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:  # noqa: ARG002
        """The line's points; it has no intervals of its own."""
        return Forecast(history.index[-1], history.future(horizon), self.line(history, horizon))


def last_value(history: Series, horizon: int) -> Numbers:
    """y_n, h times."""
    return np.full(horizon, _known(history)[-1])


def seasonal(history: Series, horizon: int) -> Numbers:
    """The last season again and again; a missing value of it is taken from the season before."""
    m = history.period
    filled = history.values.copy()
    for position in range(m, len(filled)):
        if np.isnan(filled[position]):
            filled[position] = filled[position - m]
    if len(filled) < m or np.isnan(filled[-m:]).any():
        raise Lesson(
            f"“{history.name}” has {len(filled)} values so far, and not one of every part of a season of {m}.",
            "The seasonal naive line repeats the last season.",
            "Begin later, or fill what is missing.",
        )
    return np.resize(filled[-m:], horizon)


def drift(history: Series, horizon: int) -> Numbers:
    """The straight line through the first value and the last, prolonged."""
    known = np.flatnonzero(np.isfinite(history.values))
    first, last = history.values[known[0]], _known(history)[-1]
    slope = (last - first) / max(1, known[-1] - known[0])
    beyond = np.arange(1, horizon + 1) + len(history) - 1 - known[-1]
    return np.asarray(last + slope * beyond)


def seasonal_drift(history: Series, horizon: int) -> Numbers:
    """Drift and seasonal naive together: their sum less the last value."""
    return np.asarray(drift(history, horizon) + seasonal(history, horizon) - _known(history)[-1])


def _known(history: Series) -> Numbers:
    known: Numbers = history.values[np.isfinite(history.values)]
    if not len(known):
        raise Lesson(f"“{history.name}” has no value so far.", "A forecast needs a past.", "Begin later.")
    return known


def _forecaster(name: str, title: str, sentence: str, line: Line, order: int) -> Forecaster:
    def fit(history: Series, horizon: int, seed: int) -> Naive:  # noqa: ARG001
        return Naive(line)

    return Forecaster(name, title, sentence, fit, light=True, naive=True, order=order)


FORECASTERS = (
    _forecaster("last_value", "Last value", "Tomorrow is like today.", last_value, 1),
    _forecaster("seasonal_naive", "Seasonal naive", "This season is like the last one.", seasonal, 2),
    _forecaster("drift", "Drift", "It goes on as straight as from its first value to its last.", drift, 3),
    _forecaster(
        "seasonal_drift", "Drift + seasonal naive", "The last season again, lifted by the drift.", seasonal_drift, 4
    ),
)
