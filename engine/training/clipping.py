"""What clipping does to an update, seen on two of its weights: the loss around them, and three arrows down it.

Two weights move over a grid while all others stay as they were before the update; every loss is that of the update's
own batch. Never touches what is trained.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.clipping import GRID
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.training.loop import Training
from engine.training.network import Network
from engine.training.parameters import split

Floats = NDArray[np.float64]

REACH = 0.75  # of the grid's half: how long the raw gradient's arrow is drawn
TOGETHER = 16  # losses in one pass


def geometry(network: Network, run: Run, series: Series, before: Array, update: int) -> dict[str, Floats]:
    """Of the update `update`, whose weights were `before` (P,) until then, about two of them.

    "clip across": their values (2, GRID). "clip surface": the losses (GRID, GRID), the second weight down. "clip
    arrows": (3, 2), where minus the raw gradient, the norm-clipped and the value-clipped one point, from the weights.
    "clip numbers": the weights' places in the flat vector and their gradients; the whole gradient's norm; the
    threshold it was cut to, half its norm where it was not; the limit for single numbers that leaves the same
    length; how many times as long as the gradients the arrows are.
    """
    of = _Loss(network, run, series, update)
    gradient = of.gradient(before)
    norm = float(np.linalg.norm(gradient))
    chosen = two_of(gradient)
    own = float(of.settings.clip) if of.settings.clip_by == "norm" else 0.0
    threshold = own if 0 < own < norm else norm / 2
    limit = value_limit(gradient, threshold)
    arrows = -np.array([gradient, gradient * (threshold / norm), np.clip(gradient, -limit, limit)])[:, chosen]
    centre = before[chosen].astype(np.float64)
    half = float(max(0.5, np.abs(centre).max()))
    times = REACH * half / (float(np.abs(arrows[0]).max()) or 1.0)
    across = centre[:, None] + half * np.linspace(-1, 1, GRID)
    return {
        "clip across": across,
        "clip surface": of.over(before, (int(chosen[0]), int(chosen[1])), across),
        "clip arrows": times * arrows,
        "clip numbers": np.array([*chosen, *gradient[chosen], norm, threshold, limit, times]),
    }


def gradient_of(network: Network, run: Run, series: Series, before: Array, update: int) -> Array:
    """Of the loss of the update's batch at the weights `before` (P,), as backward left it: (P,)."""
    return _Loss(network, run, series, update).gradient(before).astype(np.float32)


def two_of(gradient: Floats) -> NDArray[np.int64]:
    """The places of the number largest in size, and of one nearest to a third of that, so that a limit turns them."""
    size = np.abs(gradient)
    first = int(size.argmax())
    away = np.abs(size - size[first] / 3)
    away[first] = np.inf
    return np.array([first, int(away.argmin())])


def value_limit(gradient: Floats, length: float) -> float:
    """The threshold for single numbers that leaves a gradient of `length`, no longer than it is: by halving."""
    low, high = 0.0, float(np.abs(gradient).max())
    for _ in range(60):
        middle = (low + high) / 2
        if np.linalg.norm(np.clip(gradient, -middle, middle)) < length:
            low = middle
        else:
            high = middle
    return high


class _Loss:
    """The loss of one update's batch as a function of all weights."""

    def __init__(self, network: Network, run: Run, series: Series, update: int) -> None:
        training = Training(network, run, series, None)
        self.network, self.settings, self.cost = network, training.settings, training.cost
        self.shapes = network.shapes(self.settings, run)
        starts = training.windows.starts(update)
        self.inputs, self.targets = training.windows.take(starts)
        self.ahead, _ = training.ahead(starts, self.targets, update)

    def __call__(self, flat: torch.Tensor) -> torch.Tensor:
        forecast = self.network.forward(self.settings, split(flat, self.shapes), self.inputs, ahead=self.ahead)
        return self.cost(forecast - self.targets).mean()  # type: ignore[no-any-return]

    def gradient(self, weights: Array) -> Floats:
        flat = torch.from_numpy(np.array(weights)).to(self.inputs.device).requires_grad_()
        (found,) = torch.autograd.grad(self(flat), flat)
        return np.asarray(found.cpu().numpy(), np.float64)

    def over(self, weights: Array, chosen: tuple[int, int], across: Floats) -> Floats:
        """Over the grid of two weights' values: the second one's down, (GRID, GRID)."""
        second, first = np.meshgrid(across[1], across[0], indexing="ij")
        points = np.repeat(np.array(weights)[None], first.size, axis=0)
        points[:, chosen[0]], points[:, chosen[1]] = first.ravel(), second.ravel()
        with torch.no_grad():
            parts = torch.split(torch.from_numpy(points).to(self.inputs.device), TOGETHER)
            found = torch.cat([torch.func.vmap(self)(part) for part in parts])
        return np.asarray(found.cpu().numpy(), np.float64).reshape(first.shape)
