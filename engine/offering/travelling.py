"""How far a gradient travels back through time: the triangle's margins and shares. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.deriving import travel
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known


def family(known: Known) -> Iterator[Derived]:
    for tap in known.through_time():
        triangle = known.offers.get(f"triangle/{tap.name}")
        if triangle is None:
            continue
        needs, T = (triangle.name,), tap.shape[:1]
        yield Derived(Signal(f"by lag/{tap.name}", ("lag",), T), needs, travel.by_lag)
        yield Derived(Signal(f"decay/{tap.name}", ("lag",), T), needs, travel.decay)
        yield Derived(Signal(f"total/{tap.name}", triangle.axes[:1], T), needs, travel.total)
        yield Derived(Signal(f"share/{tap.name}", triangle.axes, triangle.shape), needs, travel.share)
        way = Signal(f"way/{tap.name}", (*triangle.axes, "measure"), (*triangle.shape, 3))
        yield Derived(way, needs, travel.way)
