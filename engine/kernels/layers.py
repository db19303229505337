"""The compiled layers on plain arrays, with what each keeps on the way forward for the way back. Knows no torch.

Axes as in the LSTM's kernel. `seen` (T + 1, H + F + 1, B): h, x and 1 at each time step.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from engine.kernels import lstm as lstm_kernel
from engine.kernels import rnn as rnn_kernel
from engine.kernels.path import Kernel
from engine.nouns.frame import Array

NORMS = ("gain_z", "shift_z", "gain_c", "shift_c")
"""What LayerNorm adds to a layer, in the order of `norms`."""
Norms = tuple[Array, ...]


def empty(*shape: int) -> Array:
    return np.empty(shape, np.float32)


def _rnn_forward(W_x: Array, W_h: Array, b: Array, norms: Norms, seen: Array) -> None:  # noqa: ARG001
    rnn_kernel.forward(_joined(W_x, W_h, b), seen)


def _rnn_backward(
    W_x: Array, W_h: Array, norms: Norms, seen: Array, kept: None, dh: Array, dc: Array, dx: Array  # noqa: ARG001
) -> tuple[Array, Norms]:  # fmt: skip
    return rnn_kernel.backward(W_x, W_h, seen, dh, dx), ()


def _lstm_forward(
    W_x: Array, W_h: Array, b: Array, norms: Norms, seen: Array
) -> tuple[lstm_kernel.Memory, lstm_kernel.Normal]:
    (T, B), H = (len(seen) - 1, seen.shape[2]), W_h.shape[1]
    N = T if norms else 0
    memory = empty(T, 4, H, B), empty(T + 1, H, B), empty(T, H, B)
    normal = empty(N, 4 * H, B), empty(N, B), empty(N, H, B), empty(N, B)
    lstm_kernel.forward(_joined(W_x, W_h, b), _four(norms), seen, memory, normal)
    return memory, normal


def _lstm_backward(
    W_x: Array, W_h: Array, norms: Norms, seen: Array, kept: Any, dh: Array, dc: Array, dx: Array
) -> tuple[Array, Norms]:
    memory, normal = kept
    d_joined, d_norms = lstm_kernel.backward(W_x, W_h, _four(norms), seen, memory, normal, dh, dc.reshape(dc.size), dx)
    return d_joined, tuple(d.sum(1) for d in d_norms if d.size)


def _joined(W_x: Array, W_h: Array, b: Array) -> Array:
    """W_h, W_x and b side by side, (rows, H + F + 1)."""
    return np.concatenate((W_h, W_x, b[:, None]), 1)


def _four(norms: Norms) -> lstm_kernel.Norms:
    return norms or (empty(0),) * 4  # type: ignore[return-value]


class Layer(NamedTuple):
    """forward(W_x, W_h, b, norms, seen): fills h in `seen`, hands out what is kept for the way back.

    backward(W_x, W_h, norms, seen, kept, dh, dc, dx): the gradients of W_h, W_x and b side by side and of each of
    `norms`. dh (T, H, B): of the loss with respect to each h_t by what lies above, afterwards by all; dc (H, B): to
    the last cell state, used up, as `kept` is; dx (T, F, B): filled, empty where nobody wants it.
    """

    forward: Callable[[Array, Array, Array, Norms, Array], Any]
    backward: Callable[[Array, Array, Norms, Array, Any, Array, Array, Array], tuple[Array, Norms]]


LAYERS: dict[Kernel, Layer] = {
    "rnn": Layer(_rnn_forward, _rnn_backward),
    "lstm": Layer(_lstm_forward, _lstm_backward),
}
