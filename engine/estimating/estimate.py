"""A SARIMA's exact maximum likelihood: parameters, their standard errors, and what the fit is worth. Knows no file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.estimating.climbing import NOTHING, Peak, climb, criteria
from engine.estimating.orders import Floats, Orders
from engine.estimating.possible import check_beside, check_values
from engine.estimating.squares import Lowest, Squares, slope_and_bend

STEEPEST = 1e-5  # slope of the loss, per value, at which it counts as a minimum
NUDGE = 1e-5
EDGE = 20.0  # an unconstrained parameter further out stands for a root within .001 of the circle, where no peak is


@dataclass(frozen=True)
class Estimate:
    """What was found. In the unit of the values it was found on, transformed where a transform was asked for.

    lags: (k,), the coefficients of past values and errors, named by orders.lag_names. trend: the constant (and slope)
    of the differenced values. beside: (b,), the coefficients of the columns that the values were regressed on. scale:
    the variance of the errors. count: how many values entered the likelihood. covariance: of `trend`, `beside` and
    `lags`; NaN where the likelihood has no peak there. exact: whether that is the exact likelihood; else the values
    before the first explained one were taken for given, and no criterion compares it.
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
    beside: Floats = field(default_factory=lambda: np.empty(0))
    exact: bool = True

    @property
    def names(self) -> tuple[str, ...]:
        """Of `parameters`, as statsmodels names them."""
        beside = tuple(f"x{place}" for place in range(1, len(self.beside) + 1))
        return self.orders.trend_names + beside + self.orders.lag_names

    @property
    def estimated(self) -> int:
        """How many parameters there are, not counting the error variance."""
        return self.orders.estimated + len(self.beside)

    @cached_property
    def parameters(self) -> Floats:
        """As statsmodels has them, in the order of `names`: its intercept is the mean times phi(1) Phi(1)."""
        return np.concatenate([_intercepts(self.orders, self.trend, self.lags), self.beside, self.lags])

    @cached_property
    def errors(self) -> Floats:
        """Standard errors of `parameters`, from the curvature of the log-likelihood; NaN where it has no peak."""
        c, k = len(self.trend), len(self.lags)
        slopes, here = np.eye(len(self.covariance)), np.concatenate([self.trend, self.beside, self.lags])
        for position, value in enumerate(here):
            nudge = np.zeros(len(slopes))
            nudge[position] = NUDGE * max(1.0, abs(value))
            ends = [here + sign * nudge for sign in (1, -1)]
            rise = np.subtract(*(_intercepts(self.orders, end[:c], end[len(end) - k :]) for end in ends))
            slopes[:c, position] = rise / (2 * nudge[position])
        known = np.isfinite(np.diag(self.covariance))
        seen = slopes[:, known]
        found = np.sqrt(np.diag(seen @ self.covariance[np.ix_(known, known)] @ seen.T))
        return np.where((slopes[:, ~known] != 0).any(axis=1), np.nan, found)

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
        return criteria(self.loglik, self.estimated + 1, self.count) if self.exact else (float("nan"),) * 3


def estimate(
    values: Floats, orders: Orders, begin: Sequence[Floats] = (), beside: Floats = NOTHING, exact: bool = True
) -> Estimate:
    """values: (n,), transformed, NaN where missing. begin: unconstrained starts beside those it finds itself.

    beside: (b, n), columns that the values are regressed on, with the SARIMA for what is left. exact: by the exact
    likelihood, else by conditional least squares. Raises Lesson where the values cannot be explained by these orders.
    """
    check_values(values, orders)
    check_beside(values, beside, exact)
    return measured(climb(values, orders, begin, beside=beside, exact=exact))


def measured(peak: Peak) -> Estimate:
    """The peak in the unit of the values, with its slopes and its curvature."""
    squares, orders, point = peak.squares, peak.orders, peak.point
    gradient, bend = slope_and_bend(squares, point) if len(point) else (np.zeros(0), np.zeros((0, 0)))
    found, regression = squares.at(point[None])
    white, logs = squares.whiten(point[None])
    scale = float((found[0] @ found[0]) / np.exp(logs[0]) / squares.count)
    inside = np.abs(point) < EDGE
    curved = bool(np.linalg.eigvalsh(bend[np.ix_(inside, inside)]).min(initial=1.0) > 0)
    steepest = float(np.abs(gradient).max(initial=0.0))
    unit = np.r_[np.full(orders.trends, peak.deviation), peak.deviation / peak.reach, np.ones(orders.lags)]
    covariance = np.full((len(unit), len(unit)), np.nan)
    if curved:
        covariance = _covariance(squares, point, squares.count * bend, inside, scale, white[0, 1:])
    trend, beside = np.split(regression[0] * unit[: len(regression[0])], [orders.trends])
    level = np.zeros(orders.trends)
    level[:1] = 0.0 if orders.lost else peak.level
    return Estimate(
        orders, orders.constrain(point), trend + level, covariance * np.outer(unit, unit),
        scale * peak.deviation**2, peak.loglik, squares.count, steepest <= STEEPEST,
        _sentence(steepest, curved, int((~inside).sum()), peak.ways), beside, peak.exact,
    )  # fmt: skip


def _covariance(
    squares: Squares, point: Floats, information: Floats, inside: NDArray[np.bool_], scale: float, beside: Floats
) -> Floats:
    """Of trend, columns and lags: the inverse of their joint information, from that of the lags with the others best.

    inside: (k,), which lags have an error at all; the others are held where they are. beside: (c, n), whitened.
    """
    orders, k, c = squares.orders, len(point), len(beside)
    nudges = NUDGE * np.vstack([np.eye(k), -np.eye(k)])
    _, others = squares.at(point + nudges) if k else (None, np.zeros((0, c)))
    along = (others[:k] - others[k:]).T / (2 * NUDGE)  # (c, k), how they follow the lags
    lags = np.array([orders.constrain(point + nudge) for nudge in nudges]).reshape(2 * k, k)
    slopes = np.vstack([along, (lags[:k] - lags[k:]).T / (2 * NUDGE)])
    known = np.zeros((k, k))
    known[np.ix_(inside, inside)] = np.linalg.inv(information[np.ix_(inside, inside)])
    found: Floats = slopes @ known @ slopes.T
    edge = c + np.flatnonzero(~inside)
    found[edge] = found[:, edge] = np.nan
    found[:c, :c] += scale * np.linalg.inv(beside @ beside.T)
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


def _sentence(steepest: float, peak: bool, at_edge: int, ways: Sequence[Lowest]) -> str:
    best = min(way.loss for way in ways)
    same = sum(way.loss < best + 1e-6 for way in ways)
    bend = "it bends downwards in every direction" if peak else "it does not bend downwards in every direction"
    return (
        f"The steepest slope of the log-likelihood per value is {steepest:.1e} (at most {STEEPEST:.0e} counts as a "
        f"maximum), and {bend}; {same} of {len(ways)} starts ended there."
        + (f" {at_edge} of the coefficients stand at a root of 1, where no error can be measured." if at_edge else "")
    )
