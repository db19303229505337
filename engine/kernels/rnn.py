"""The plain RNN's recurrence, compiled: the equation of engine/models/rnn.py and its adjoint, one layer.

Knows neither torch nor what comes before or after the layer. Axes and layout as in the LSTM beside it.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.kernels.elementwise import add_all, tanh_all
from engine.nouns.frame import Array

_ONE = np.float32(1)


@compiled()
def forward(joined: Array, seen: Array) -> None:
    """joined (H, K): W_h, W_x and b side by side. seen (T + 1, K, B): x and 1 are there, h is written."""
    T, H, B = seen.shape[0] - 1, joined.shape[0], seen.shape[2]
    seen[0, :H] = 0
    for t in range(T):
        h = seen[t + 1, :H]
        np.dot(joined, seen[t], h)
        tanh_all(h.reshape(H * B))


@compiled()
def backward(W_x: Array, W_h: Array, seen: Array, dh: Array, dx: Array) -> Array:
    """The gradient of `joined` (H, K).

    dh (T, H, B): the loss with respect to each h_t, at first only what comes from above the layer, then all of it.
    dx (T, F, B): filled; empty where it is not wanted.
    """
    T, H, B = dh.shape
    d_joined, part = np.zeros((H, seen.shape[1]), np.float32), np.empty((H, seen.shape[1]), np.float32)
    d_before, dz = np.empty((H, B), np.float32), np.empty((H, B), np.float32)
    for t in range(T - 1, -1, -1):
        _adjoint(seen[t + 1, :H].reshape(H * B), dh[t].reshape(H * B), dz.reshape(H * B))
        np.dot(dz, seen[t].T, part)
        add_all(d_joined.reshape(d_joined.size), part.reshape(part.size))
        if t > 0:
            np.dot(W_h.T, dz, d_before)
            add_all(dh[t - 1].reshape(H * B), d_before.reshape(H * B))
        if dx.size:
            np.dot(W_x.T, dz, dx[t])
    return d_joined


@compiled()
def _adjoint(h: Array, dh: Array, dz: Array) -> None:
    """dz = dh (1 - h^2)."""
    for n in range(h.size):
        dz[n] = dh[n] * (_ONE - h[n] * h[n])
