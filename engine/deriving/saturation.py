"""Where activations stand on their curves: what they are given, how steep it is there. Knows no layer."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.typing import NDArray

from engine.curves import BINS, Curve
from engine.deriving.layer_norm import scaled
from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def saturated(values: Array, low: float, high: float) -> Floats:
    """The share of units below `low` or above `high`, where their curve is flat: (..., T, H) -> (..., T)."""
    return np.asarray(np.mean((values < low) | (values > high), axis=-1))


def given(sums: Array, *norm: Array, block: tuple[int, int]) -> Floats:
    """What an activation is given: its columns of the sums (..., T, R), normalised where there are gain and shift."""
    return (scaled(sums, *norm) if norm else sums.astype(np.float64))[..., slice(*block)]


def slope(sums: Array, *norm: Array, block: tuple[int, int], curve: Curve) -> Floats:
    """f'(z): the share of a gradient that passes. (..., T, R) -> (..., T, H)."""
    return curve.slope(given(sums, *norm, block=block))


def spread(sums: Array, *norm: Array, block: tuple[int, int], curve: Curve, axes: int = 2) -> Floats:
    """The share of sums in each of the curve's bins; what lies beyond counts in the outermost: (..., BINS).

    axes: how many the sums have of their own; 1 where they have no time step.
    """
    z = given(sums, *norm, block=block)
    flat = z.reshape(-1, prod(z.shape[-axes:]))
    kept = [np.clip(row[~np.isnan(row)], -curve.reach, curve.reach) for row in flat]
    counted = [np.histogram(row, curve.edges)[0] / max(len(row), 1) for row in kept]
    return np.reshape(counted, (*z.shape[:-axes], BINS))


def flat_by_unit(sums: Array, *norm: Array, block: tuple[int, int], curve: Curve, axes: int = 2) -> Floats:
    """The share of time steps at which each unit's curve is flat: (..., T, R) -> (..., H); axes as in `spread`."""
    values, (low, high) = curve.value(given(sums, *norm, block=block)), curve.flat
    return np.asarray(np.mean((values < low) | (values > high), axis=tuple(range(-axes, -1))))
