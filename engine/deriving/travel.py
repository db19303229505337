"""How far gradients travel, read from the triangle of norms: (..., T loss, T source), NaN where there is no path."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def by_lag(triangle: Array) -> Floats:
    """The mean gradient by how far it travelled: (..., T loss, T source) -> (..., T lag), lag 0 first."""
    T = triangle.shape[-1]
    lags = [np.diagonal(triangle, -lag, -2, -1).mean(axis=-1, dtype=np.float64) for lag in range(T)]
    return np.stack(lags, axis=-1)


def by_lag_from_the_end(gradients: Array) -> Floats:
    """The same where every loss stands behind the last source: (..., losses, T source) -> (..., T lag)."""
    return np.asarray(np.flip(gradients.mean(axis=-2, dtype=np.float64), axis=-1))


def total(triangle: Array) -> Floats:
    """Each loss's sum over all its sources: (..., T loss)."""
    return np.asarray(np.nansum(triangle.astype(np.float64), axis=-1))


def share(triangle: Array) -> Floats:
    """Each source's part of its loss's total; NaN where nothing arrives anywhere."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(triangle / total(triangle)[..., None])


def listened(triangle: Array) -> Floats:
    """Each source's part of what a loss sends, over all losses alike: (..., T source)."""
    return np.asarray(share(triangle).mean(axis=-2))


def decay(means: Array) -> Floats:
    """Means by lag, as a share of what they are at lag 0: (..., T lag)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(means / means[..., :1])


def way(triangle: Array) -> Floats:
    """Of each gradient: itself, its share of what it began with, the factor at each step: (..., T, T, 3).

    The factor is the geometric mean over the steps travelled; NaN on the diagonal, where none was.
    """
    T = triangle.shape[-1]
    start = np.diagonal(triangle, 0, -2, -1)[..., None]
    return _travelled(triangle, start, np.arange(T)[:, None] - np.arange(T))


def way_from_the_end(gradients: Array) -> Floats:
    """The same where every loss stands behind the last source, where what it sends begins: (..., losses, T, 3)."""
    lags = np.arange(gradients.shape[-1])[::-1] + np.zeros((gradients.shape[-2], 1))
    return _travelled(gradients, gradients[..., -1:], lags)


def _travelled(gradients: Array, start: Array, lags: NDArray[Any]) -> Floats:
    size = gradients.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        left = size / start
        factor = np.where(lags > 0, left ** (1 / np.where(lags > 0, lags, 1)), np.nan)
    return np.stack([size, left, factor], axis=-1)


def receptive_field(sensitivity: Array) -> int:
    """How many last inputs the forecast depends on at all, measured: (..., T) -> 1 + the largest lag that moves it."""
    moved = np.flatnonzero(np.any(sensitivity.reshape(-1, sensitivity.shape[-1]) != 0, axis=0))
    return int(sensitivity.shape[-1] - moved[0]) if len(moved) else 0
