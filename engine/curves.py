"""The curves that bend a sum: value, slope, and where each no longer answers. Knows no network and no figure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 48


@dataclass(frozen=True)
class Curve:
    """flat: outputs below the first or above the second count as saturated. reach: how far from 0 it is drawn."""

    name: str
    formula: str
    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]
    flat: tuple[float, float]
    saturated: str
    """What `flat` says, in words."""
    reach: float

    @property
    def edges(self) -> Floats:
        """Of the bins that sums are counted in, (BINS + 1,); the first and the last take what lies beyond."""
        return np.linspace(-self.reach, self.reach, BINS + 1)

    @property
    def centres(self) -> Floats:
        return (self.edges[:-1] + self.edges[1:]) / 2


def _sigmoid(z: Floats) -> Floats:
    return np.asarray(0.5 * (1 + np.tanh(z / 2)))  # as 1 / (1 + e^-z), without overflow


CURVES = {
    "tanh": Curve(
        "tanh", "tanh(z)", np.tanh, lambda z: 1 - np.tanh(z) ** 2, (-0.97, 0.97), "below −0.97 or above 0.97", 4.0
    ),
    "sigmoid": Curve(
        "sigmoid", "σ(z) = 1 / (1 + e<sup>−z</sup>)", _sigmoid, lambda z: _sigmoid(z) * _sigmoid(-z),
        (0.05, 0.95), "below 0.05 or above 0.95", 8.0,
    ),
    "relu": Curve(
        "relu", "max(0, z)", lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(np.float64),
        (float(np.finfo(np.float32).tiny), np.inf), "at 0", 4.0,
    ),
}  # fmt: skip
