"""A SARIMA as one long sum: of its past values (pi-weights) or of its past errors (psi-weights). Estimates nothing.

Box, Jenkins, Reinsel and Ljung 2015, sections 4.2.3 (pi) and 4.1 (psi):

    y_t = pi_1 y_(t-1) + pi_2 y_(t-2) + ... + e_t,    y_t = e_t + psi_1 e_(t-1) + psi_2 e_(t-2) + ...
"""

from __future__ import annotations

import numpy as np

from engine.estimating.orders import Floats, Orders


def pi_weights(orders: Orders, coefficients: Floats, lags: int) -> Floats:
    """(lags,), lag 1 first. coefficients: those of past values and errors, as orders.names ends."""
    ar, ma = orders.polynomials(coefficients)
    return -_quotient(np.convolve(ar, orders.differencing()), ma, lags + 1)[1:]


def psi_weights(orders: Orders, coefficients: Floats, lags: int) -> Floats:
    """(lags,), lag 1 first; with differences they do not fade."""
    ar, ma = orders.polynomials(coefficients)
    return _quotient(ma, np.convolve(ar, orders.differencing()), lags + 1)[1:]


def _quotient(above: Floats, below: Floats, count: int) -> Floats:
    """The first coefficients of a power series: above / below."""
    from scipy.signal import lfilter

    return np.asarray(lfilter(above, below, np.eye(1, count)[0]), np.float64)
