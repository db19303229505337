"""SGD, momentum and Adam on one flat vector of weights. Know neither models nor losses.

Our own, because `torch.optim` takes 0.9 s to import and, on one flat buffer, three times as long per update.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Protocol

from engine.lazy import torch

MOMENTUM = 0.9
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


class Optimiser(Protocol):
    """Changes `flat` (P,) in place by `gradient` (P,). state: what it must remember, by name."""

    state: dict[str, torch.Tensor]

    def step(self, flat: torch.Tensor, gradient: torch.Tensor, learning_rate: float, update: int) -> None: ...


class SGD:
    """w <- w - learning_rate * gradient."""

    def __init__(self, like: torch.Tensor) -> None:  # noqa: ARG002 - every optimiser is made alike
        self.state: dict[str, torch.Tensor] = {}

    def step(self, flat: torch.Tensor, gradient: torch.Tensor, learning_rate: float, update: int) -> None:  # noqa: ARG002
        flat.add_(gradient, alpha=-learning_rate)


class Momentum:
    """v <- 0.9 v + gradient; w <- w - learning_rate * v (Polyak 1964, as torch.optim.SGD writes it)."""

    def __init__(self, like: torch.Tensor) -> None:
        self.state = {"velocity": torch.zeros_like(like)}

    def step(self, flat: torch.Tensor, gradient: torch.Tensor, learning_rate: float, update: int) -> None:  # noqa: ARG002
        velocity = self.state["velocity"].mul_(MOMENTUM).add_(gradient)
        flat.add_(velocity, alpha=-learning_rate)


class Adam:
    """Kingma and Ba 2014, algorithm 1 (arXiv 1412.6980), with bias correction."""

    def __init__(self, like: torch.Tensor) -> None:
        self.state = {"mean": torch.zeros_like(like), "square": torch.zeros_like(like)}

    def step(self, flat: torch.Tensor, gradient: torch.Tensor, learning_rate: float, update: int) -> None:
        mean = self.state["mean"].mul_(BETA_1).add_(gradient, alpha=1 - BETA_1)
        square = self.state["square"].mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
        deviation = (square / (1 - BETA_2**update)).sqrt_().add_(EPSILON)
        flat.addcdiv_(mean, deviation, value=-learning_rate / (1 - BETA_1**update))


OPTIMISERS: dict[str, Callable[[torch.Tensor], Optimiser]] = {"sgd": SGD, "momentum": Momentum, "adam": Adam}


def clip(gradient: torch.Tensor, norm: float, threshold: float) -> float:
    """Scale `gradient` in place by min(1, threshold / norm) and return that factor; threshold 0 is no clipping."""
    if not threshold or norm <= threshold or not math.isfinite(norm):
        return 1.0
    gradient.mul_(threshold / norm)
    return threshold / norm


def clip_values(gradient: torch.Tensor, threshold: float) -> float:
    """Cut each number of `gradient` in place to at most `threshold` in size; 0 is no clipping.

    Returns 1 where nothing was cut, else NaN: no single factor says what happened to the gradient.
    """
    if not threshold or not (gradient.abs() > threshold).any().item():
        return 1.0
    gradient.clamp_(-threshold, threshold)
    return float("nan")
