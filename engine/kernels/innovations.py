"""The exact innovations of an ARMA process, compiled: as many parameters at once as are asked. Knows no SARIMA.

With the process at rest before its first value, the Kalman filter's variance matrix changes from step to step by one
column times its own transpose only, so a step costs as many operations as the state is long (Morf, Sidhu and Kailath
1974, "Some new algorithms for recursive estimation in constant, linear, discrete-time systems", IEEE Transactions on
Automatic Control 19; for ARMA: Melard 1984, algorithm AS 197).
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array

# Below this the variances no longer change: what is left of the filter is a plain recursion.
STEADY = 1e-13
FACTORS = 16  # variances that are multiplied before a logarithm is taken


@compiled()
def autocovariances(phi: Array, theta: Array, psi: Array) -> Array:
    """Of the process for an error variance of 1, at the lags 0 to r = len(phi).

    phi (r,): of the lags 1 to r. theta (r,): of the lags 0 to r - 1, the first is 1. psi (r,): filled, the weights of
    past errors in the value. The AR part's own come by the inverse Levinson recursion, the MA part is laid over them.
    """
    r = len(phi)
    for j in range(r):
        psi[j] = theta[j]
        for i in range(j):
            psi[j] += phi[i] * psi[j - 1 - i]
    p = r
    while p > 0 and phi[p - 1] == 0.0:
        p -= 1
    q = r - 1
    while q > 0 and theta[q] == 0.0:
        q -= 1
    steps = np.zeros((p + 1, p))
    inverse = 1.0
    for k in range(p, 0, -1):  # down from order p to every lower one
        if k == p:
            steps[k, :k] = phi[:k]
        last = steps[k, k - 1]
        inverse *= 1 - last * last
        for j in range(k - 1):
            steps[k - 1, j] = (steps[k, j] + last * steps[k, k - 2 - j]) / (1 - last * last)
    of_ar = np.zeros(r + q + 1)
    of_ar[0] = 1 / inverse
    for k in range(1, r + q + 1):
        order = min(k, p)
        for j in range(order):
            of_ar[k] += steps[order, j] * of_ar[k - 1 - j]
    overlap = np.zeros(q + 1)
    for lag in range(q + 1):
        for i in range(q + 1 - lag):
            overlap[lag] += theta[i] * theta[i + lag]
    found = np.zeros(r + 1)
    for k in range(r + 1):
        found[k] = overlap[0] * of_ar[k]
        for lag in range(1, q + 1):
            if overlap[lag] != 0.0:
                found[k] += overlap[lag] * (of_ar[abs(k - lag)] + of_ar[k + lag])
    return found


@compiled(fastmath={"contract", "reassoc"})
def innovations(phi: Array, theta: Array, values: Array, variances: Array, gains: Array, states: Array) -> None:
    """Filter `values` (c, n), each row a series of the same process, into their innovations, in place.

    variances (n,): of the innovations, for an error variance of 1. gains (g, r): those of the last g steps, K / F.
    states (c, r): what is expected after the last value.
    """
    r, (c, n), first = len(phi), values.shape, values.shape[1] - len(gains)
    psi = np.empty(r)
    gamma = autocovariances(phi, theta, psi)
    k, w, a = np.empty(r), np.zeros(r + 1), np.zeros((c, r + 1))
    for i in range(r):  # the covariance of each state after the first step with the first value
        k[i] = phi[i] * gamma[0]
        for j in range(i + 1, r):
            k[i] += phi[j] * gamma[j - i] + theta[j] * psi[j - i - 1]
    f, w[:r] = gamma[0], k
    m, inverse, steady = -1 / f, 1 / f, False
    for t in range(n):
        variances[t] = f
        for row in range(c):
            expected, v = a[row, 0], values[row, t] - a[row, 0]
            values[row, t], share = v, v * inverse
            for i in range(r):
                a[row, i] = phi[i] * expected + a[row, i + 1] + k[i] * share
        if t >= first:
            for i in range(r):
                gains[t - first, i] = k[i] * inverse
        if not steady:
            head, size = w[0], 0.0
            pull = head * m
            f += head * pull
            m += pull * pull * inverse
            inverse = 1 / f
            push = head * inverse
            for i in range(r):
                moved = phi[i] * head + w[i + 1]
                k[i] += moved * pull
                w[i] = moved - k[i] * push
                size += w[i] * w[i]
            steady = -m * size < STEADY
    states[:] = a[:, :r]


@compiled()
def constrained(free: Array, count: int) -> Array:
    """(count,) numbers of any size -> coefficients of a stationary AR polynomial, by partial autocorrelations."""
    found, before = np.empty(count), np.empty(count)
    for k in range(count):
        partial = -free[k] / np.sqrt(1 + free[k] * free[k])  # the sign is statsmodels'
        before[:k] = found[:k]
        for j in range(k):
            found[j] = before[j] - partial * before[k - 1 - j]
        found[k] = partial
    return found


@compiled()
def joined(short: Array, seasonal: Array, m: int, sign: float, out: Array) -> None:
    """(1 + sign short(B)) (1 + sign seasonal(B^m)) into `out`, from the lag 0."""
    out[:] = 0
    out[0] = 1
    for i in range(len(short)):
        out[i + 1] = sign * short[i]
    for k in range(len(seasonal), 0, -1):
        out[k * m] += sign * seasonal[k - 1]
        for i in range(len(short)):
            out[k * m + i + 1] += sign * seasonal[k - 1] * sign * short[i]


@compiled()
def polynomials(free: Array, p: int, q: int, P: int, Q: int, m: int, phi: Array, theta: Array) -> None:
    """Free parameters in statsmodels' order -> phi (r,) and theta (r,) of the whole process, and nothing beside it."""
    r = len(phi)
    whole = np.empty(r + 1)
    joined(constrained(free[:p], p), constrained(free[p + q : p + q + P], P), m, -1.0, whole)
    phi[:] = -whole[1:]
    joined(constrained(free[p : p + q], q), constrained(free[p + q + P :], Q), m, -1.0, whole)
    theta[:] = whole[:r]


