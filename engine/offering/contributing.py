"""What each time step adds to the gradient of a weight that stands in a layer's sum. Computes nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np

from engine.deriving import contributions, gru, memory
from engine.nouns.frame import Array, Signal
from engine.offering.derived import Derived, Known
from engine.offering.saturating import GATES

AXES = {1: ("row",), 2: ("row", "column"), 3: ("row", "column", "tap")}
# A layer's parameters by their plain names; an encoder-decoder says of which of its sides a layer is.
NAMED = re.compile(r"(encoder_|decoder_|)(kernel|W_x|W_h|b|b_h)\.(.+)")
GRU_GATES = ("reset_gate", "update_gate", "candidate")


@dataclass(frozen=True)
class Made:
    """Something made of signals: their names, and how."""

    needs: tuple[str, ...]
    make: Callable[..., Array]


def family(known: Known) -> Iterator[Derived]:
    for name, shape in known.parameters.items():
        found = NAMED.fullmatch(name)
        if found is None or (error := _error(known, *found.groups())) is None:
            continue
        side, kind, layer = found.groups()
        along = known.taps[error.needs[0].partition("/")[2]]
        if len(along.axes) < 2:  # a sum that is made once has no time step that could add anything
            continue
        signal = Signal(f"contribution/{name}", (along.axes[0], *AXES[len(shape)]), (along.shape[0], *shape))
        if kind == "kernel":
            came_in = f"stream.{layer}" if f"stream.{layer}" in known.taps else known.below(layer)
            dilation = 2 ** max(int(layer) - 1, 0)  # layer 0, before a recurrent network, is not dilated
            convolve = partial(contributions.kernel_contributions, size=shape[2], dilation=dilation)
            yield Derived(signal, (*error.needs, came_in), convolve)
            continue
        came = _came_in(known, side, kind, layer)
        if came is None and not kind.startswith("b"):
            continue
        yield _derived(signal, error, came, _added)
        if f"forget_gate.{layer}" in known.taps and not side:
            yield _derived(Signal(f"by gate/{name}", ("gate",), (len(GATES),)), error, came, _by_gate)
    yield from _mixing(known)
    yield from _reading(known)


def _reading(known: Known) -> Iterator[Derived]:
    """The last layer's, where it reads a time step: by the forecasts that are read, the last one's or every one's."""
    if known.top is None or "W_y" not in known.parameters:  # none are known of a run that has not begun
        return
    error = Made(("gradient/read",), np.asarray)
    for name, came in (("W_y", Made((known.top,), np.asarray)), ("b_y", None)):
        shape = known.parameters[name]
        signal = Signal(f"contribution/{name}", ("time", *AXES[len(shape)]), (known.run.window, *shape))
        yield _derived(signal, error, came, _added)


def _mixing(known: Known) -> Iterator[Derived]:
    """WaveNet's weights that mix the channels of one time step: by the sums that each of them is added to."""
    for name, shape in known.parameters.items():
        kind, _, layer = name.partition(".")
        if kind not in ("mix", "residual", "skip"):
            continue
        into = {"mix": "stream.1", "skip": "skips"}.get(kind) or f"stream.{int(layer) + 1}"
        signal = Signal(f"contribution/{name}", ("time", *AXES[3]), (known.run.window, *shape))
        add = partial(contributions.kernel_contributions, size=1, dilation=1)
        yield Derived(signal, (f"gradient/{into}", f"map.{layer}" if layer else "input"), add)


def _error(known: Known, side: str, kind: str, layer: str) -> Made | None:
    """The gradient with respect to the sum that a parameter stands in; None where that cannot be told."""
    sums = f"{side}preactivation.{layer}"
    if sums in known.taps:
        return Made((f"gradient/{sums}",), np.asarray)
    gates = tuple(f"{side}{gate}.{layer}" for gate in GRU_GATES)
    if not all(gate in known.taps for gate in gates):
        return None
    inside = {"W_h": gru.past_errors, "b_h": gru.inner_errors}.get(kind, gru.errors)
    return Made((*(f"gradient/{gate}" for gate in gates), *gates), inside)


def _came_in(known: Known, side: str, kind: str, layer: str) -> Made | None:
    """What a parameter is multiplied by; None of a bias, and where that is not to be had."""
    if kind.startswith("b"):
        return None
    hidden = f"{side.rstrip('_') or 'hidden'}.{layer}"
    if kind == "W_x":
        below = _below(known, side, layer)
        return Made((below,), np.asarray) if below in known.offers else None
    if side != "decoder_":
        return Made((hidden,), memory.earlier)
    encoder = f"encoder.{layer}"  # the decoder begins with its last state, or where there is none with one of its own
    if encoder in known.taps:
        return Made((hidden, encoder), memory.earlier_from)
    return Made((hidden, f"decoder_start.{layer}"), memory.earlier_after)


def _below(known: Known, side: str, layer: str) -> str:
    if not side:
        return known.below(layer)
    if layer == "1":
        return "decoder_fed" if side == "decoder_" else "input"
    return f"{side.rstrip('_')}.{int(layer) - 1}"


def _derived(signal: Signal, error: Made, came: Made | None, join: Callable[..., Array]) -> Derived:
    """came: None of a bias, which is multiplied by nothing."""
    count, needs = len(error.needs), came.needs if came else ()

    def make(*signals: Array) -> Array:
        delta = error.make(*signals[:count])
        return join(delta, came.make(*signals[count:])) if came else join(delta)

    return Derived(signal, (*error.needs, *needs), make)


def _added(delta: Array, incoming: Array | None = None) -> Array:
    return delta if incoming is None else contributions.contributions(delta, incoming)


def _by_gate(delta: Array, incoming: Array | None = None) -> Array:
    """The gradient's norm in each gate's rows, from (..., T, 4H) and what came in."""
    came = np.ones((*delta.shape[:-1], 1)) if incoming is None else incoming
    return contributions.by_block(delta, came, len(GATES))
