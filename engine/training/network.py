"""A network as the loop sees it: shapes, and a forward pass that is a pure function of its weights.

Knows no particular network and no loop.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from engine.kernels.path import Kernel, Path, no_kernel
from engine.lazy import torch
from engine.nouns.frame import Array, Signal
from engine.nouns.run import Run
from engine.training.parameters import Shapes
from engine.training.settings import NetworkSettings

Weights = Mapping[str, "torch.Tensor"]


class Tap(Protocol):
    """Every signal passes through it: training lets it by, a probe keeps a copy and reads its gradient.

    tap(name, value, t): the value (B, rows) of signal `name` at step t, or, with t None, its value at all time
    steps (B, T, rows), or (B, rows) where it has none.
    """

    def __call__(self, name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor: ...


def untouched(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:  # noqa: ARG001
    """The tap of training: it does nothing, so recording cannot change what is trained."""
    return value


Keep = Callable[[str, "torch.Tensor"], "torch.Tensor"]
"""The tap as a part of a network sees it: it hands on a name and a value, and knows not where it stands."""


class Tapped(NamedTuple):
    """What passes the tap under one name: `rows` numbers of kind `axis`, at each step `along` an axis or just once."""

    axis: str
    rows: int
    along: Literal["time", "step ahead", ""] = "time"


class Ahead(NamedTuple):
    """What a network is told of the horizon.

    known: covariates that are known ahead, (B, horizon, K), with a forecast at every time step (B, T, horizon, K);
    K may be 0. truth: the target's own values (B, horizon), at those updates of training where a decoder is fed them.
    """

    known: torch.Tensor
    truth: torch.Tensor | None = None


class Forward(Protocol):
    """inputs (B, T, F) -> forecast, scaled, by one pure function of the weights.

    (B, horizon), or (B, T, horizon) with a forecast at every time step.
    """

    def __call__(
        self, settings: Any, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, ahead: Ahead | None = None
    ) -> torch.Tensor: ...


@dataclass(frozen=True)
class Network:
    """What a network's file declares.

    shapes: parameter shapes in flat order. initial: first weights by name. signals: what passes the tap, by name.
    Each takes (settings, run).
    """

    name: str
    title: str
    sentence: str
    settings: type[NetworkSettings]
    shapes: Callable[[Any, Run], Shapes]
    initial: Callable[[Any, Run], dict[str, Array]]
    signals: Callable[[Any, Run], Mapping[str, Tapped]]
    forward: Forward
    kernel: Callable[[Any], Kernel | None] = no_kernel
    """Which compiled layer its training takes with these settings."""
    is_stack: Callable[[Any], bool] = lambda settings: False  # noqa: ARG005
    """Whether it is nothing but such layers and the last one, so that a whole update can be kernels."""
    order: int = 100
    """Where it stands among the models that are offered."""

    def path(self, settings: Any) -> Path:
        """The fastest that there is for these settings."""
        if self.kernel(settings) is None:
            return "plain"
        return "fused" if self.is_stack(settings) else "compiled"

    def tapped(self, settings: Any, run: Run) -> dict[str, Signal]:
        """The signals with their axes and shapes, by name."""
        lengths = {"time": (run.window,), "step ahead": (run.horizon,), "": ()}
        return {
            name: Signal(name, (*filter(None, [along]), axis), (*lengths[along], rows))
            for name, (axis, rows, along) in self.signals(settings, run).items()
        }
