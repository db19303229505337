"""A SARIMA's exact maximum likelihood: parameters, their standard errors, and what the fit is worth. Knows no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.estimating.orders import Floats, Orders
from engine.estimating.possible import check_values
from engine.estimating.squares import Lowest, Squares, descend, slope_and_bend
from engine.estimating.starting import starts

STEEPEST = 1e-5  # slope of the loss, per value, at which it counts as a minimum
NUDGE = 1e-5


@dataclass(frozen=True)
class Estimate:
    """What was found. In the unit of the values it was found on, transformed where a transform was asked for.

    lags: (k,), the coefficients of past values and errors, named by orders.names after the trend's. trend: the
    constant (and slope) of the differenced values. scale: the variance of the errors. count: how many values entered
    the likelihood. covariance: of `trend` and `lags`; NaN where the likelihood has no peak there.
    """

    orders: Orders
    lags: Floats
    trend: Floats
    covariance: Floats
    scale: float
    loglik: float
    count: int
    converged: bool
    how: str
    """How it was checked that this is the maximum, in a sentence."""

    @cached_property
    def parameters(self) -> Floats:
        """As statsmodels has them, in the order of `orders.names`: its intercept is the mean times phi(1) Phi(1)."""
        return np.concatenate([_intercepts(self.orders, self.trend, self.lags), self.lags])

    @cached_property
    def errors(self) -> Floats:
        """Standard errors of `parameters`, from the curvature of the log-likelihood; NaN where it has no peak."""
        c = len(self.trend)
        slopes = np.eye(len(self.covariance))
        for position, value in enumerate(np.concatenate([self.trend, self.lags])):
            nudge = np.zeros(len(slopes))
            nudge[position] = NUDGE * max(1.0, abs(value))
            ends = [np.concatenate([self.trend, self.lags]) + sign * nudge for sign in (1, -1)]
            rise = np.subtract(*(_intercepts(self.orders, end[:c], end[c:]) for end in ends))
            slopes[:c, position] = rise / (2 * nudge[position])
        with np.errstate(invalid="ignore"):
            return np.asarray(np.sqrt(np.diag(slopes @ self.covariance @ slopes.T)))

    @property
    def aic(self) -> float:
        return self._criteria[0]

    @property
    def aicc(self) -> float:
        """Infinite where there are hardly more values than parameters."""
        return self._criteria[1]

    @property
    def bic(self) -> float:
        return self._criteria[2]

    @property
    def _criteria(self) -> tuple[float, float, float]:
        return criteria(self.loglik, self.orders.estimated + 1, self.count)


@dataclass(frozen=True)
class Peak:
    """The highest point of the likelihood that was found, not yet measured. ways: from each start, the best first."""

    squares: Squares
    ways: tuple[Lowest, ...]
    level: float
    deviation: float

    @property
    def point(self) -> Floats:
        """Unconstrained (k,)."""
        return self.ways[0].point

    @property
    def orders(self) -> Orders:
        return self.squares.orders

    @property
    def loglik(self) -> float:
        return -self.squares.count * (self.ways[0].loss + float(np.log(self.deviation)))

    @property
    def aicc(self) -> float:
        return criteria(self.loglik, self.orders.estimated + 1, self.squares.count)[1]


def criteria(loglik: float, known: int, count: int) -> tuple[float, float, float]:
    """AIC, AICc and BIC; known: parameters with the error variance. AICc is infinite where few values are left."""
    aic, spare = -2 * loglik + 2 * known, count - known - 1
    aicc = aic + 2 * known * (known + 1) / spare if spare > 0 else float("inf")
    return aic, aicc, -2 * loglik + float(np.log(count)) * known


def estimate(values: Floats, orders: Orders, begin: Sequence[Floats] = ()) -> Estimate:
    """values: (n,), transformed, NaN where missing. begin: unconstrained starts beside those it finds itself.

    Raises Lesson where the values cannot be explained by these orders.
    """
    check_values(values, orders)
    return measured(climb(values, orders, begin))


def climb(values: Floats, orders: Orders, begin: Sequence[Floats] = (), own: int = 2, **how: float) -> Peak:
    """Up the likelihood from every start of `begin` and `own` starts beside; how: as squares.descend takes it."""
    changes = orders.difference(values)
    level = float(np.nanmean(values)) if orders.trend != "n" or orders.lost else 0.0
    deviation = float(np.nanstd(changes if orders.lost else values - level)) or 1.0
    scaled = (values - level) / deviation
    squares = Squares(scaled, orders, orders.trend_columns(len(values)))
    found = starts(orders.difference(scaled), orders)[:own] if own else []
    ways = [descend(squares, start, **how) for start in [*begin, *found]]  # type: ignore[arg-type]
    return Peak(squares, tuple(sorted(ways, key=lambda way: way.loss)), level, deviation)


def measured(peak: Peak) -> Estimate:
    """The peak in the unit of the values, with its slopes and its curvature."""
    squares, orders, point = peak.squares, peak.orders, peak.point
    gradient, bend = slope_and_bend(squares, point) if len(point) else (np.zeros(0), np.zeros((0, 0)))
    found, trend = squares.at(point[None])
    white, logs = squares.whiten(point[None])
    scale = float((found[0] @ found[0]) / np.exp(logs[0]) / squares.count)
    curved = bool(np.linalg.eigvalsh(bend).min(initial=1.0) > 0)
    steepest = float(np.abs(gradient).max(initial=0.0))
    covariance = np.full((orders.estimated, orders.estimated), np.nan)
    if curved:
        covariance = _covariance(squares, point, squares.count * bend, scale, white[0, 1:])
    unit = np.r_[np.full(orders.trends, peak.deviation), np.ones(orders.lags)]
    level = np.zeros(orders.trends)
    level[:1] = 0.0 if orders.lost else peak.level
    return Estimate(
        orders, orders.constrain(point), trend[0] * peak.deviation + level, covariance * np.outer(unit, unit),
        scale * peak.deviation**2, peak.loglik, squares.count, steepest <= STEEPEST,
        _sentence(steepest, curved, peak.ways),
    )  # fmt: skip


def _covariance(squares: Squares, point: Floats, information: Floats, scale: float, beside: Floats) -> Floats:
    """Of trend and lags: the inverse of the joint information, from that of the lags with the trend at its best."""
    orders, k = squares.orders, len(point)
    nudges = NUDGE * np.vstack([np.eye(k), -np.eye(k)])
    _, trends = squares.at(point + nudges) if k else (None, np.zeros((0, orders.trends)))
    along = (trends[:k] - trends[k:]).T / (2 * NUDGE)  # (c, k), how the trend follows the lags
    lags = np.array([orders.constrain(point + nudge) for nudge in nudges]).reshape(2 * k, k)
    slopes = np.vstack([along, (lags[:k] - lags[k:]).T / (2 * NUDGE)])
    found: Floats = slopes @ np.linalg.inv(information) @ slopes.T
    found[: orders.trends, : orders.trends] += scale * np.linalg.inv(beside @ beside.T)
    return found


def _intercepts(orders: Orders, trend: Floats, lags: Floats) -> Floats:
    """phi(B) Phi(B^m) applied to trend[0] + trend[1] (t - 1): statsmodels counts t from 1."""
    if not orders.trends:
        return trend
    ar = orders.polynomials(lags)[0]
    constant = trend[0] * ar.sum()
    if orders.trends == 1:
        return np.array([constant])
    drift = trend[1] * ar.sum()
    return np.array([constant - drift - trend[1] * (np.arange(len(ar)) @ ar), drift])


def _sentence(steepest: float, peak: bool, ways: Sequence[Lowest]) -> str:
    best = min(way.loss for way in ways)
    same = sum(way.loss < best + 1e-6 for way in ways)
    bend = "it bends downwards in every direction" if peak else "it does not bend downwards in every direction"
    return (
        f"The steepest slope of the log-likelihood per value is {steepest:.1e} (at most {STEEPEST:.0e} counts as a "
        f"maximum), and {bend}; {same} of {len(ways)} starts ended there."
    )
