"""A kernel as it slides over the input, tap by tap, forwards and backwards. Knows no layer.

K taps, C channels, D columns; tap k of the output at t lies on the input at t - (K-1-k), zero before the first step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def places(incoming: Array, size: int) -> Floats:
    """Which time step of the window, counted from 1, each tap lies on: (..., T, K); 0 and below lie before it."""
    T = incoming.shape[-2]
    found = np.arange(1, T + 1)[:, None] - np.arange(size - 1, -1, -1)
    return np.broadcast_to(found.astype(np.float64), (*incoming.shape[:-2], T, size))


def windows(incoming: Array, size: int) -> Floats:
    """What lies under each tap: (..., T, D) -> (..., T, D, K)."""
    room = [(0, 0)] * (incoming.ndim - 2) + [(size - 1, 0), (0, 0)]
    padded = np.pad(incoming.astype(np.float64), room)
    return np.lib.stride_tricks.sliding_window_view(padded, size, axis=-2)


def seen(incoming: Array, size: int, column: int) -> Floats:
    """The same of one column: (..., T, K)."""
    return np.asarray(windows(incoming, size)[..., column, :])


def column_of(values: Array, column: int, axis: int) -> Array:
    """One column of an input (..., T, D), axis -1, or of a kernel (..., C, D, K), axis -2."""
    return np.asarray(np.take(values, column, axis=axis))


def products(kernel: Array, incoming: Array) -> Floats:
    """What each tap puts into the sum, over the columns: kernel (..., C, D, K) -> (..., T, C, K)."""
    return np.asarray(
        np.einsum("...cdk,...tdk->...tck", kernel.astype(np.float64), windows(incoming, kernel.shape[-1]))
    )


def sums(kernel: Array, bias: Array, incoming: Array) -> Floats:
    """The convolution: all products and the bias (..., C) together, (..., T, C)."""
    return np.asarray(products(kernel, incoming).sum(axis=-1) + bias[..., None, :])


def through_relu(gradient: Array, output: Array) -> Floats:
    """The gradient with respect to what relu was given: that of its output, where it let something through."""
    return np.where(output > 0, gradient, 0.0).astype(np.float64)


def correlated(gradient: Array, output: Array, incoming: Array, size: int, column: int) -> Floats:
    """What each time step adds to the kernel's gradient: its error times what lay under each tap. (..., T, C, K)."""
    delta = through_relu(gradient, output)
    return delta[..., None] * seen(incoming, size, column)[..., None, :]


def gathered(gradient: Array, output: Array, incoming: Array, size: int, column: int) -> Floats:
    """The kernel's gradient as it stands when backward, from the last step to the first, has come to each step."""
    added = correlated(gradient, output, incoming, size, column)
    return np.flip(np.cumsum(np.flip(added, axis=-3), axis=-3), axis=-3)
