"""The exact likelihood as a sum of squares, and the way down it. Knows neither names nor units.

With the error variance at its best, the log-likelihood of n values is a falling function of one sum of squares,

    log L = -n/2 (log(2 pi S / n) + 1),   S = sum of (v_t / sqrt(F_t))^2 x (the geometric mean of the F_t),

so Gauss and Newton's steps with Levenberg and Marquardt's damping find its maximum in a handful of iterations
(Melard 1984). Constants and other regressors are no part of the way: each point has its own least squares for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.estimating.orders import Floats, Orders
from engine.estimating.whitening import conditional, whitening

NUDGE = 1e-6  # of the one-sided differences on the way down
NUDGE_BOTH = 1e-4  # of the two-sided ones at its end: their error is its square
FARTHEST = 1e3  # an unconstrained parameter: x / sqrt(1 + x^2) is then 1 to 5e-7
LONGEST = 2.0  # step, in unconstrained parameters; where slopes have faded, as many times one that is larger than 1
TOLERANCE = 1e-6  # of the largest slope of the loss, which is per value
# What a step may still promise to add to the log-likelihood where the way ends: towards a root at 1 an unconstrained
# parameter grows without end, and slopes fade long before the likelihood stops rising.
PROMISE = 1e-4


class Squares:
    """values: (n,), NaN where missing. regressors: (c, n) beside them, none where there is no constant.

    exact: by the exact likelihood, else by conditional least squares, for values without gaps.
    """

    def __init__(self, values: Floats, orders: Orders, regressors: Floats, exact: bool = True) -> None:
        self.orders = orders
        gaps = np.where(np.isnan(values), np.nan, 0.0)
        self.whiten = (whitening if exact else conditional)(np.vstack([values, regressors + gaps]), orders)

    @cached_property
    def count(self) -> int:
        """How many values enter the likelihood."""
        return int(self.whiten(np.zeros((1, self.orders.lags)))[0].shape[2])

    def at(self, points: Floats) -> tuple[Floats, Floats]:
        """points (b, k) -> r (b, n), whose sum of squares is S, and the regressors' coefficients (b, c)."""
        white, logs = self.whiten(points)
        values, beside = white[:, 0], white[:, 1:]
        coefficients = np.zeros((len(points), beside.shape[1]))
        if beside.shape[1]:
            across = np.einsum("bcn,bn->bc", beside, values)
            coefficients = np.linalg.solve(beside @ beside.transpose(0, 2, 1), across[..., None])[..., 0]
            values = values - np.einsum("bc,bcn->bn", coefficients, beside)
        return values * np.exp(logs / 2)[:, None], coefficients

    def losses(self, points: Floats) -> Floats:
        """Minus the log-likelihood per value, (b,)."""
        found, _ = self.at(points)
        return loss(np.einsum("bn,bn->b", found, found), found.shape[1])

    def here(self, point: Floats) -> Floats:
        """r (n,) at one point."""
        return np.asarray(self.at(point[None])[0][0])

    def slopes(self, point: Floats, here: Floats) -> Floats:
        """How r changes with each parameter, (k, n)."""
        if not len(point):
            return np.zeros((0, len(here)))
        nudges = NUDGE * (1 + point**2)  # far out a parameter must move further to be felt
        return np.asarray((self.at(point + np.diag(nudges))[0] - here) / nudges[:, None])


def loss(squares: Floats, count: int) -> Floats:
    with np.errstate(divide="ignore"):  # nothing left to explain: the Lesson is said by whoever asked
        return (np.log(2 * np.pi * squares / count) + 1) / 2


@dataclass(frozen=True)
class Lowest:
    """Where the way down ended. slope: the largest of the loss there, per value; steps: how many it took."""

    point: Floats
    loss: float
    slope: float
    steps: int


