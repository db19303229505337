"""What each time step adds to a weight's gradient, and how large an update is beside its weights. Knows no layer."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def contributions(delta: Array, incoming: Array) -> Floats:
    """What each time step adds to a weight's gradient: the step's error times what came in.

    delta (..., T, R): gradient with respect to the sum that the weight is part of. incoming (..., T, F). Gives
    (..., T, R, F); over time it sums to dL/dW.
    """
    return delta.astype(np.float64)[..., :, None] * incoming.astype(np.float64)[..., None, :]


def kernel_contributions(delta: Array, incoming: Array, size: int, dilation: int) -> Floats:
    """The same for a causal convolution: delta (..., T, C), incoming (..., T, D) -> (..., T, C, D, K)."""
    T = delta.shape[-2]
    found = np.zeros((*delta.shape[:-1], delta.shape[-1], incoming.shape[-1], size))
    for k in range(size):
        lag = (size - 1 - k) * dilation
        if lag < T:
            found[..., lag:, :, :, k] = contributions(delta[..., lag:, :], incoming[..., : T - lag, :])
    return found


def by_block(delta: Array, incoming: Array, blocks: int) -> Floats:
    """The norm of dL/dW in each of its blocks of rows: (..., T, blocks R), (..., T, F) -> (..., blocks)."""
    gradient = np.swapaxes(delta.astype(np.float64), -1, -2) @ incoming  # (..., blocks R, F)
    return np.asarray(np.linalg.norm(gradient.reshape(*gradient.shape[:-2], blocks, -1), axis=-1))


def update_ratio(weights: Array, before: Array, shapes: Mapping[str, tuple[int, ...]]) -> Floats:
    """How large a step is beside what it changes: |w - w before| / |w before|, (..., P) -> (..., parameters)."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
    steps, sizes = (np.split(flat, ends, axis=-1) for flat in (weights.astype(np.float64) - before, before))
    with np.errstate(divide="ignore", invalid="ignore"):  # a parameter that is zero grows infinitely
        norms = [np.linalg.norm(s, axis=-1) / np.linalg.norm(w, axis=-1) for s, w in zip(steps, sizes, strict=True)]
    return np.stack(norms, axis=-1)
