"""One update's loss and gradient by kernels alone, from a series and window numbers to a flat gradient. Knows no torch.

A network here is recurrent layers of one kind on top of each other, then the last layer. Axes as in the batch.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels import descent, head
from engine.kernels.batch import gather
from engine.kernels.layers import LAYERS, NORMS, Layer, empty
from engine.kernels.path import Kernel
from engine.nouns.frame import Array


@dataclass(frozen=True)
class Columns:
    """What batches are gathered from, each as its kernel says: scaled (n,), beside (n, F - 1), known (n, k)."""

    scaled: Array
    beside: Array
    known: Array
    is_change: bool


@dataclass(frozen=True)
class Sizes:
    """T time steps, S of them (the last, or all) with a forecast of J steps each."""

    T: int
    S: int
    J: int


class Learning:
    """Calling it with the numbers of windows gives the loss and fills the gradients, which are views into one buffer.

    weights, gradients: by name, "W_x.1" and so on. cost: one of head.COSTS.
    """

    def __init__(
        self, kernel: Kernel, columns: Columns, sizes: Sizes, cost: str, weights: Mapping[str, Array],
        gradients: Mapping[str, Array],
    ) -> None:  # fmt: skip
        self.columns, self.sizes, self.cost = columns, sizes, head.COSTS.index(cost)
        count = sum(name.startswith("W_h.") for name in weights)
        self.layers = [_Own(LAYERS[kernel], weights, gradients, f".{n + 1}") for n in range(count)]
        none = empty(sizes.J, 0)
        self.last, self.of_last = (
            (by["W_y"], by["b_y"], by.get("W_ahead", none)) for by in (weights, gradients)
        )  # fmt: skip
        self.forecast = empty(0, 0, 0)
        """(S, J, B), of the last batch."""

    def __call__(self, starts: NDArray[np.int64]) -> float:
        """Of the batch of the windows that begin there."""
        (T, S, J), H, B = (self.sizes.T, self.sizes.S, self.sizes.J), self.last[0].shape[1], len(starts)
        of = self.columns
        seen, targets, told = (
            empty(T + 1, H + of.beside.shape[1] + 2, B),
            empty(S, J, B),
            empty(S, J, of.known.shape[1], B),
        )
        gather(of.scaled, of.beside, of.known, starts, of.is_change, seen, targets, told)
        passed = self._forward(seen)
        self.forecast, slope, dh = empty(S, J, B), empty(S, J, B), np.zeros((T, H, B), np.float32)
        head.read_out(*self.last, passed[-1][0], told, self.forecast)
        loss = head.judge(self.cost, self.forecast, targets, slope)
        head.give_back(self.last[0], passed[-1][0], told, slope, *self.of_last, dh)
        self._backward(passed, dh)
        return loss

    def _forward(self, seen: Array) -> list[tuple[Array, Any]]:
        """What each layer has seen and kept."""
        passed: list[tuple[Array, Any]] = []
        for layer in self.layers:
            seen = _above(passed[-1][0], layer.H) if passed else seen
            passed.append((seen, layer.forward(seen)))
        return passed

    def _backward(self, passed: list[tuple[Array, Any]], dh: Array) -> None:
        for layer, (seen, kept) in zip(self.layers[::-1], passed[::-1], strict=True):
            dx = np.empty_like(dh) if layer is not self.layers[0] else dh[:, :0]
            layer.backward(seen, kept, dh, dx)
            dh = dx


class _Own:
    """One layer with its weights and the places of their gradients."""

    def __init__(self, layer: Layer, weights: Mapping[str, Array], gradients: Mapping[str, Array], ending: str) -> None:
        self.layer = layer
        self.W_x, self.W_h, self.b = (weights[name + ending] for name in ("W_x", "W_h", "b"))
        self.d_W_x, self.d_W_h, self.d_b = (gradients[name + ending] for name in ("W_x", "W_h", "b"))
        self.norms, self.d_norms = (
            tuple(by[name + ending] for name in NORMS if name + ending in by) for by in (weights, gradients)
        )
        self.H = self.W_h.shape[1]

    def forward(self, seen: Array) -> Any:
        return self.layer.forward(self.W_x, self.W_h, self.b, self.norms, seen)

    def backward(self, seen: Array, kept: Any, dh: Array, dx: Array) -> None:
        """Write the gradients of its weights where they belong, and fill dx."""
        dc = np.zeros_like(dh[0])
        d_joined, d_norms = self.layer.backward(self.W_x, self.W_h, self.norms, seen, kept, dh, dc, dx)
        self.d_W_h[:], self.d_W_x[:], self.d_b[:] = d_joined[:, : self.H], d_joined[:, self.H : -1], d_joined[:, -1]
        for own, found in zip(self.d_norms, d_norms, strict=True):
            own[:] = found


def _above(seen: Array, H: int) -> Array:
    """What the next layer sees of the h of this one, its own h still empty."""
    steps, _, B = seen.shape
    found = empty(steps, 2 * H + 1, B)
    found[:-1, H:-1] = seen[1:, :H]
    found[:, -1] = 1
    return found


def rehearse() -> None:
    """Run once every kernel that only these updates need, so that all of them are compiled or found on disk."""
    column, flat = np.ones(4, np.float32), {}
    shapes = {"W_x.1": (2, 1), "W_h.1": (2, 2), "b.1": (2,), "W_y": (1, 2), "b_y": (1,)}
    for name, shape in shapes.items():
        flat[name] = np.ones(shape, np.float32)
    columns = Columns(column, np.ones((4, 0), np.float32), np.ones((4, 0), np.float32), True)
    Learning("rnn", columns, Sizes(2, 1, 1), "mse", flat, flat)(np.zeros(1, np.int64))
    descent.norms(column, np.array([4]))
    descent.adam(column, column, column, column, (0.9, 0.999), 1e-8, 0.1, 1)