@compiled()
def mean_logarithm(positive: Array) -> float:
    """Of a few factors at a time: logarithms take longest, and a product of so few stays finite."""
    total, product = 0.0, 1.0
    for t in range(len(positive)):
        product *= positive[t]
        if t % FACTORS == 0:
            total, product = total + np.log(product), 1.0
    return float((total + np.log(product)) / len(positive))


@compiled()
def whitened(points: Array, orders: Array, r: int, values: Array, logs: Array) -> Array:
    """values (c, n) under each of the points (b, k) -> (b, c, n), of variance 1 each and independent of each other.

    orders: p, q, P, Q, m. logs (b,): filled, the mean logarithm of the variances before.
    """
    p, q, P, Q, m = orders
    (b, _), (c, n) = points.shape, values.shape
    found, phi, theta = np.empty((b, c, n)), np.empty(r), np.empty(r)
    variances, gains, states = np.empty(n), np.empty((0, r)), np.empty((c, r))
    for point in range(b):
        polynomials(points[point], p, q, P, Q, m, phi, theta)
        found[point] = values
        innovations(phi, theta, found[point], variances, gains, states)
        logs[point] = mean_logarithm(variances)
        np.sqrt(variances, variances)
        for row in range(c):
            found[point, row] /= variances
    return found


def rehearse() -> None:
    """Run every kernel once, so that all of them are compiled or found on disk."""
    values, r = np.ones((1, 4)), 2
    whitened(np.zeros((1, 2)), np.array([1, 1, 0, 0, 1]), r, values, np.empty(1))
    innovations(np.zeros(r), np.array([1.0, 0.0]), values, np.empty(4), np.empty((2, r)), np.empty((1, r)))
