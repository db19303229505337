"""What an LSTM's cell keeps, writes and reads, and since when it remembers what. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.deriving import memory
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known
from engine.offering.saturating import GATES


def family(known: Known) -> Iterator[Derived]:
    for cell in known.through_time():
        kind, _, layer = cell.name.partition(".")
        side = kind.removesuffix("cell")  # "encoder_" where the network has two
        if side == kind or f"{side}forget_gate.{layer}" not in known.taps:
            continue
        i, f, g, o = (f"{side}{gate}.{layer}" for gate in GATES)
        T, H = cell.shape
        axes = ("time", "written at", "unit")
        yield Derived(Signal(f"provenance/{cell.name}", axes, (T, T, H)), (i, f, g), memory.provenance)
        for number, age in enumerate(memory.AGES):
            part = Signal(f"age {number}/{cell.name}", cell.axes, cell.shape)
            yield Derived(part, (i, f, g), partial(memory.by_age, age=age))
        norm = tuple(f"weight/{side}{part}_c.{layer}" for part in ("gain", "shift"))
        norm = norm if norm[0].removeprefix("weight/") in known.parameters else ()
        needs = (i, f, g, o, cell.name, *norm)
        entries = Signal(f"ledger/{cell.name}", ("time", "unit", "entry"), (T, H, 5))
        yield Derived(entries, needs, memory.ledger)
        operands = Signal(f"operands/{cell.name}", ("time", "unit", "entry", "operand"), (T, H, 5, 3))
        yield Derived(operands, needs, memory.operands)
        account = Signal(f"account/{cell.name}", ("time", "unit", "line", "number"), (T, H, 1, 8))
        yield Derived(account, needs, memory.account)
