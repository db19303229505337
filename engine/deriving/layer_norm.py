"""LayerNorm's steps, over the last axis of each time step. Knows no layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array

Floats = NDArray[np.float64]

EPSILON = 1e-5  # inside the square root of LayerNorm, as the networks have it


def mean(values: Array) -> Floats:
    """LayerNorm's mean, over the units at each time step: (..., T, H) -> (..., T)."""
    return np.asarray(np.mean(values, axis=-1, dtype=np.float64))


def sigma(values: Array) -> Floats:
    """LayerNorm's deviation: the root of the variance over the units, with its epsilon: (..., T, H) -> (..., T)."""
    return np.asarray(np.sqrt(np.var(values, axis=-1, dtype=np.float64) + EPSILON))


def centred(values: Array) -> Floats:
    """LayerNorm's first step: values less their mean: (..., T, H) -> (..., T, H)."""
    return np.asarray(values - mean(values)[..., None])


def normalised(values: Array) -> Floats:
    """What LayerNorm makes of values before its gain and shift: (..., T, H) -> (..., T, H)."""
    return centred(values) / sigma(values)[..., None]


def scaled(values: Array, gain: Array, shift: Array) -> Floats:
    """All that LayerNorm makes of values: gain and shift (..., H) are the same at every time step."""
    return gain[..., None, :] * normalised(values) + shift[..., None, :]


def level(values: Array, away: float) -> Floats:
    """mean + away sigma at each time step, twice: the ends of a level line. (..., T, H) -> (..., T, 2)."""
    return np.repeat((mean(values) + away * sigma(values))[..., None], 2, axis=-1)
