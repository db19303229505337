"""Which losses of one window are told apart, and to which steps each sends its gradient. Computes none."""

from __future__ import annotations

from collections.abc import Mapping

from engine.nouns.frame import Signal
from engine.nouns.run import Run
from engine.training.network import Network
from engine.training.passing import passing


def writes(taps: Mapping[str, Signal]) -> bool:
    """Whether the forecast is written value after value, by a decoder."""
    return any(tap.axes[0] == "step ahead" for tap in taps.values())


def triangles(network: Network, run: Run) -> list[Signal]:
    """Of each tap: from the loss of each time step or, where a decoder writes, of each step ahead, to its steps."""
    found, T = passing(network, run), run.window
    if found.top:
        through = [tap for tap in found.taps.values() if tap.axes[0] == "time"]
        return [Signal(f"triangle/{tap.name}", ("time", "source"), (T, T)) for tap in through]
    if not writes(found.taps):
        return []
    sent, along = ("step ahead", "source"), [tap for tap in found.taps.values() if len(tap.axes) == 2]
    return [Signal(f"triangle/{tap.name}", sent, (run.horizon, tap.shape[0])) for tap in along]
