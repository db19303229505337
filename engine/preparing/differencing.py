"""Differences of a series and their exact inverse. Know neither scale nor split.

    z = (1 - B)^d (1 - B^m)^D w,   B steps back by one

Box, Jenkins, Reinsel and Ljung 2015, section 9.1. A value needs the d + D m before it, and nothing after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Differences:
    """How often changes are taken: from the value before, and from the value a season of `period` steps before."""

    ordinary: int = 0
    seasonal: int = 0
    period: int = 1

    @property
    def lost(self) -> int:
        """How many values at the start have no difference."""
        return self.ordinary + self.seasonal * self.period

    @property
    def lags(self) -> list[int]:
        """How far back each difference reaches, in the order in which they are taken."""
        return [self.period] * self.seasonal + [1] * self.ordinary

    @cached_property
    def weights(self) -> dict[int, float]:
        """The factor of each value in a difference, by how many steps it lies back; that of lag 0 is 1."""
        factors = np.ones(1)
        for lag in self.lags:
            factors = np.convolve(factors, [1.0, *[0.0] * (lag - 1), -1.0])
        return {int(lag): float(factors[lag]) for lag in np.nonzero(factors)[0]}

    def apply(self, values: Floats) -> Floats:
        """The differences of values (n,), with NaN for those that are lost."""
        found = np.array(values, np.float64)
        for lag in self.lags:
            found = np.append(np.full(min(lag, len(found)), np.nan), found[lag:] - found[:-lag])
        return found

    def undo(self, changes: Floats, values: Floats, origins: NDArray[np.int64]) -> Floats:
        """The values (..., h) whose differences are `changes` (..., h), after the first `origins` (...) of `values`."""
        if not self.lost:
            return np.array(changes, np.float64)
        steps = np.arange(-self.lost, 0)
        before = np.asarray(values)[np.asarray(origins)[..., None] + steps]  # (..., lost)
        found = np.empty((*changes.shape[:-1], self.lost + changes.shape[-1]))
        found[..., : self.lost] = before
        for at in range(self.lost, found.shape[-1]):
            earlier = sum(factor * found[..., at - lag] for lag, factor in self.weights.items() if lag)
            found[..., at] = changes[..., at - self.lost] - earlier
        return found[..., self.lost :]
