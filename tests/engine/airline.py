"""What SARIMA is tested on: the airline passengers, and an estimate in the unit of the values. Knows no test."""

from __future__ import annotations

import dataclasses

import numpy as np
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.contract import models
from engine.deciding import decide
from engine.estimating.descent import descend
from engine.estimating.likelihood import Likelihood
from engine.estimating.orders import Orders
from engine.nouns.series import Series
from engine.samples import sample

SARIMA = models()["sarima"]


def log_air() -> np.ndarray:
    return np.log(sample("AirPassengers").values)


@dataclasses.dataclass
class Estimate:
    """Parameters by name; the rest in the unit of the values. mean: of the values, as R reports it."""

    parameters: np.ndarray
    log_likelihood: float
    variance: float
    mean: float
    end: str


def estimate(values: np.ndarray, orders: Orders) -> Estimate:
    center, deviation = np.nanmean(values), np.nanstd(values)
    likelihood = Likelihood((values - center) / deviation, orders)
    *_, (point, end) = descend(likelihood, 100)
    count = np.count_nonzero(likelihood.terms(point.unconstrained))
    log_likelihood = -count * (point.loss + np.log(deviation))
    phi = point.parameters[1 : 1 + orders.order[0]] if orders.trend == "c" else np.zeros(1)
    mean = center + deviation * (point.parameters[0] / (1 - phi.sum()) if orders.trend == "c" else 0.0)
    exact = SARIMAX(
        (values - center) / deviation, order=orders.order, seasonal_order=orders.seasonal, trend=orders.trend,
        concentrate_scale=True,
    )  # fmt: skip
    variance = exact.filter(point.parameters).scale * deviation**2
    return Estimate(point.parameters, log_likelihood, variance, mean, end)


def air(**changes):
    series = sample("AirPassengers")
    return decide(series, "sarima", changes.pop("settings", {}), transform="log", **changes), series


def with_values(series: Series, values: np.ndarray) -> Series:
    return Series("changed", series.index, values)


def complete(run, series):
    return SARIMA.observe(run, series, list(SARIMA.fit(run, series)))


def same(one, other) -> bool:
    """To the bit, every field."""
    pairs = zip(dataclasses.asdict(one).values(), dataclasses.asdict(other).values(), strict=True)
    return all(same_value(a, b) for a, b in pairs)


def same_value(one, other) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return one.tobytes() == other.tobytes()
    return one == other or (one != one and other != other)
