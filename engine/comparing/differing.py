"""Whether one forecaster's errors are smaller than another's, or only happened to be. Knows no forecaster.

Diebold and Mariano, 1995, with the correction for small samples of Harvey, Leybourne and Newbold, 1997 (their
equations 8 and 9): compared with Student's t, n - 1 degrees of freedom.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from engine.nouns.forecast import Numbers

NOISE = 0.05
"""From which p on a difference is called noise."""


@dataclass(frozen=True)
class Difference:
    """mean: of the first one's losses less the other's. lags: of autocovariance in its variance.

    statistic and p are NaN where there are too few origins, and where the losses never differ.
    """

    mean: float
    statistic: float
    p: float
    origins: int
    lags: int

    @property
    def noise(self) -> bool:
        """Whether chance alone would often differ as much."""
        return not self.p < NOISE


def diebold_mariano(first: Numbers, other: Numbers, overlap: int) -> Difference:
    """Losses of two forecasters at the same origins, (F,) each, one a row of origins.

    overlap: how many origins in a row forecast a same value; the losses are correlated over one less. Where the
    variance with those correlations comes out as nothing or less, as it can in small samples, it is taken without.
    """
    difference = first - other
    difference = difference[np.isfinite(difference)]
    n, lags = len(difference), overlap - 1
    mean = float(difference.mean()) if n else math.nan
    if n < max(3, overlap + 1):
        return Difference(mean, math.nan, math.nan, n, lags)
    around = difference - mean
    covariances = [float(around[lag:] @ around[: n - lag]) / n for lag in range(overlap)]
    variance = (covariances[0] + 2 * sum(covariances[1:])) / n
    if variance <= 0:
        overlap, lags, variance = 1, 0, covariances[0] / n
    if variance <= 0:
        return Difference(mean, math.nan, math.nan, n, lags)
    small = (n + 1 - 2 * overlap + overlap * (overlap - 1) / n) / n
    statistic = mean / math.sqrt(variance) * math.sqrt(small)
    return Difference(mean, statistic, _two_sided(statistic, n - 1), n, lags)


def _two_sided(statistic: float, freedom: int) -> float:
    from scipy.special import stdtr

    return float(2 * stdtr(freedom, -abs(statistic)))
