"""How often to take differences: a season's by its strength, the others by the KPSS test. Fits no model.

Differences are decided before the orders, because likelihoods of values differenced otherwise cannot be compared.
"""

from __future__ import annotations

import warnings

import numpy as np

from engine.estimating.orders import Floats, Orders

# Wang, Smith and Hyndman 2006 measure a season's strength; above .64 R's nsdiffs takes a seasonal difference.
STRONG = 0.64
# Kwiatkowski, Phillips, Schmidt and Shin 1992, table 1: the 5 % point of the test for a constant level.
CRITICAL = 0.463
MOST = 2  # differences in all, seasonal and not


def differences(values: Floats, period: int) -> tuple[int, int]:
    """d and D. values: (n,), without gaps."""
    D = int(period > 1 and len(values) >= 2 * period + 5 and strength(values, period) > STRONG)
    left, d = Orders((0, 0, 0), (0, D, 0, period if D else 0)).difference(values), 0
    while d + D < MOST and len(left) > 8 and left.std() > 1e-12 * np.abs(values).max() and kpss(left) > CRITICAL:
        left, d = np.diff(left), d + 1
    return d, D


def strength(values: Floats, period: int) -> float:
    """1 - Var(remainder) / Var(season + remainder) of an STL decomposition: 0 is no season, 1 nothing else."""
    from statsmodels.tsa.seasonal import STL

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = STL(values, period, seasonal=11).fit()
    whole = np.var(parts.seasonal + parts.resid)
    return max(0.0, float(1 - np.var(parts.resid) / whole)) if whole > 0 else 0.0


def kpss(values: Floats) -> float:
    """The statistic for a constant level, with 3 sqrt(n) / 13 lags as R's ndiffs has it; large speaks against it."""
    n, around = len(values), values - values.mean()
    lags = int(3 * np.sqrt(n) / 13)
    products = [around[lag:] @ around[: n - lag] for lag in range(lags + 1)]
    long_run = products[0] + 2 * sum((1 - lag / (lags + 1)) * products[lag] for lag in range(1, lags + 1))
    return float((around.cumsum() ** 2).sum() / (n * long_run)) if long_run > 0 else 0.0
