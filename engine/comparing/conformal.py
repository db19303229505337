"""Split-conformal intervals from the errors of past origins. Know no forecaster, and nothing of its model.

Vovk, Gammerman and Shafer, 2005; Lei et al., 2018. An origin's intervals are calibrated on errors that had been seen
by then: of earlier origins, at the same step ahead, whose value had come. Where those are fewer than the level needs
(9 for 90 %), there is no interval.
"""

from __future__ import annotations

import bisect
import math

import numpy as np

from engine.comparing.origins import Origins
from engine.nouns.forecast import Numbers


def rank(scores: int, level: float) -> int | None:
    """Which of the ascending scores bounds the interval, counted from 1; None where there are too few."""
    position = math.ceil((scores + 1) * level / 100 - 1e-9)
    return position if position <= scores else None


def half_widths(errors: Numbers, origins: Origins, level: float) -> Numbers:
    """How far an interval goes to each side of the point: (F, H), NaN where too few errors had been seen.

    errors: (F, H), NaN where a value is missing.
    """
    folds, horizon = errors.shape
    found = np.full((folds, horizon), np.nan)
    for h in range(horizon):
        scores: list[float] = []
        seen = 0
        for k, origin in enumerate(origins):
            while seen < k and origins[seen] + h + 1 <= origin:
                if math.isfinite(errors[seen, h]):
                    bisect.insort(scores, abs(float(errors[seen, h])))
                seen += 1
            position = rank(len(scores), level)
            if position is not None:
                found[k, h] = scores[position - 1]
    return found


def ahead(errors: Numbers, level: float) -> Numbers:
    """The same for an origin after all of them have been seen: (H,)."""
    found = np.full(errors.shape[1], np.nan)
    for h, column in enumerate(np.abs(errors).T):
        scores = np.sort(column[np.isfinite(column)])
        position = rank(len(scores), level)
        if position is not None:
            found[h] = scores[position - 1]
    return found


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
