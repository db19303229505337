"""A derived signal: what it is made from, and by which arithmetic. Knows no signal by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.nouns.frame import Array, Signal
from engine.nouns.run import Run


@dataclass(frozen=True)
class Derived:
    """A signal made from others: what it needs, in the order that `make` takes them."""

    signal: Signal
    needs: tuple[str, ...]
    make: Callable[..., Array]


@dataclass(frozen=True)
class Known:
    """What the families choose from: a run, its taps, what the lens offers, and the shapes of its parameters.

    top: the tap that a forecast can be read from at every time step; None where there is none.
    """

    run: Run
    taps: Mapping[str, Signal]
    offers: Mapping[str, Signal]
    parameters: Mapping[str, tuple[int, ...]]
    top: str | None = None

    def below(self, layer: str) -> str:
        """What comes into a layer: the states or maps of the one below, or the input."""
        names = (f"{kind}.{int(layer) - 1}" for kind in ("hidden", "map")) if layer.isdigit() else ()
        return next((name for name in names if name in self.taps), "input")

    def through_time(self) -> list[Signal]:
        """The taps that have a value at every time step of the window."""
        return [tap for tap in self.taps.values() if tap.axes[0] == "time"]
