"""The last layer and the loss, forward and backward, compiled: engine/training/head.py and engine/preparing/losses.py.

Knows no layer below. Axes as in the batch beside it; `seen` (T + 1, K, B) is the topmost layer's, its first H rows h.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array

COSTS = ("mse", "mae", "huber")
_ONE, _TWO = np.float32(1), np.float32(2)


@compiled()
def read_out(W_y: Array, b_y: Array, W_ahead: Array, seen: Array, told: Array, forecast: Array) -> None:
    """forecast (S, J, B) <- W_y h + b_y + W_ahead . told. W_ahead (J, k), told (S, J, k, B)."""
    S, J, B = forecast.shape
    H, first = W_y.shape[1], seen.shape[0] - S
    for s in range(S):
        np.dot(W_y, seen[first + s, :H], forecast[s])
        for j in range(J):
            for b in range(B):
                forecast[s, j, b] += b_y[j]
            for k in range(W_ahead.shape[1]):
                for b in range(B):
                    forecast[s, j, b] += W_ahead[j, k] * told[s, j, k, b]


@compiled()
def judge(cost: int, forecast: Array, targets: Array, slope: Array) -> float:
    """The mean cost, by its place in COSTS; slope (S, J, B) <- its gradient with respect to the forecast."""
    S, J, B = forecast.shape
    total, each = 0.0, np.float32(1 / forecast.size)
    for s in range(S):
        for j in range(J):
            for b in range(B):
                e = forecast[s, j, b] - targets[s, j, b]
                size = abs(e)
                if cost == 0:
                    total += e * e
                    d = _TWO * e
                elif cost == 2 and size <= _ONE:
                    total += e * e / _TWO
                    d = e
                else:
                    total += size - _ONE / _TWO if cost == 2 else size
                    d = np.sign(e)
                slope[s, j, b] = d * each
    return total / forecast.size


@compiled()
def give_back(
    W_y: Array, seen: Array, told: Array, slope: Array, d_W: Array, d_b: Array, d_ahead: Array, dh: Array
) -> None:
    """The gradients of the last layer, and dh (T, H, B), zero but at the steps that a forecast is read at.

    slope (S, J, B): of the loss with respect to the forecast.
    """
    S, J, B = slope.shape
    H, first = W_y.shape[1], seen.shape[0] - S
    d_W[:], d_ahead[:] = 0, 0
    part, d_forecast = np.empty((J, H), np.float32), np.zeros(J)  # float64: what cancels leaves nothing
    for s in range(S):
        np.dot(slope[s], seen[first + s, :H].T, part)
        np.dot(W_y.T, slope[s], dh[first + s - 1])
        for j in range(J):
            for h in range(H):
                d_W[j, h] += part[j, h]
            for b in range(B):
                d_forecast[j] += slope[s, j, b]
                for k in range(d_ahead.shape[1]):
                    d_ahead[j, k] += slope[s, j, b] * told[s, j, k, b]
    d_b[:] = d_forecast
