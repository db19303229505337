"""Values turned into independent ones of variance 1, by the SARIMA that is supposed to have made them.

The innovations v_t of the exact likelihood, each divided by the root of its variance F_t. Linear in the values, so a
regressor is whitened as the values are. Finds no parameter. Three ways, the same numbers: compiled; by statsmodels'
innovations algorithm where nothing is compiled yet; by its Kalman filter where values are missing.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from engine.estimating.likelihood import NO_DIFFUSE, run_filter, state_space
from engine.estimating.orders import Floats, Orders
from engine.kernels import path

Whiten = Callable[[Floats], tuple[Floats, Floats]]


def whitening(columns: Floats, orders: Orders) -> Whiten:
    """columns: (c, n), undifferenced, NaN at the same places. -> a function of unconstrained points (b, k).

    It gives (b, c, count) and the mean of log F (b,); raises LinAlgError where a filter finds no finite variance.
    """
    if np.isnan(columns).any():
        return _with_gaps(columns, orders)
    changes = np.array([orders.difference(column) for column in columns])
    return _compiled(changes, orders) if path.ready() else _plain(changes, orders)


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
