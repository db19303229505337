"""The Theta method: a straight trend and simple exponential smoothing, half each, after the season is taken out.

Assimakopoulos and Nikolopoulos, 2000, in the form of Hyndman and Billah, 2003. statsmodels fits it; how a fitted one
goes on from a history that has grown is written here. Knows no other forecaster.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.forecasters.smoothing import whole
from engine.forecasting import Forecaster
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series


@dataclass(frozen=True)
class FittedTheta:
    """slope: b0 of the trend line. alpha: of the smoothing. season: (m,) from the first value on, or empty."""

    slope: float
    alpha: float
    season: Numbers
    multiplicative: bool

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:  # noqa: ARG002
        """Half the trend and the smoothed level (statsmodels, ThetaModelResults.forecast, theta = 2)."""
        n, y = len(history), whole(history)
        factors = np.resize(self.season, n + horizon) if len(self.season) else None
        if factors is not None:
            y = y / factors[:n] if self.multiplicative else y - factors[:n]
        trend: Numbers = np.arange(horizon, dtype=np.float64) + (1 - (1 - self.alpha) ** n) / self.alpha
        point = self._level(y) + 0.5 * self.slope * trend
        if factors is not None:
            point = point * factors[n:] if self.multiplicative else point + factors[n:]
        return Forecast(history.index[-1], history.future(horizon), point)

    def _level(self, y: Numbers) -> float:
        from scipy.signal import lfilter

        smoothed, _ = lfilter([self.alpha], [1, self.alpha - 1], y, zi=[(1 - self.alpha) * y[0]])
        return float(smoothed[-1])


def fit(history: Series, horizon: int, seed: int) -> FittedTheta:  # noqa: ARG001
    """The slope by least squares, alpha by simple exponential smoothing, the season where its test finds one."""
    from statsmodels.tsa.forecasting.theta import ThetaModel

    y, m = whole(history), history.period
    seasonal = 1 < m <= len(y) // 2
    fitted = ThetaModel(y, period=m if seasonal else 1, deseasonalize=seasonal).fit()
    slope, alpha = (float(fitted.params[name]) for name in ("b0", "alpha"))
    season = np.asarray(fitted._seasonal, np.float64)
    return FittedTheta(slope, max(alpha, 1e-8), season, fitted.model.method.startswith("mul"))


FORECASTERS = (
    Forecaster("theta", "Theta", "A straight trend and a smoothed level, half each, under a fixed season.", fit,
               light=True, order=11, needs=("scipy.signal", "statsmodels.tsa.forecasting.theta")),
)  # fmt: skip
