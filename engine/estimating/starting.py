"""Where the way down the likelihood begins: least squares on past values and estimated errors. Knows no likelihood.

Hannan and Rissanen 1982: a long autoregression estimates the errors; then the values are regressed on those of the
past values and errors that have a coefficient. Only a start: what is not stationary or invertible is drawn in.
"""

from __future__ import annotations

import numpy as np

from engine.estimating.orders import Floats, Orders

INSIDE = 0.9  # the largest partial autocorrelation to start with: further out the slope fades
NEUTRAL = 0.1


def starts(changes: Floats, orders: Orders) -> list[Floats]:
    """Unconstrained points (k,), the most promising first. changes: (n,), the differenced values."""
    neutral = np.full(orders.lags, NEUTRAL)
    if not orders.lags:
        return [neutral]
    try:
        found = _hannan_rissanen(np.nan_to_num(changes - np.nanmean(changes)), orders)
    except np.linalg.LinAlgError:  # values that repeat exactly
        return [neutral]
    return [neutral] if found is None else [found, neutral]


def _hannan_rissanen(values: Floats, orders: Orders) -> Floats | None:
    (ar, ma, sar, sma), m = orders.places, orders.seasonal[3]
    past, errors = [*ar, *(m * k for k in sar)], [*ma, *(m * k for k in sma)]
    n = len(values)
    rows = int(max(min(max(10 * np.log10(n), max([*past, *errors])), n // 4), 1))
    first = max(rows + max(errors, default=0), max(past, default=0))
    if n - first <= len(past) + len(errors):
        return None
    residuals = _long_autoregression(values, rows) if errors else values
    columns = [values[first - lag : n - lag] for lag in past] + [residuals[first - lag : n - lag] for lag in errors]
    seen = np.array(columns)
    across = seen @ seen.T
    found = np.linalg.solve(across + 1e-9 * np.trace(across) * np.eye(len(seen)), seen @ values[first:])
    sizes = np.cumsum([len(ar), len(sar), len(ma)])
    of_ar, of_sar, of_ma, of_sma = np.split(np.asarray(found, np.float64), sizes)
    signed = [_drawn_in(of_ar) if orders.ar else _inside(of_ar), _drawn_in(of_ma) if orders.ma else _inside(-of_ma)]
    return np.concatenate([*signed, _inside(of_sar), _inside(-of_sma)])


def _long_autoregression(values: Floats, rows: int) -> Floats:
    """Its errors, (n,), by Yule and Walker's equations; the first `rows` of them lack some of their past."""
    from scipy.linalg import solve_toeplitz

    n = len(values)
    covariances = np.array([values[lag:] @ values[: n - lag] for lag in range(rows + 1)])
    covariances[0] *= 1 + 1e-9
    weights = solve_toeplitz(covariances[:-1], covariances[1:])
    return np.convolve(values, np.r_[1, -weights])[:n]


def _inside(coefficients: Floats) -> Floats:
    """AR coefficients -> unconstrained ones whose partial autocorrelations are at most `INSIDE`."""
    partials, rest = np.zeros(len(coefficients)), np.array(coefficients)
    for k in range(len(coefficients), 0, -1):
        last = float(np.clip(rest[k - 1], -INSIDE, INSIDE))
        partials[k - 1] = last
        rest = (rest[: k - 1] + last * rest[: k - 1][::-1]) / (1 - last * last)
    return -partials / np.sqrt(1 - partials**2)


def _drawn_in(coefficients: Floats) -> Floats:
    """Of a polynomial with lags left out: so small that it has no root inside the circle, whatever the lags."""
    return coefficients * min(1.0, INSIDE / max(float(np.abs(coefficients).sum()), 1e-300))
