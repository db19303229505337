"""What the horizon theatre and its curves are drawn from: one strategy's answers, and the colours that tell them apart.

Knows no run file and no figure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.views.palette import turn
from engine.strategies.names import STRATEGIES, Strategy

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Lane:
    """One strategy's answers from many origins, in the unit of the series, each (N, horizon).

    window: how many values it saw. point, guided, truth: as engine.strategies.answers has them. radius: half the
    width of an interval per origin and step; NaN where too little was known to draw one.
    """

    strategy: Strategy
    title: str
    window: int
    point: Numbers
    guided: Numbers
    truth: Numbers
    radius: Numbers

    @property
    def colour(self) -> str:
        return turn(STRATEGIES.index(self.strategy))

    @property
    def feeds_back(self) -> bool:
        """Whether a step is made from the steps before it."""
        return self.strategy != "direct"

    def mean_error(self) -> Numbers:
        """Mean size of the error at each step, over the origins whose truth is known."""
        return _mean(self.truth - self.point)

    def mean_own(self) -> Numbers:
        return _mean(self.truth - self.guided)

    def mean_inherited(self) -> Numbers:
        return _mean(self.guided - self.point)


def _mean(errors: Numbers) -> Numbers:
    counted = np.isfinite(errors)
    total = np.where(counted, np.abs(errors), 0).sum(axis=0)
    return np.where(counted.any(axis=0), total / np.maximum(counted.sum(axis=0), 1), np.nan)


def naive(values: Numbers, origins: NDArray[np.int64], period: int, horizon: int) -> Numbers:
    """The value one season before, the last season repeated; the last value where there is no season: (N, horizon)."""
    season = period if 1 < period <= origins.min(initial=len(values)) else 1
    return np.asarray(values[origins[:, None] - season + np.arange(horizon) % season])
