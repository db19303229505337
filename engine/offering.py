"""What can be asked of a run's updates: names, axes, shapes, and how each derived signal is made. Computes nothing.

Names: a tap such as "hidden.1", or a word and what it is of, such as "gradient/hidden.1" or "contribution/W_h.1".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine import deriving
from engine.contract import Lens
from engine.nouns.frame import Array, Signal
from engine.nouns.trace import Trace

FLAT = {"hidden": (-0.97, 0.97)}  # where a curve no longer answers; gates are flat near 0 and near 1
GATES = ("input_gate", "forget_gate", "output_gate", "reset_gate", "update_gate")
FLAT_GATE = (0.05, 0.95)
LAYER_NORMED = ("preactivation", "cell")


@dataclass(frozen=True)
class Derived:
    """A signal made from others: what it needs, in the order that `make` takes them."""

    signal: Signal
    needs: tuple[str, ...]
    make: Callable[..., Array]


def derived_signals(lens: Lens, trace: Trace) -> dict[str, Derived]:
    """What is made from that by arithmetic."""
    run, taps, offers = trace.run, lens.taps(trace.run), lens.offers(trace.run)
    found = []
    for name, tap in taps.items():
        kind, _, layer = name.partition(".")
        if tap.axes[0] != "time":
            continue
        T, rows = tap.shape
        low, high = FLAT.get(kind, FLAT_GATE)
        if kind.endswith(GATES) or (kind in FLAT and run.settings.get("activation") != "relu"):
            share = partial(deriving.saturated, low=low, high=high)
            found.append(Derived(Signal(f"saturated/{name}", ("time",), (T,)), (name,), share))
        if run.settings.get("layer_norm") and kind in LAYER_NORMED:
            for word, make in (("mean", deriving.mean), ("sigma", deriving.sigma)):
                found.append(Derived(Signal(f"{word}/{name}", ("time",), (T,)), (name,), make))
            found.append(Derived(Signal(f"normalised/{name}", tap.axes, tap.shape), (name,), deriving.normalised))
        side = kind.removesuffix("cell")  # "encoder_" where the network has two
        if side != kind and f"{side}forget_gate.{layer}" in taps:
            gates = tuple(f"{side}{gate}.{layer}" for gate in ("input_gate", "forget_gate", "candidate"))
            axes = ("held at", "written at", "unit")
            found.append(Derived(Signal(f"provenance/{name}", axes, (T, T, rows)), gates, deriving.provenance))
        if f"triangle/{name}" in offers:
            lagged = Signal(f"by lag/{name}", ("lag",), (T,))
            found.append(Derived(lagged, (f"triangle/{name}",), deriving.by_lag))
    found += _contributions(trace, taps)
    return {one.signal.name: one for one in found}


def _contributions(trace: Trace, taps: dict[str, Signal]) -> list[Derived]:
    """What each time step adds to the gradient of a weight that stands in a layer's sum."""
    found = []
    for name, shape in trace.parameters.items():
        kind, _, layer = name.partition(".")
        delta, below = f"gradient/preactivation.{layer}", _below(taps, layer)
        if f"preactivation.{layer}" not in taps:
            continue
        signal = Signal(f"contribution/{name}", ("time", *_AXES[len(shape)]), (trace.run.window, *shape))
        if kind == "W_h":
            found.append(Derived(signal, (delta, f"hidden.{layer}"), _from_the_step_before))
        elif kind == "W_x":
            found.append(Derived(signal, (delta, below), deriving.contributions))
        elif kind == "b":
            found.append(Derived(signal, (delta,), np.asarray))
        elif kind == "kernel":
            convolve = partial(deriving.kernel_contributions, size=shape[2], dilation=2 ** (int(layer) - 1))
            found.append(Derived(signal, (delta, below), convolve))
    return found


_AXES = {1: ("row",), 2: ("row", "column"), 3: ("row", "column", "tap")}


def _from_the_step_before(delta: Array, states: Array) -> Array:
    return deriving.contributions(delta, deriving.earlier(states))


def _below(taps: dict[str, Signal], layer: str) -> str:
    """What comes into a layer: the states or maps of the one below, or the input."""
    names = (f"{kind}.{int(layer) - 1}" for kind in ("hidden", "map")) if layer.isdigit() else ()
    return next((name for name in names if name in taps), "input")
