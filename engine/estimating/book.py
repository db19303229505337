"""Book mode: SARIMA as Hands-On Machine Learning, 3rd edition, chapter 15 runs it, beside exact maximum likelihood.

There statsmodels' defaults are fitted anew for every day on raw units, where its optimiser stops almost at its start
and says that it converged (its prior variance of 1e6 is small beside squares of 2.5e11). Offered by name only.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np

from engine.estimating.ahead import forecast
from engine.estimating.estimate import estimate
from engine.estimating.orders import Floats, Orders

RIDERSHIP = Orders((1, 0, 0), (0, 1, 1, 7))
"""The chapter's orders. Its history begins on 2019-01-01, its 92 days of forecasts on 2019-03-01."""
PUBLISHED = 32_040.72
"""The chapter's mean absolute error over those days, of rail boardings."""


def as_in_the_book(values: Floats, first: int, orders: Orders = RIDERSHIP) -> Floats:
    """The forecast of each value from `first` on, (n - first,), by statsmodels' defaults on the values before it."""
    from statsmodels.tsa.arima.model import ARIMA

    def next_value(past: Floats) -> float:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ARIMA(past, order=orders.order, seasonal_order=orders.seasonal).fit()
        return float(found.forecast()[0])

    return _rolled(values, first, next_value)


def by_exact_likelihood(values: Floats, first: int, orders: Orders = RIDERSHIP) -> Floats:
    """The same days, fitted anew as often, but to the maximum."""

    def next_value(past: Floats) -> float:
        return float(forecast(estimate(past, orders), past, 1)[0][0])

    return _rolled(values, first, next_value)


def _rolled(values: Floats, first: int, next_value: Callable[[Floats], float]) -> Floats:
    return np.array([next_value(values[:origin]) for origin in range(first, len(values))])
