"""LayerNorm over the rows of a block, forward and backward, compiled. Knows no cell.

Axes: R rows that are normalised together, B batch. The batch is the last axis, so that sums over rows are taken in
the same order whatever the width of the processor's registers.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array

_ONE, EPSILON = np.float32(1), np.float32(1e-5)


@compiled()
def normalise(block: Array, gain: Array, shift: Array, normal: Array, scale: Array) -> None:
    """block (R, B) <- gain normal + shift, with normal (R, B) = (block - mean) scale, scale (B,) = 1 / deviation."""
    R, B = block.shape
    mean = np.zeros(B, np.float32)
    for r in range(R):
        for b in range(B):
            mean[b] += block[r, b]
    for b in range(B):
        mean[b] /= np.float32(R)
        scale[b] = 0
    for r in range(R):
        for b in range(B):
            away = block[r, b] - mean[b]
            normal[r, b] = away
            scale[b] += away * away
    for b in range(B):
        scale[b] = _ONE / np.sqrt(scale[b] / np.float32(R) + EPSILON)
    for r in range(R):
        for b in range(B):
            normal[r, b] *= scale[b]
            block[r, b] = gain[r] * normal[r, b] + shift[r]


@compiled()
def adjoint(block: Array, gain: Array, normal: Array, scale: Array, d_gain: Array, d_shift: Array) -> None:
    """block (R, B): the gradient after LayerNorm becomes the one before; d_gain, d_shift (R, B) are added to.

    d_gain and d_shift keep the batch apart: their sum over it is the gradient of gain and shift.
    """
    R, B = block.shape
    mean, along = np.zeros(B, np.float32), np.zeros(B, np.float32)
    for r in range(R):
        for b in range(B):
            d_gain[r, b] += block[r, b] * normal[r, b]
            d_shift[r, b] += block[r, b]
            d_normal = block[r, b] * gain[r]
            block[r, b] = d_normal
            mean[b] += d_normal
            along[b] += d_normal * normal[r, b]
    for b in range(B):
        mean[b] /= np.float32(R)
        along[b] /= np.float32(R)
    for r in range(R):
        for b in range(B):
            block[r, b] = scale[b] * (block[r, b] - mean[b] - along[b] * normal[r, b])
