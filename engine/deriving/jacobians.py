"""What a recurrent layer's own steps do to a gradient on its way back: their Jacobians, and how those multiply.

Knows no layer. J_t = d h_t / d h_(t-1) = diag(f'(z_t)) N_t W_h, where N_t is LayerNorm's own Jacobian, or nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.curves import Curve
from engine.deriving.layer_norm import normalised, scaled, sigma
from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def jacobians(sums: Array, recurrent: Array, *norm: Array, curve: Curve) -> Floats:
    """J_t of every step: sums (..., T, H), recurrent W_h (..., H, H), norm gain and shift (..., H). (..., T, H, H)."""
    steps = recurrent.astype(np.float64)[..., None, :, :]
    if norm:
        H, shown = sums.shape[-1], normalised(sums)
        through = np.eye(H) - 1 / H - shown[..., :, None] * shown[..., None, :] / H
        steps = norm[0].astype(np.float64)[..., None, :, None] / sigma(sums)[..., None, None] * (through @ steps)
    given = scaled(sums, *norm) if norm else sums.astype(np.float64)
    return curve.slope(given)[..., None] * steps


def product_of_norms(sums: Array, recurrent: Array, *norm: Array, curve: Curve) -> Floats:
    """By lag, the mean over the window of the product of ||J||_2 along the way: (..., T), 1 at lag 0.

    No gradient through this layer alone can be left with a larger share (Pascanu et al. 2013, eq. 7).
    """
    found = jacobians(sums, recurrent, *norm, curve=curve)
    return _by_lag(np.linalg.norm(np.where(np.isfinite(found), found, 0), 2, axis=(-2, -1)))


def radius(recurrent: Array, steps: int) -> Floats:
    """|lambda|^lag: what is left where each step multiplied by the largest eigenvalue of W_h: (..., steps)."""
    largest = np.abs(np.linalg.eigvals(np.nan_to_num(recurrent.astype(np.float64)))).max(axis=-1)
    return np.asarray(largest[..., None] ** np.arange(steps))


def through_gates(forget: Array) -> Floats:
    """By lag, the mean over window and units of the product of forget gates (..., T, H) along the way: (..., T)."""
    return np.asarray(_by_lag(np.moveaxis(forget, -1, 0)).mean(axis=0))


def _by_lag(factors: Array) -> Floats:
    """The mean over the window of the product of the last factors (..., T), none at lag 0: (..., T)."""
    left = np.ones_like(factors, dtype=np.float64)
    found = [left.mean(axis=-1)]
    for lag in range(1, factors.shape[-1]):
        left = left[..., 1:] * factors[..., 1 : factors.shape[-1] - lag + 1]
        found.append(left.mean(axis=-1))
    return np.stack(found, axis=-1)
