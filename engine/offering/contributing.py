"""What each time step adds to the gradient of a weight that stands in a layer's sum. Computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np

from engine.deriving import contributions, memory
from engine.nouns.frame import Array, Signal
from engine.offering.derived import Derived, Known
from engine.offering.saturating import GATES

AXES = {1: ("row",), 2: ("row", "column"), 3: ("row", "column", "tap")}


def family(known: Known) -> Iterator[Derived]:
    for name, shape in known.parameters.items():
        kind, _, layer = name.partition(".")
        delta, below = f"gradient/preactivation.{layer}", known.below(layer)
        if f"preactivation.{layer}" not in known.taps:
            continue
        signal = Signal(f"contribution/{name}", ("time", *AXES[len(shape)]), (known.run.window, *shape))
        gates = Signal(f"by gate/{name}", ("gate",), (len(GATES),))
        gated = f"forget_gate.{layer}" in known.taps
        if kind == "kernel":
            convolve = partial(contributions.kernel_contributions, size=shape[2], dilation=2 ** (int(layer) - 1))
            yield Derived(signal, (delta, below), convolve)
        elif kind in _MAKERS:
            needs = {"W_h": (delta, f"hidden.{layer}"), "W_x": (delta, below), "b": (delta,)}[kind]
            yield Derived(signal, needs, _MAKERS[kind])
            if gated:
                yield Derived(gates, needs, partial(_by_gate, kind))


def _from_the_step_before(delta: Array, states: Array) -> Array:
    return contributions.contributions(delta, memory.earlier(states))


_MAKERS: dict[str, Callable[..., Array]] = {
    "W_h": _from_the_step_before, "W_x": contributions.contributions, "b": np.asarray,
}  # fmt: skip


def _by_gate(kind: str, delta: Array, incoming: Array | None = None) -> Array:
    """The gradient's norm in each gate's rows, from (..., T, 4H) and what came in."""
    if incoming is None:
        incoming = np.ones((*delta.shape[:-1], 1))
    return contributions.by_block(delta, memory.earlier(incoming) if kind == "W_h" else incoming, len(GATES))
