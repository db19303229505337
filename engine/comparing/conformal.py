"""Split-conformal intervals from the errors of past origins. Know no forecaster, and nothing of its model.

Vovk, Gammerman and Shafer, 2005; Lei et al., 2018. An origin's intervals are calibrated on errors that had been seen
by then: of earlier origins, at the same step ahead, whose value had come. Where those are fewer than the level needs
(9 for 90 %), there is no interval. Errors of a series come in spells, so the level adapts as Gibbs and Candes, 2021,
"Adaptive conformal inference under distribution shift", equation 2: each miss widens what comes a little, each hit
narrows it, and in the long run as many are held as was said, whatever the errors do.
"""

from __future__ import annotations

import bisect
import math

import numpy as np

from engine.comparing.origins import Origins
from engine.nouns.forecast import Numbers

PACE = 0.005
"""How much a miss moves the level: the gamma of Gibbs and Candes' own experiments."""


def rank(scores: int, level: float) -> int | None:
    """Which of the ascending scores bounds the interval, counted from 1; None where there are too few."""
    position = math.ceil((scores + 1) * level / 100 - 1e-9)
    return position if position <= scores else None


class _Seen:
    """Errors at one step ahead as they are seen. share: of misses that was asked for; aimed: aimed at by now."""

    def __init__(self, level: float) -> None:
        self.level, self.share, self.aimed = level, 1 - level / 100, 1 - level / 100
        self.scores: list[float] = []

    def see(self, error: float, width: float) -> None:
        """width: of the interval that had been given for it, NaN where there was none."""
        if math.isfinite(width):
            self.aimed += PACE * (self.share - (abs(error) > width))
        bisect.insort(self.scores, abs(error))

    def width(self) -> float:
        """The largest error where a larger one is wanted than was ever seen; NaN where too few were."""
        if rank(len(self.scores), self.level) is None:
            return math.nan
        position = rank(len(self.scores), 100 * (1 - self.aimed))
        return self.scores[-1 if position is None else max(position, 1) - 1]


def half_widths(errors: Numbers, origins: Origins, level: float) -> Numbers:
    """How far an interval goes to each side of the point: (F, H), NaN where too few errors had been seen.

    errors: (F, H), NaN where a value is missing.
    """
    return _widths(errors, origins, level)[0]


def ahead(errors: Numbers, origins: Origins, level: float) -> Numbers:
    """The same for an origin after all of them have been seen: (H,)."""
    return _widths(errors, origins, level)[1]


def _widths(errors: Numbers, origins: Origins, level: float) -> tuple[Numbers, Numbers]:
    folds, horizon = errors.shape
    found, after = np.full((folds, horizon), np.nan), np.full(horizon, np.nan)
    for h in range(horizon):
        seen, first = _Seen(level), 0
        for k in range(folds + 1):
            while first < k and (k == folds or origins[first] + h + 1 <= origins[k]):
                if math.isfinite(errors[first, h]):
                    seen.see(float(errors[first, h]), float(found[first, h]))
                first += 1
            if k < folds:
                found[k, h] = seen.width()
        after[h] = seen.width()
    return found, after


def band(trials: int, level: float, confidence: float = 95) -> tuple[float, float]:
    """Between which shares the coverage of an exact interval lies by chance alone: two-sided, binomial."""
    if not trials:
        return 0.0, 1.0
    p, tail = level / 100, (1 - confidence / 100) / 2
    k = np.arange(trials + 1)
    logs = np.array([math.lgamma(trials + 1) - math.lgamma(i + 1) - math.lgamma(trials - i + 1) for i in k])
    up_to = np.cumsum(np.exp(logs + k * math.log(p) + (trials - k) * math.log1p(-p)))
    lower, upper = np.searchsorted(up_to, tail), np.searchsorted(up_to, 1 - tail)
    return int(lower) / trials, min(int(upper), trials) / trials
