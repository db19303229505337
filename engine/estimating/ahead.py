"""What an estimate expects next, of the history it was found on or of one grown longer. Estimates nothing.

The filter runs over whatever history it is shown with the parameters fixed, so a forecast at a later origin costs
a fraction of a fit. Distances are for known parameters, as R and statsmodels give them.
"""

from __future__ import annotations

import numpy as np

from engine.estimating.climbing import NOTHING
from engine.estimating.estimate import Estimate
from engine.estimating.likelihood import state_space
from engine.estimating.orders import Floats, Orders
from engine.kernels import path


def forecast(estimate: Estimate, values: Floats, horizon: int, beside: Floats = NOTHING) -> tuple[Floats, Floats]:
    """values: (n,), transformed as for the estimate. -> the next `horizon`, and their standard deviations.

    beside: (b, n + horizon), the columns of an estimate that has some.
    """
    line = _line(estimate, len(values) + horizon, beside)
    around = values - line[: len(values)]
    if np.isnan(values).any() or not path.ready():
        point, variances = _by_state_space(estimate, np.append(around, np.full(horizon, np.nan)), len(values))
    else:
        point, variances = _compiled(estimate, around, horizon)
    return point + line[len(values) :], np.sqrt(estimate.scale * variances)


def one_step(estimate: Estimate, values: Floats, beside: Floats = NOTHING) -> tuple[Floats, Floats]:
    """Each value's forecast from those before it, (n,), and its standard deviation. beside: (b, n).

    NaN for the first values, which the differences use up; where a value is missing its forecast is there.
    """
    line = _line(estimate, len(values), beside)
    lost, around = estimate.orders.lost, values - line
    expected, variances = np.full(len(values), np.nan), np.full(len(values), np.nan)
    if np.isnan(values).any() or not path.ready():
        expected, variances = _by_state_space(estimate, around, 0)
        diffuse = _diffuse(estimate.orders, values)
        expected[:diffuse] = variances[:diffuse] = np.nan
    else:
        changes = estimate.orders.difference(around)[None].copy()
        _, variances[lost:], _ = _filtered(estimate, changes, 0)
        expected[lost:] = around[lost:] - changes[0]
    return expected + line, np.sqrt(estimate.scale * variances)


def _line(estimate: Estimate, length: int, beside: Floats) -> Floats:
    """What the constant and the columns say of the first `length` values."""
    found: Floats = estimate.trend @ estimate.orders.trend_columns(length)
    return found + estimate.beside @ beside if len(estimate.beside) else found


def _filtered(estimate: Estimate, changes: Floats, gains: int) -> tuple[Floats, Floats, Floats]:
    """Innovations, in place of `changes` (1, n); the state after them (r,), the variances (n,), the last gains."""
    from engine.kernels import innovations

    orders = estimate.orders
    r, (ar, ma) = orders.states - orders.lost, orders.polynomials(estimate.lags)
    phi, theta = np.zeros(r), np.zeros(r)
    phi[: len(ar) - 1], theta[: len(ma)] = -ar[1:], ma
    variances, last, state = np.empty(changes.shape[1]), np.empty((gains, r)), np.empty((1, r))
    innovations.innovations(phi, theta, changes, variances, last, state)
    return state[0], variances, last


def _compiled(estimate: Estimate, around: Floats, horizon: int) -> tuple[Floats, Floats]:
    from scipy.signal import lfilter

    orders = estimate.orders
    changes = np.append(orders.difference(around), np.zeros(horizon))[None]
    known = changes.shape[1] - horizon
    state, _, _ = _filtered(estimate, changes[:, :known].copy(), 0)
    _, variances, gains = _filtered(estimate, changes, horizon)
    ar, whole = orders.polynomials(estimate.lags)[0], orders.differencing()
    expected = _on(ar, state, horizon)
    point = lfilter([1.0], whole, expected, zi=_undoing(whole, around))[0]
    return point, _spread(np.convolve(ar, whole), ar, gains, variances[known:])


def _on(ar: Floats, state: Floats, horizon: int) -> Floats:
    """The process goes on from its state without errors."""
    ahead, padded = np.zeros(horizon), np.append(state, 0.0)
    phi = np.zeros(len(state))
    phi[: len(ar) - 1] = -ar[1:]
    for step in range(horizon):
        ahead[step] = padded[0]
        padded[:-1] = phi * padded[0] + padded[1:]
    return ahead


def _undoing(whole: Floats, values: Floats) -> Floats:
    """What lfilter must remember of the last values, so that it undoes the differences where they end."""
    lost = len(whole) - 1
    last = values[len(values) - lost :]
    return np.array([-(whole[k + 1 :] @ last[::-1][: lost - k]) for k in range(lost)])


def _spread(ar: Floats, own: Floats, gains: Floats, variances: Floats) -> Floats:
    """Variances of the forecasts, for an error variance of 1: each innovation to come, as it works on.

    An innovation at one step moves the state by its gain; what that does to the values after it is the impulse
    response of (own + gain polynomial) / ar.
    """
    from scipy.signal import lfilter

    horizon, found = len(variances), np.zeros(len(variances))
    impulse, before, response = np.eye(1, horizon)[0], None, np.zeros(horizon)
    for step in range(horizon):
        if before is None or np.abs(gains[step] - before).max(initial=0.0) > 1e-12:
            before = gains[step]
            top = np.zeros(max(len(own), len(before) + 1))
            top[: len(own)] = own
            top[1 : len(before) + 1] += before
            response = lfilter(top, ar, impulse)
        found[step:] += variances[step] * response[: horizon - step] ** 2
    return found


def _by_state_space(estimate: Estimate, around: Floats, first: int) -> tuple[Floats, Floats]:
    """Each forecast from `first` on and its variance; missing values are what lies ahead."""
    model = state_space(around, estimate.orders.without_trend, difference_first=False)
    model.update(np.append(estimate.lags, 1.0))
    walked = model.ssm.filter()  # all of it is kept: a missing value's forecast comes from the state and its variance
    return np.array(walked.forecasts[0, first:]), np.array(walked.forecasts_error_cov[0, 0, first:])


def _diffuse(orders: Orders, values: Floats) -> int:
    """How many values pass until as many are known as the differences use up."""
    known = np.cumsum(np.isfinite(values))
    return int(np.searchsorted(known, orders.lost) + 1) if orders.lost else 0
