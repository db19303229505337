"""Whether what is left over looks like noise: standardised errors, their autocorrelation, Ljung-Box, quantiles.

Knows no estimate but the errors it left and how many parameters it took.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.estimating.orders import Floats


@dataclass(frozen=True)
class Diagnostics:
    """autocorrelation: (L,), lag 1 first; band: 1.96 / sqrt(n), where noise stays 95 times of 100.

    p_values: (L,), of Ljung and Box's test up to each lag, NaN where it has no degrees of freedom left.
    normal, sorted: (n,), quantiles of the normal distribution, and the errors in order.
    """

    autocorrelation: Floats
    band: float
    p_values: Floats
    normal: Floats
    sorted: Floats


def diagnose(standardised: Floats, parameters: int, lags: int) -> Diagnostics:
    """standardised: (n,), the errors over their deviations, NaN where there are none."""
    from scipy.stats import chi2, norm

    known = standardised[np.isfinite(standardised)]
    n, around = len(known), np.nan_to_num(standardised - known.mean())
    lags = min(lags, n - 1)
    found = np.array([around[lag:] @ around[:-lag] for lag in range(1, lags + 1)]) / (around @ around)
    statistic = n * (n + 2) * np.cumsum(found**2 / (n - np.arange(1, lags + 1)))  # Ljung and Box 1978
    freedom = np.arange(1, lags + 1) - parameters
    p_values = np.where(freedom > 0, chi2.sf(statistic, np.maximum(freedom, 1)), np.nan)
    normal = norm.ppf((np.arange(1, n + 1) - 0.5) / n)
    return Diagnostics(found, 1.96 / float(np.sqrt(n)), p_values, normal, np.sort(known))
