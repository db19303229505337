"""The LSTM's recurrence, compiled: the equations of engine/models/lstm.py and their adjoints, one layer.

Knows neither torch nor what comes before or after the layer. Axes: T time, B batch, H units, F features,
K = H + F + 1. The batch is the last axis, so that each gate of one time step is one contiguous block (H, B).
`joined` (4H, K) is W_h, W_x, b side by side and `seen` holds at t what the cell sees there, (h_(t-1), x_t, 1),
so that one matrix product is W_h h_(t-1) + W_x x_t + b.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.compiling import compiled
from engine.kernels.elementwise import add_all, sigma_all, tanh_all
from engine.kernels.layer_norm import adjoint, normalise
from engine.nouns.frame import Array

_ONE = np.float32(1)

Norms = tuple[Array, Array, Array, Array]
"""gain_z, shift_z (4H,), gain_c, shift_c (H,); all empty where there is no LayerNorm."""
Memory = tuple[Array, Array, Array]
"""gates (T, 4, H, B): i, f, g, o. cells (T + 1, H, B): c before each step, then the last. reads (T, H, B): tanh."""
Normal = tuple[Array, Array, Array, Array]
"""Of z (T, 4H, B), (T, B) and of c (T, H, B), (T, B): normalised values and one over their deviation."""


@compiled()
def forward(joined: Array, norms: Norms, seen: Array, memory: Memory, normal: Normal) -> None:
    """Fill what is empty, step by step. seen (T + 1, K, B): x and 1 are there, h is written."""
    gates, cells, reads = memory
    T, _, H, B = gates.shape
    n = H * B
    seen[0, :H] = 0
    cells[0] = 0
    for t in range(T):
        z, c, read = gates[t], cells[t + 1], reads[t]
        np.dot(joined, seen[t], z.reshape(4 * H, B))
        if norms[0].size:
            normalise(z.reshape(4 * H, B), norms[0], norms[1], normal[0][t], normal[1][t])
        sigma_all(z[:2].reshape(2 * n))
        tanh_all(z[2].reshape(n))
        sigma_all(z[3].reshape(n))
        _write(z.reshape(4, n), cells[t].reshape(n), c.reshape(n), read.reshape(n))
        if norms[0].size:
            normalise(read, norms[2], norms[3], normal[2][t], normal[3][t])
        tanh_all(read.reshape(n))
        _read(z[3].reshape(n), read.reshape(n), seen[t + 1, :H].reshape(n))


@compiled()
def _write(z: Array, before: Array, c: Array, copy: Array) -> None:
    """c = f c_(t-1) + i g, twice."""
    i, f, g = z[0], z[1], z[2]
    for n in range(c.size):
        c[n] = f[n] * before[n] + i[n] * g[n]
        copy[n] = c[n]


@compiled()
def _read(o: Array, read: Array, h: Array) -> None:
    """h = o tanh(c)."""
    for n in range(h.size):
        h[n] = o[n] * read[n]


@compiled()
def backward(
    W_x: Array, W_h: Array, norms: Norms, seen: Array, memory: Memory, normal: Normal, dh: Array, dc: Array, dx: Array
) -> tuple[Array, Norms]:
    """The gradients of `joined`, and of `norms` with the batch kept apart; `memory` is used up.

    dh (T, H, B): the loss with respect to each h_t, at first only what comes from above the layer, then all of it.
    dc (H * B,): with respect to the last c, likewise. dx (T, F, B): filled; empty where it is not wanted.
    """
    gates, cells, reads = memory
    T, _, H, B = gates.shape
    n, K = H * B, seen.shape[1]
    d_joined, part = np.zeros((4 * H, K), np.float32), np.empty((4 * H, K), np.float32)
    d_before = np.empty((H, B), np.float32)
    R_z, R_c = norms[0].size, norms[2].size
    d_norms = (np.zeros((R_z, B), np.float32), np.zeros((R_z, B), np.float32),
               np.zeros((R_c, B), np.float32), np.zeros((R_c, B), np.float32))  # fmt: skip
    for t in range(T - 1, -1, -1):
        z, read = gates[t], reads[t]
        dz = z.reshape(4 * H, B)
        _unread(z[3].reshape(n), read.reshape(n), dh[t].reshape(n))
        if R_z:
            adjoint(read, norms[2], normal[2][t], normal[3][t], d_norms[2], d_norms[3])
        _unwrite(z.reshape(4, n), cells[t].reshape(n), read.reshape(n), dc)
        if R_z:
            adjoint(dz, norms[0], normal[0][t], normal[1][t], d_norms[0], d_norms[1])
        np.dot(dz, seen[t].T, part)
        add_all(d_joined.reshape(d_joined.size), part.reshape(part.size))
        if t > 0:
            np.dot(W_h.T, dz, d_before)
            add_all(dh[t - 1].reshape(n), d_before.reshape(n))
        if dx.size:
            np.dot(W_x.T, dz, dx[t])
    return d_joined, d_norms


@compiled()
def _unread(o: Array, read: Array, dh: Array) -> None:
    """o and tanh become the gradients before their activation."""
    for n in range(dh.size):
        o_n = o[n]
        o[n] = dh[n] * read[n] * o_n * (_ONE - o_n)
        read[n] = dh[n] * o_n * (_ONE - read[n] * read[n])


@compiled()
def _unwrite(z: Array, before: Array, from_read: Array, dc: Array) -> None:
    """i, f and g (in z) become the gradients before their activation; dc goes one step back in time."""
    i, f, g = z[0], z[1], z[2]
    for n in range(dc.size):
        d, i_n, f_n, g_n = dc[n] + from_read[n], i[n], f[n], g[n]
        i[n] = d * g_n * i_n * (_ONE - i_n)
        f[n] = d * before[n] * f_n * (_ONE - f_n)
        g[n] = d * i_n * (_ONE - g_n * g_n)
        dc[n] = d * f_n
