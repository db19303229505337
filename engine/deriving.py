"""Signals made from other signals by arithmetic: pure functions of arrays, each with its axes. Know no model, no torch.

T is time in the window, H units, "..." any axes before them (updates). Arithmetic is float64; what comes in is float32.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array

Floats = NDArray[np.float64]

EPSILON = 1e-5  # inside the square root of LayerNorm, as the networks have it


def provenance(input_gate: Array, forget_gate: Array, candidate: Array) -> Floats:
    """Since when an LSTM's cell remembers what: P[t, k] = (product of f_j for j = k+1..t) i_k g_k.

    Each (..., T, H) -> (..., T held at, T written at, H); zero above the diagonal. Over k it sums to c_t exactly as
    the cell is made, with LayerNorm too: that norms what is read from the cell, not what it keeps.
    """
    written = input_gate.astype(np.float64) * candidate
    kept = forget_gate.astype(np.float64)[..., None, :]
    T = written.shape[-2]
    found = np.zeros((*written.shape[:-2], T, *written.shape[-2:]))
    for t in range(T):
        if t:
            found[..., t, :t, :] = kept[..., t, :, :] * found[..., t - 1, :t, :]
        found[..., t, t, :] = written[..., t, :]
    return found


def saturated(values: Array, low: float, high: float) -> Floats:
    """The share of units below `low` or above `high`, where their curve is flat: (..., T, H) -> (..., T)."""
    return np.asarray(np.mean((values < low) | (values > high), axis=-1))


def mean(values: Array) -> Floats:
    """LayerNorm's mean, over the units at each time step: (..., T, H) -> (..., T)."""
    return np.asarray(np.mean(values, axis=-1, dtype=np.float64))


def sigma(values: Array) -> Floats:
    """LayerNorm's deviation: the root of the variance over the units, with its epsilon: (..., T, H) -> (..., T)."""
    return np.asarray(np.sqrt(np.var(values, axis=-1, dtype=np.float64) + EPSILON))


def normalised(values: Array) -> Floats:
    """What LayerNorm makes of values before its gain and shift: (..., T, H) -> (..., T, H)."""
    return (values - mean(values)[..., None]) / sigma(values)[..., None]


def by_lag(triangle: Array) -> Floats:
    """The mean gradient by how far it travelled: (..., T loss, T source) -> (..., T lag), lag 0 first."""
    T = triangle.shape[-1]
    lags = [np.diagonal(triangle, -lag, -2, -1).mean(axis=-1, dtype=np.float64) for lag in range(T)]
    return np.stack(lags, axis=-1)


def earlier(states: Array) -> Array:
    """What each time step found: the states one step before, zeros first. (..., T, H) -> (..., T, H)."""
    found = np.zeros_like(states)
    found[..., 1:, :] = states[..., :-1, :]
    return found


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


def update_ratio(weights: Array, before: Array, shapes: Mapping[str, tuple[int, ...]]) -> Floats:
    """How large a step is beside what it changes: |w - w before| / |w before|, (..., P) -> (..., parameters)."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
    steps, sizes = (np.split(flat, ends, axis=-1) for flat in (weights.astype(np.float64) - before, before))
    with np.errstate(divide="ignore", invalid="ignore"):  # a parameter that is zero grows infinitely
        norms = [np.linalg.norm(s, axis=-1) / np.linalg.norm(w, axis=-1) for s, w in zip(steps, sizes, strict=True)]
    return np.stack(norms, axis=-1)


def receptive_field(sensitivity: Array) -> int:
    """How many last inputs the forecast depends on at all, measured: (..., T) -> 1 + the largest lag that moves it."""
    moved = np.flatnonzero(np.any(sensitivity.reshape(-1, sensitivity.shape[-1]) != 0, axis=0))
    return int(sensitivity.shape[-1] - moved[0]) if len(moved) else 0
