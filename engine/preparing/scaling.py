"""Scaling: a middle and a spread, learned from the training part alone. Knows no run and no split."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scaling = Literal["standard", "robust", "range", "power of ten", "none"]
NORMAL_QUARTILES = 1.3489795003921634  # between them a normal distribution has this many deviations


@dataclass(frozen=True)
class Scale:
    """Values are shown less their middle, in units of their spread."""

    middle: float
    spread: float

    def apply(self, values: Floats) -> Floats:
        return (np.asarray(values, np.float64) - self.middle) / self.spread

    def undo(self, scaled: Floats) -> Floats:
        return np.asarray(scaled, np.float64) * self.spread + self.middle


def _standard(known: Floats) -> Scale:
    return Scale(float(known.mean()), float(known.std()))


def _robust(known: Floats) -> Scale:
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    return Scale(float(middle), float(high - low) / NORMAL_QUARTILES)


def _range(known: Floats) -> Scale:
    return Scale(float(known.min()), float(np.ptp(known)))


def _power_of_ten(known: Floats) -> Scale:
    return Scale(0.0, 10.0 ** max(0, math.ceil(math.log10(np.abs(known).mean() or 1.0))))


def _none(known: Floats) -> Scale:  # noqa: ARG001 - every way to scale is asked alike
    return Scale(0.0, 1.0)


LEARNERS: dict[Scaling, Callable[[Floats], Scale]] = {
    "standard": _standard, "robust": _robust, "range": _range, "power of ten": _power_of_ten, "none": _none,
}  # fmt: skip
WORDS: dict[Scaling, tuple[str, str]] = {
    "standard": ("mean of the training part", "deviation of the training part"),
    "robust": ("median of the training part", "distance of its quartiles, over that of a normal distribution"),
    "range": ("lowest value of the training part", "its highest less its lowest value"),
    "power of ten": ("nothing is taken off", "the power of ten above the mean size in the training part"),
    "none": ("nothing is taken off", "nothing is divided by"),
}
"""What the middle and the spread are."""


def learn_scale(scaling: Scaling, values: Floats) -> Scale:
    """From the values that may be learned from; NaN where none is known."""
    known = values[np.isfinite(values)]
    return LEARNERS[scaling](known) if len(known) else Scale(float("nan"), float("nan"))
