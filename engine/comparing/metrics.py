"""The measures of a forecast, each with its definition. They know arrays: F origins (folds), H steps ahead.

A value that is missing is left out of every mean. Hyndman and Koehler, 2006 (MASE); Makridakis et al., 2022 (RMSSE);
Gneiting and Raftery, 2007 (Winkler).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.nouns.forecast import Numbers


@dataclass(frozen=True)
class Said:
    """What one forecaster said, beside what came.

    truth, point: (F, H). scale, scale_squared: (F,), of the seasonal naive inside the past of each origin. quantiles:
    by their level between 0 and 1, (F, H) each, the median among them. lower, upper: (F, H), NaN where none could be
    given.
    """

    truth: Numbers
    point: Numbers
    scale: Numbers
    scale_squared: Numbers
    quantiles: Mapping[float, Numbers]
    lower: Numbers
    upper: Numbers
    level: float

    @property
    def error(self) -> Numbers:
        """(F, H)."""
        return self.truth - self.point


@dataclass(frozen=True)
class Metric:
    """One measure. definition: with {m}, {level} and {quantiles} to be filled in. better: "lower", or the nominal."""

    name: str
    title: str
    definition: str
    of: Callable[[Said], float]
    of_intervals: bool = False


def scales(past: Numbers, m: int) -> tuple[float, float]:
    """Mean |y_t - y_(t-m)| and mean (y_t - y_(t-m))² over a past; NaN where that is nothing or zero."""
    step = np.abs(past[m:] - past[:-m])
    step = step[np.isfinite(step)]
    if not len(step) or not step.any():
        return np.nan, np.nan
    return float(step.mean()), float((step**2).mean())


def mae(said: Said) -> float:
    """Mean |e|."""
    return _mean(np.abs(said.error))


def rmse(said: Said) -> float:
    """Root of the mean e²."""
    return float(np.sqrt(_mean(said.error**2)))


def smape(said: Said) -> float:
    """Mean 200 |e| / (|y| + |f|); where both are zero it is zero."""
    below = np.abs(said.truth) + np.abs(said.point)
    return _mean(200 * np.abs(said.error) / np.where(below == 0, 1, below))


def mase(said: Said) -> float:
    """The mean over origins of mean |e| / scale."""
    return _mean(_by_origin(np.abs(said.error)) / said.scale)


def rmsse(said: Said) -> float:
    """The mean over origins of the root of mean e² / scale²."""
    return _mean(np.sqrt(_by_origin(said.error**2) / said.scale_squared))


def quantile_loss(truth: Numbers, quantile: Numbers, q: float) -> Numbers:
    """2 (q (y - f)+ + (1 - q) (f - y)+), value by value."""
    error = truth - quantile
    return np.asarray(2 * np.maximum(q * error, (q - 1) * error))


def wql(said: Said) -> float:
    """Summed quantile losses by the sum of |y|, the mean over quantiles, where all of them could be given."""
    there = np.isfinite(said.truth) & np.all([np.isfinite(f) for f in said.quantiles.values()], axis=0)
    total = float(np.abs(said.truth[there]).sum())
    if not total:
        return float("nan")
    losses = [quantile_loss(said.truth[there], f[there], q).sum() for q, f in said.quantiles.items()]
    return float(np.mean(losses) / total)


def coverage(said: Said) -> float:
    """The share of values within their interval."""
    return _mean(inside(said))


def inside(said: Said) -> Numbers:
    """1 where a value lay within its interval, 0 where not, NaN where there was none: (F, H)."""
    known = np.isfinite(said.truth) & np.isfinite(said.lower) & np.isfinite(said.upper)
    within = (said.lower <= said.truth) & (said.truth <= said.upper)
    return np.where(known, within.astype(np.float64), np.nan)


def winkler(said: Said) -> float:
    """Mean width, and 2 / alpha times how far outside."""
    alpha = 1 - said.level / 100
    below, above = np.maximum(said.lower - said.truth, 0), np.maximum(said.truth - said.upper, 0)
    return _mean(said.upper - said.lower + 2 / alpha * (below + above))


def _by_origin(values: Numbers) -> Numbers:
    return np.array([_mean(row) for row in values])


def _mean(values: Numbers) -> float:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else float("nan")


_SCALED = "of the seasonal naive inside the past of each origin, m = {m}"
METRICS = (
    Metric("mae", "MAE", "mean |y - f|", mae),
    Metric("rmse", "RMSE", "root of mean (y - f)²", rmse),
    Metric("smape", "sMAPE", "mean 200 |y - f| / (|y| + |f|), from 0 to 200", smape),
    Metric("mase", "MASE", f"mean |y - f| by mean |y_t - y_(t-m)| {_SCALED}; mean over origins", mase),
    Metric("rmsse", "RMSSE", f"root of mean (y - f)² by mean (y_t - y_(t-m))² {_SCALED}; mean over origins", rmsse),
    Metric("wql", "WQL", "quantile losses 2 max(q (y - f), (q - 1) (y - f)) summed, by the sum of |y|; mean over "
           "q = {quantiles}", wql, of_intervals=True),
    Metric("coverage", "Coverage", "share of values inside their {level:g} % interval", coverage, of_intervals=True),
    Metric("winkler", "Winkler", "mean width of the {level:g} % interval, and 2 / {alpha:g} times how far outside",
           winkler, of_intervals=True),
)  # fmt: skip
