"""How a series remembers: its autocorrelation and partial autocorrelation, with 95 % bands. Knows no season.

The band of lag k is Bartlett's for a process that remembers k - 1 steps (Brockwell and Davis 1991, 7.2), that of a
partial autocorrelation 1.96 / sqrt(n). Partial ones are Yule and Walker's, as in R's `pacf`.
"""

from __future__ import annotations

import numpy as np

from engine.describing.stretch import Floats

NORMAL = 1.959963984540054  # 95 % of a normal distribution lie within so many deviations


def correlations(values: Floats, lags: int) -> dict[str, Floats]:
    """ "acf", "acf band", "pacf" and "pacf band", (lags + 1,) each, lag 0 first. A band reaches as far down as up.

    values: (n,), none missing, more than twice as many as lags.
    """
    from statsmodels.tsa.stattools import acf, pacf

    own = np.asarray(acf(values, nlags=lags, fft=True, result_object=False))
    partial = np.asarray(pacf(values, nlags=lags, method="ywm"))
    before = np.cumsum(np.concatenate([[0.0], 2 * own[1:] ** 2]))[:-1]  # of lag k the sum over those before it
    band = np.concatenate([[0.0], NORMAL * np.sqrt((1 + before) / len(values))])
    flat = np.concatenate([[0.0], np.full(lags, NORMAL / np.sqrt(len(values)))])
    return {"acf": own, "acf band": band, "pacf": partial, "pacf band": flat}


def lags_for(length: int, season: int) -> int:
    """How far back it is worth looking: three seasons, at least 30 steps, at most a third of the values."""
    return int(max(1, min(max(30, 3 * season), 400, length // 3)))
