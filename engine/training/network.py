"""A network as the loop sees it: shapes, and a forward pass that is a pure function of its weights.

Knows no particular network and no loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.parameters import Shapes
from engine.training.settings import NetworkSettings

Weights = Mapping[str, "torch.Tensor"]


class Tap(Protocol):
    """Every signal passes through it: training lets it by, a probe keeps a copy and reads its gradient.

    tap(name, value, t): the value of signal `name` at time step t, or, with t None, at all time steps.
    """

    def __call__(self, name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor: ...


def untouched(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:  # noqa: ARG001
    """The tap of training: it does nothing, so recording cannot change what is trained."""
    return value


def of_layer(weights: Weights, layer: int) -> Weights:
    """One layer's weights by their plain names: "W_h" for "W_h.1"."""
    end = f".{layer}"
    return {name.removesuffix(end): weight for name, weight in weights.items() if name.endswith(end)}


class Forward(Protocol):
    """inputs (B, T, F) -> forecast (B, horizon), scaled, by one pure function of the weights."""

    def __call__(self, settings: Any, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched) -> torch.Tensor: ...


@dataclass(frozen=True)
class Network:
    """What a network's file declares.

    shapes: parameter shapes in flat order. initial: first weights by name. signals: (axis of the rows, rows) of
    each tapped signal by name. Each takes (settings, run).
    """

    name: str
    title: str
    sentence: str
    settings: type[NetworkSettings]
    shapes: Callable[[Any, Run], Shapes]
    initial: Callable[[Any, Run], dict[str, Array]]
    signals: Callable[[Any], dict[str, tuple[str, int]]]
    forward: Forward
    has_kernel: bool = False
    """Whether its layers have kernels for the compiled path."""
