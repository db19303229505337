"""Exponential smoothing chosen by itself: the best of fifteen ETS forms by AICc. Knows no other forecaster.

Hyndman and Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, chapter 8; statsmodels fits each form.
Forms whose errors add while their season multiplies are left out, as there: their variance has no finite value.
"""

from __future__ import annotations

import itertools
import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from engine.errors import Lesson
from engine.forecasters.smoothing import whole
from engine.forecasting import Forecaster
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series
from engine.saying import say

LONGEST = 3_000
"""Values fitted on: what is older has lost its weight, and a fit takes its time from how many there are."""
ESTIMATED_UP_TO = 24
"""Steps of a season whose first state is estimated too; of longer ones it is taken from the first seasons."""


class Form(NamedTuple):
    """error and season: "add" or "mul", season None for none; trend "add" or None."""

    error: str
    trend: str | None
    damped: bool
    season: str | None


@dataclass(frozen=True)
class FittedETS:
    """start: how many values before those it was fitted on. parameters: as statsmodels has them, first states last."""

    form: Form
    start: int
    period: int
    method: str
    parameters: Numbers

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:  # noqa: ARG002
        """The states run through the history with everything fixed, then on without errors."""
        model = _model(whole(history)[self.start :], self.form, self.period, self.method)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            point = np.asarray(model.smooth(self.parameters).forecast(horizon), np.float64)
        return Forecast(history.index[-1], history.future(horizon), point)


def forms(values: Numbers, period: int) -> Iterator[Form]:
    """The forms that suit: products only for values above zero, a season only where two of them are there."""
    trends = ((None, False), ("add", False), ("add", True))
    seasons: tuple[str | None, ...] = (None, "add", "mul") if 1 < period <= len(values) // 2 else (None,)
    for error, (trend, damped), season in itertools.product(("add", "mul"), trends, seasons):
        positive = bool(values.min() > 0)
        if (error == "add" and season != "mul") or (error == "mul" and positive):
            yield Form(error, trend, damped, season)


def fit(history: Series, horizon: int, seed: int) -> FittedETS:  # noqa: ARG001
    """The form of lowest AICc with its first states read off the beginning; then those are estimated with the rest."""
    values = whole(history)[-LONGEST:]
    start, period = len(history) - len(values), history.period
    suited, found = list(forms(values, period)), []
    for done, form in enumerate(suited, 1):
        result = _fit(values, form, period, "heuristic")
        if result and math.isfinite(result.aicc):
            found.append((result.aicc, form, result))
        say(done, len(suited) + 1)  # one is fitted once more at the end
    if not found:
        raise Lesson(
            f"No form of exponential smoothing could be fitted to {len(values)} values of “{history.name}”.",
            "It needs some ten values that differ.",
            "Begin later, or leave ETS out.",
        )
    _, form, result = min(found, key=lambda one: one[0])
    method = "heuristic"
    if form.season is None or period <= ESTIMATED_UP_TO:
        refined = _fit(values, form, period, "estimated")
        if refined and refined.llf >= result.llf:
            method, result = "estimated", refined
    return FittedETS(form, start, period, method, np.asarray(result.params, np.float64))


def _model(values: Numbers, form: Form, period: int, method: str) -> Any:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    return ETSModel(
        values,
        error=form.error,
        trend=form.trend,
        damped_trend=form.damped,
        seasonal=form.season,
        seasonal_periods=period if form.season else None,
        initialization_method=method,
    )


def _fit(values: Numbers, form: Form, period: int, method: str) -> Any:
    """statsmodels' result, or None where the form cannot be fitted to so few values."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # a form that does not converge is not chosen
        try:
            return _model(values, form, period, method).fit(disp=False)
        except (ValueError, np.linalg.LinAlgError, ZeroDivisionError):
            return None


FORECASTERS = (
    Forecaster("ets", "ETS", "Level, trend and season, smoothed; which of them, and whether they add or multiply, "
               "is chosen by AICc.", fit, light=True, order=10, needs=("statsmodels.tsa.exponential_smoothing.ets",)),
)  # fmt: skip
