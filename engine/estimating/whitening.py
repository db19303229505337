"""Values turned into independent ones of variance 1, by the SARIMA that is supposed to have made them.

The innovations v_t of the exact likelihood, each divided by the root of its variance F_t. Linear in the values, so a
regressor is whitened as the values are. Finds no parameter. Three ways, the same numbers: compiled; by statsmodels'
innovations algorithm where nothing is compiled yet; by its Kalman filter where values are missing. Beside them the
errors that conditional least squares take, which leave the first values unexplained.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.estimating.likelihood import NO_DIFFUSE, run_filter, state_space
from engine.estimating.orders import Floats, Orders
from engine.kernels import path

WALL = 1e100  # an error that no descent climbs to
Whiten = Callable[[Floats], tuple[Floats, Floats]]


def whitening(columns: Floats, orders: Orders) -> Whiten:
    """columns: (c, n), undifferenced, NaN at the same places. -> a function of unconstrained points (b, k).

    It gives (b, c, count) and the mean of log F (b,); raises LinAlgError where a filter finds no finite variance.
    """
    if np.isnan(columns).any():
        return _with_gaps(columns, orders)
    changes = np.array([orders.difference(column) for column in columns])
    if orders.sparse:
        return _of_polynomials(changes, orders)
    return _compiled(changes, orders) if path.ready() else _plain(changes, orders)


def conditional(columns: Floats, orders: Orders) -> Whiten:
    """As `whitening`, with every error before the first explained value put at 0 and every variance at 1.

    Box, Jenkins, Reinsel and Ljung 2015, section 7.1.2: what R's arima calls CSS.
    """
    from scipy.signal import lfilter

    changes = np.array([orders.difference(column) for column in columns])

    def whiten_one(point: Floats) -> tuple[Floats, float]:
        ar, ma = orders.polynomials(orders.constrain(point))
        explained = lfilter(ar, [1.0], changes)[:, len(ar) - 1 :]
        return np.asarray(lfilter([1.0], ma, explained), np.float64), 0.0

    return lambda points: _each(whiten_one, points)


def _compiled(changes: Floats, orders: Orders) -> Whiten:
    from engine.kernels import innovations

    (p, _, q), (P, _, Q, m) = orders.order, orders.seasonal
    shape = np.array([p, q, P, Q, m])

    def whiten(points: Floats) -> tuple[Floats, Floats]:
        logs = np.empty(len(points))
        return np.asarray(innovations.whitened(points, shape, orders.states - orders.lost, changes, logs)), logs

    return whiten


def _plain(changes: Floats, orders: Orders) -> Whiten:
    from statsmodels.tsa.innovations.arma_innovations import arma_innovations

    def whiten_one(point: Floats) -> tuple[Floats, float]:
        phi, theta = orders.polynomials(orders.constrain(point))
        pairs = [arma_innovations(column, -phi[1:], theta[1:], 1.0) for column in changes]
        variances = np.asarray(pairs[0][1])
        white = np.array([v for v, _ in pairs], np.float64) / np.sqrt(variances)
        return np.asarray(white, np.float64), float(np.log(variances).mean())

    return lambda points: _each(whiten_one, points)


def _of_polynomials(changes: Floats, orders: Orders) -> Whiten:
    """Of orders with a lag left out: their parameters are not constrained, so outside the circle stands a wall."""
    whiten = _plain(changes, orders)
    wall = np.vstack([np.full(changes.shape[1], WALL), changes[1:]])

    def whiten_one(point: Floats) -> tuple[Floats, float]:
        made = orders.polynomials(orders.constrain(point))
        if not all(np.abs(np.roots(one)).max(initial=0.0) < 1 for one in made):
            return wall, 0.0
        white, logs = whiten(point[None])
        return white[0], float(logs[0])

    return lambda points: _each(whiten_one, points)


def _with_gaps(columns: Floats, orders: Orders) -> Whiten:
    models = [state_space(column, orders.without_trend, difference_first=False) for column in columns]
    known = np.isfinite(columns[0])

    def whiten_one(point: Floats) -> tuple[Floats, float]:
        walked = [run_filter(model, orders.constrain(point), states=False) for model in models]
        counted = known.copy()
        if walked[0].nobs_diffuse:
            counted &= walked[0].forecasts_error_diffuse_cov[0, 0] < NO_DIFFUSE
        variances = walked[0].forecasts_error_cov[0, 0, counted]
        v = np.array([of.forecasts_error[0, counted] for of in walked])
        return v / np.sqrt(variances), float(np.log(variances).mean())

    return lambda points: _each(whiten_one, points)


def _each(whiten_one: Callable[[Floats], tuple[Floats, float]], points: Floats) -> tuple[Floats, Floats]:
    found = [whiten_one(point) for point in points]
    return np.array([values for values, _ in found]), np.array([log for _, log in found])
