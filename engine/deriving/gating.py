"""A gated convolution as its kernel slides: two sums at every step, one for tanh, one for sigmoid. Knows no layer.

K taps, C channels, D columns below; the kernel (2C, D, K) has the filter's rows first, then the gate's. Tap k of the
output at t lies on the input at t - (K-1-k) dilation, zero before the first step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.deriving.convolution import places, windows
from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def reached(size: int, dilation: int) -> int:
    """How many values, the last at its own step, an output depends on."""
    return (size - 1) * dilation + 1


def spots(incoming: Array, size: int, dilation: int) -> Floats:
    """Which time step of the window, counted from 1, each tap lies on: (..., T, K)."""
    return places(incoming, reached(size, dilation))[..., ::dilation]


def terms(kernel: Array, bias: Array, incoming: Array, block: tuple[int, int], dilation: int) -> Floats:
    """What a branch's sum is made of, each tap over all columns and the bias, then the sum: (..., T, C, K + 2)."""
    rows = kernel[..., slice(*block), :, :].astype(np.float64)
    under = windows(incoming, reached(kernel.shape[-1], dilation))[..., ::dilation]
    taps = np.einsum("...cdk,...tdk->...tck", rows, under)
    own = np.broadcast_to(bias[..., None, slice(*block), None].astype(np.float64), (*taps.shape[:-1], 1))
    parts = np.concatenate([taps, own], axis=-1)
    return np.concatenate([parts, parts.sum(axis=-1, keepdims=True)], axis=-1)


def filtered(sums: Array) -> Floats:
    """What the filter says, between -1 and 1: (..., T, 2C) -> (..., T, C)."""
    return np.tanh(sums[..., : sums.shape[-1] // 2].astype(np.float64))


def opened(sums: Array) -> Floats:
    """How far the gate is open, between 0 and 1: (..., T, 2C) -> (..., T, C)."""
    return 1 / (1 + np.exp(-sums[..., sums.shape[-1] // 2 :].astype(np.float64)))


def account(sums: Array, out: Array) -> Floats:
    """Filter's sum, its tanh, gate's sum, its sigmoid, their product: (..., T, C, 1, 5)."""
    first, second = np.split(sums.astype(np.float64), 2, axis=-1)
    numbers = [first, filtered(sums), second, opened(sums), out.astype(np.float64)]
    return np.stack(numbers, axis=-1)[..., None, :]
