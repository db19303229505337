"""Where curves bend: what each activation is given, how steep it is there, how much of it is flat. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from engine.curves import BINS, CURVES, Curve
from engine.deriving import saturation
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known

GATES = ("input_gate", "forget_gate", "candidate", "output_gate")  # as an LSTM's rows lie
BY_GATE = {"candidate": "tanh"}


@dataclass(frozen=True)
class Bend:
    """An activation: the tap that comes out of it, its curve, and the sums that go in.

    block: which columns of the sums. norm: LayerNorm's gain and shift, where they pass through it first.
    """

    tap: Signal
    curve: Curve
    sums: str
    block: tuple[int, int]
    norm: tuple[str, ...] = ()


def family(known: Known) -> Iterator[Derived]:
    for name, tap in known.taps.items():
        kind = name.partition(".")[0]
        if tap.axes[0] == "time" and (
            kind.endswith("_gate") or (kind == "hidden" and known.run.settings.get("activation") != "relu")
        ):
            curve = CURVES["tanh" if kind == "hidden" else "sigmoid"]
            share = partial(saturation.saturated, low=curve.flat[0], high=curve.flat[1])
            yield Derived(Signal(f"saturated/{name}", ("time",), tap.shape[:1]), (name,), share)
    for bend in bends(known):
        yield from _of(bend)


def _of(bend: Bend) -> Iterator[Derived]:
    name, axes, shape, curve = bend.tap.name, bend.tap.axes, bend.tap.shape, bend.curve
    needs = (bend.sums, *(f"weight/{parameter}" for parameter in bend.norm))
    slope = partial(saturation.slope, block=bend.block, curve=curve)
    spread = partial(saturation.spread, block=bend.block, curve=curve)
    flat = partial(saturation.flat_by_unit, block=bend.block, curve=curve)
    yield Derived(Signal(f"given/{name}", axes, shape), needs, partial(saturation.given, block=bend.block))
    yield Derived(Signal(f"slope/{name}", axes, shape), needs, slope)
    yield Derived(Signal(f"spread/{name}", ("bin",), (BINS,)), needs, spread)
    yield Derived(Signal(f"saturated by unit/{name}", axes[1:], shape[1:]), needs, flat)


def bends(known: Known) -> Iterator[Bend]:
    """Every activation whose sums pass a tap, in the order in which a time step goes through them."""
    for sums in known.through_time():
        head, _, layer = sums.name.partition(".")
        side = head.removesuffix("preactivation")
        if side == head:
            continue
        norm = tuple(f"{side}{part}_z.{layer}" for part in ("gain", "shift"))
        norm = norm if norm[0] in known.parameters else ()
        gates = [known.taps.get(f"{side}{gate}.{layer}") for gate in GATES]
        rows = sums.shape[1]
        if all(gates):
            for number, (gate, tap) in enumerate(zip(GATES, gates, strict=True)):
                block = (number * rows // 4, (number + 1) * rows // 4)
                if tap:
                    yield Bend(tap, CURVES[BY_GATE.get(gate, "sigmoid")], sums.name, block, norm)
            yield from _cell(known, side, layer)
            continue
        for name, curve in ((f"map.{layer}", "relu"), (_hidden(side, layer), _activation(known))):
            if name in known.taps and known.taps[name].shape[1] == rows:
                yield Bend(known.taps[name], CURVES[curve], sums.name, (0, rows), norm)


def _cell(known: Known, side: str, layer: str) -> Iterator[Bend]:
    """What is read from an LSTM's cell passes a tanh of its own."""
    cell = known.taps.get(f"{side}cell.{layer}")
    norm = tuple(f"{side}{part}_c.{layer}" for part in ("gain", "shift"))
    if cell:
        yield Bend(cell, CURVES["tanh"], cell.name, (0, cell.shape[1]), norm if norm[0] in known.parameters else ())


def _hidden(side: str, layer: str) -> str:
    return f"{side.rstrip('_') or 'hidden'}.{layer}"


def _activation(known: Known) -> str:
    return str(known.run.settings.get("activation", "tanh"))
