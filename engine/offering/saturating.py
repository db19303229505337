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
    """An activation: what comes out of it, a tap or what one is made of, its curve, and the sums that go in.

    block: which columns of the sums. norm: LayerNorm's gain and shift, where they pass through it first.
    """

    out: Signal
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
    name, axes, shape, curve = bend.out.name, bend.out.axes, bend.out.shape, bend.curve
    needs = (bend.sums, *(f"weight/{parameter}" for parameter in bend.norm))
    slope = partial(saturation.slope, block=bend.block, curve=curve)
    spread = partial(saturation.spread, block=bend.block, curve=curve, axes=len(axes))
    flat = partial(saturation.flat_by_unit, block=bend.block, curve=curve, axes=len(axes))
    yield Derived(Signal(f"given/{name}", axes, shape), needs, partial(saturation.given, block=bend.block))
    yield Derived(Signal(f"slope/{name}", axes, shape), needs, slope)
    yield Derived(Signal(f"spread/{name}", ("bin",), (BINS,)), needs, spread)
    yield Derived(Signal(f"saturated by unit/{name}", axes[-1:], shape[-1:]), needs, flat)


def bends(known: Known) -> Iterator[Bend]:
    """Every activation whose sums pass a tap, in the order in which a time step goes through them."""
    for sums in known.taps.values():
        kind, _, layer = sums.name.partition(".")
        side, _, ending = kind.rpartition("_") if "_" in kind else ("", "", kind)
        side = f"{side}_" if side else ""
        if ending == "preactivation":
            yield from _together(known, sums, side, layer)
        elif ending == "sum":
            yield from _alone(known, sums, side, layer)


def _alone(known: Known, sums: Signal, side: str, layer: str) -> Iterator[Bend]:
    """A GRU's gates have each a sum of its own: "reset_sum.1" goes into "reset_gate.1"."""
    out = next((known.taps[n] for n in (f"{side}gate.{layer}", f"{side[:-1]}.{layer}") if n in known.taps), None)
    if out:
        yield Bend(
            out, CURVES["sigmoid" if out.name.endswith(f"gate.{layer}") else "tanh"], sums.name, (0, out.shape[-1])
        )


def _together(known: Known, sums: Signal, side: str, layer: str) -> Iterator[Bend]:
    """All sums of a layer in one: an LSTM's four, the two of WaveNet's gates, or those of its units."""
    norm = tuple(f"{side}{part}_z.{layer}" for part in ("gain", "shift"))
    norm = norm if norm[0] in known.parameters else ()
    gates = [known.taps.get(f"{side}{gate}.{layer}") for gate in GATES]
    rows, map_ = sums.shape[-1], known.taps.get(f"map.{layer}")
    if all(gates):
        for number, (gate, tap) in enumerate(zip(GATES, gates, strict=True)):
            block = (number * rows // 4, (number + 1) * rows // 4)
            if tap:
                yield Bend(tap, CURVES[BY_GATE.get(gate, "sigmoid")], sums.name, block, norm)
        yield from _cell(known, side, layer)
    elif map_ and rows == 2 * map_.shape[-1]:
        for number, (part, curve) in enumerate((("filter", "tanh"), ("gate", "sigmoid"))):
            out = Signal(f"{part}.{layer}", map_.axes, map_.shape)
            yield Bend(out, CURVES[curve], sums.name, (number * rows // 2, (number + 1) * rows // 2))
    else:
        outs = (
            (f"map.{layer}", "relu"),
            (_hidden(side, layer), _activation(known)),
            (f"layer.{layer}", _activation(known)),
        )
        for name, curve in outs:
            if name in known.taps and known.taps[name].shape[-1] == rows:
                yield Bend(known.taps[name], CURVES[curve], sums.name, (0, rows), norm)


def _cell(known: Known, side: str, layer: str) -> Iterator[Bend]:
    """What is read from an LSTM's cell passes a tanh of its own."""
    cell = known.taps.get(f"{side}cell.{layer}")
    norm = tuple(f"{side}{part}_c.{layer}" for part in ("gain", "shift"))
    if cell:
        yield Bend(cell, CURVES["tanh"], cell.name, (0, cell.shape[-1]), norm if norm[0] in known.parameters else ())


def _hidden(side: str, layer: str) -> str:
    return f"{side.rstrip('_') or 'hidden'}.{layer}"


def _activation(known: Known) -> str:
    return str(known.run.settings.get("activation", "tanh"))