def descend(squares: Squares, start: Floats, most: int = 60, tolerance: float = TOLERANCE, gain: float = 0.0) -> Lowest:
    """From `start` down until no slope is steeper than `tolerance` and no step promises more than `PROMISE`.

    gain: a step that adds less than this to the log-likelihood is the last.

    What Gauss and Newton leave out of the curvature is learned from one step to the next (Dennis, Gay and Welsch
    1981, "An adaptive nonlinear least-squares algorithm", equation 3.3): along flat valleys they alone would creep.
    """
    point, damping, taken = np.array(start), 1e-3, 0
    here = squares.here(point)
    slopes = squares.slopes(point, here)
    learned = np.zeros((len(point), len(point)))
    for taken in range(most + 1):
        total, gradient = here @ here, slopes @ here
        if not len(point) or taken == most or not total:
            break
        curvature = slopes @ slopes.T
        faded = np.abs(gradient).max() <= tolerance * total
        if faded:
            promised = -len(here) / 2 * float(gradient @ _move(curvature, learned, gradient, 0.0)) / total
            if promised <= max(PROMISE, gain):
                break
        reach = LONGEST * np.maximum(1, np.abs(point)) if faded else LONGEST
        for _ in range(8):
            move = _move(curvature, learned, gradient, damping)
            move *= min(1.0, 1 / float(np.max(np.abs(move) / reach, initial=1e-300)))
            tried = np.clip(point + move, -FARTHEST, FARTHEST)
            there = squares.here(tried)
            if there @ there < total:
                break
            damping *= 10
        else:
            break
        slopes_there = squares.slopes(tried, there)
        learned = _learned(learned, tried - point, slopes_there @ there - gradient, (slopes_there - slopes) @ there)
        worth = len(here) * float(np.log(total / (there @ there))) / 2
        point, here, slopes, damping = tried, there, slopes_there, max(damping / 10, 1e-7)
        if worth < gain:
            break
    total = here @ here
    steepest = float(np.abs(slopes @ here).max() / total) if len(point) and total else 0.0
    return Lowest(point, float(loss(total, len(here))), steepest, taken)


def _move(curvature: Floats, learned: Floats, gradient: Floats, damping: float) -> Floats:
    """The step for this damping; without what was learned where that would not lead down."""
    scale: Floats = np.diagonal(curvature)
    ridge = np.diag(damping * (scale + 1e-6 * float(np.max(scale)) + 1e-300))
    try:
        lower = np.linalg.cholesky(curvature + learned + ridge)
    except np.linalg.LinAlgError:
        lower = np.linalg.cholesky(curvature + ridge + 1e-12 * np.trace(curvature) * np.eye(len(scale)))
    move: Floats = -np.linalg.solve(lower.T, np.linalg.solve(lower, gradient))
    return move


def _learned(learned: Floats, moved: Floats, turned: Floats, beyond: Floats) -> Floats:
    """moved: the step. turned: what it did to the gradient; beyond: that part of it which the curvature left out."""
    along = turned @ moved
    if along <= 0:
        return learned
    expected = float(moved @ learned @ moved)
    sized = learned * min(1.0, abs(float(moved @ beyond) / expected)) if expected else learned
    missed = beyond - sized @ moved
    crossed = np.outer(missed, turned)
    return np.asarray(sized + (crossed + crossed.T) / along - (moved @ missed) * np.outer(turned, turned) / along**2)


def slope_and_bend(squares: Squares, point: Floats) -> tuple[Floats, Floats]:
    """Gradient (k,) and Hessian (k, k) of the loss, by central differences."""
    k, h = len(point), NUDGE_BOTH
    units = h * np.eye(k)
    corners = [a + b for i, a in enumerate(units) for b in units[: i + 1]]
    moves = np.array([*units, *(-units), *corners, *(-np.array(corners).reshape(-1, k)), np.zeros(k)])
    losses = squares.losses(point + moves)
    up, down, centre = losses[:k], losses[k : 2 * k], losses[-1]
    both, neither = np.split(losses[2 * k : -1], 2)
    bend, row = np.empty((k, k)), 0
    for i in range(k):
        for j in range(i + 1):
            single = up[i] + down[i] + up[j] + down[j]
            bend[i, j] = bend[j, i] = (both[row] + neither[row] + 2 * centre - single) / (2 * h * h)
            row += 1
    return (up - down) / (2 * h), bend
