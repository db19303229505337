"""SARIMA as forecasters: the airline model or any other order, and the order that a search finds. Fits exactly.

A seasonal part is dropped where the calendar has no season.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist

import numpy as np

from engine.errors import Lesson
from engine.estimating.ahead import forecast, one_step
from engine.estimating.estimate import Estimate, estimate
from engine.estimating.orders import NO_SEASON, Floats, Orders
from engine.estimating.search import Search
from engine.estimating.unit import unit
from engine.forecasting import Forecaster
from engine.nouns.forecast import Forecast
from engine.nouns.series import Series

AIRLINE = Orders((0, 1, 1), (0, 1, 1, 0))


@dataclass(frozen=True)
class FittedSarima:
    """An estimate with its transform, "none" or "log"; a longer history is filtered with the parameters fixed."""

    estimate: Estimate
    transform: str = "none"

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:
        """Expected values and Gaussian intervals; of a logarithm the median, since half lies on either side.

        The likelihood's error variance is too small by the parameters that were fitted to the same values; intervals
        take it over the values less the parameters, as R's forecast does.
        """
        point, spread = forecast(self.estimate, transformed(history, self.transform), horizon)
        spread = spread * np.sqrt(self.estimate.count / max(self.estimate.count - self.estimate.orders.estimated, 1))
        intervals = {level: self._interval(point, spread, level) for level in levels}
        return Forecast(history.index[-1], history.future(horizon), self._undone(point), intervals)

    def one_step(self, history: Series) -> Floats:
        """Every value's forecast from the values before it, (n,), in one pass; NaN for those the differences use up."""
        return self._undone(one_step(self.estimate, transformed(history, self.transform))[0])

    def _interval(self, point: Floats, spread: Floats, level: float) -> tuple[Floats, Floats]:
        reach = NormalDist().inv_cdf(0.5 + level / 200) * spread
        return self._undone(point - reach), self._undone(point + reach)

    def _undone(self, values: Floats) -> Floats:
        with np.errstate(over="ignore"):  # an interval without end
            return np.exp(values) if self.transform == "log" else values


def transformed(series: Series, transform: str) -> Floats:
    """The values as a SARIMA sees them. Raises Lesson where they have no logarithm."""
    if transform != "log":
        return np.array(series.values)
    if (series.values[np.isfinite(series.values)] <= 0).any():
        raise Lesson(
            f"The lowest value of “{series.name}” is {np.nanmin(series.values):g}.",
            "A logarithm needs values above zero.",
            "Choose the transform “none”.",
        )
    return np.log(series.values)


def automatic(values: Floats, period: int) -> str:
    """Whether a search had better look at the logarithm, "log", or not, "none". values: (n,), NaN where missing."""
    search = Search(values, period)
    return unit(search.whole, search.period)


def in_season(orders: Orders, period: int) -> Orders:
    """The orders with the calendar's season where they name none, and without a seasonal part where there is none."""
    P, D, Q, m = orders.seasonal
    m = m or period
    return replace(orders, seasonal=(P, D, Q, m) if m > 1 and (P or D or Q) else NO_SEASON)


def fit(orders: Orders, transform: str, history: Series, horizon: int, seed: int) -> FittedSarima:  # noqa: ARG001
    """Exact maximum likelihood. Raises Lesson where the history cannot carry the orders."""
    found = estimate(transformed(history, transform), in_season(orders, history.period))
    return FittedSarima(found, transform)


NEEDS = ("scipy.optimize", "scipy.signal", "statsmodels.tsa.innovations.arma_innovations", "engine.kernels.innovations")
"""Modules that estimating loads."""


def of_order(orders: Orders, transform: str = "none", name: str = "sarima") -> Forecaster:
    """A forecaster of given orders; a period of 0 takes the calendar's."""
    return Forecaster(
        name, f"SARIMA {orders}" if orders.seasonal[3] else "SARIMA",
        "A formula of past values, past errors and the season, found by exact maximum likelihood.",
        partial(fit, orders, transform), light=True, order=20, needs=NEEDS,
    )  # fmt: skip


def fit_automatic(thorough: bool, history: Series, horizon: int, seed: int) -> FittedSarima:  # noqa: ARG001
    """The order of lowest AICc that the search finds, fitted exactly, on the logarithm where that explains more."""
    transform = automatic(history.values, history.period)
    search = Search(transformed(history, transform), history.period, thorough)
    for _ in search.run():
        pass
    return FittedSarima(search.best(), transform)


FORECASTERS = (
    of_order(AIRLINE),
    Forecaster(
        "auto_sarima", "SARIMA, order searched",
        "Logarithm and differences by tests, then the orders of lowest AICc among some twenty to fifty, each fitted "
        "exactly.",
        partial(fit_automatic, False), order=21, needs=NEEDS,
    ),
)  # fmt: skip
