"""How far a gradient travels back through time: the triangle's margins and shares. Computes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from engine.curves import CURVES
from engine.deriving import jacobians, travel
from engine.nouns.frame import Array, Signal
from engine.offering.derived import Derived, Known


def family(known: Known) -> Iterator[Derived]:
    for tap in known.taps.values():
        triangle = known.offers.get(f"triangle/{tap.name}")
        if triangle is None:
            continue
        needs, T = (triangle.name,), tap.shape[:1]
        behind = (triangle.axes[0], tap.axes[0]) == ("step ahead", "time")  # every loss stands behind the window
        by_lag, way = (travel.by_lag_from_the_end, travel.way_from_the_end) if behind else (travel.by_lag, travel.way)
        yield Derived(Signal(f"by lag/{tap.name}", ("lag",), T), needs, by_lag)
        yield Derived(Signal(f"decay/{tap.name}", ("lag",), T), needs, partial(_decay, by_lag=by_lag))
        yield Derived(Signal(f"total/{tap.name}", triangle.axes[:1], triangle.shape[:1]), needs, travel.total)
        yield Derived(Signal(f"share/{tap.name}", triangle.axes, triangle.shape), needs, travel.share)
        yield Derived(Signal(f"listened/{tap.name}", triangle.axes[1:], T), needs, travel.listened)
        yield Derived(Signal(f"way/{tap.name}", (*triangle.axes, "measure"), (*triangle.shape, 3)), needs, way)
        yield from _own_steps(known, tap)


def _decay(triangle: Array, by_lag: Callable[[Array], Array]) -> Array:
    return travel.decay(by_lag(triangle))


def _own_steps(known: Known, tap: Signal) -> Iterator[Derived]:
    """What the layer's own steps leave of a gradient: the Jacobians of an RNN, the forget gates of an LSTM."""
    (kind, _, layer), (T, H) = tap.name.partition("."), tap.shape
    forget, weight, sums = f"forget_gate.{layer}", f"W_h.{layer}", f"preactivation.{layer}"
    if kind == "cell" and forget in known.taps:
        yield Derived(Signal(f"kept/{tap.name}", ("lag",), (T,)), (forget,), jacobians.through_gates)
    if kind != "hidden" or known.parameters.get(weight) != (H, H) or sums not in known.taps:
        return
    norm = tuple(f"weight/{part}_z.{layer}" for part in ("gain", "shift") if f"{part}_z.{layer}" in known.parameters)
    curve = CURVES[str(known.run.settings.get("activation", "tanh"))]
    product = partial(jacobians.product_of_norms, curve=curve)
    yield Derived(Signal(f"jacobians/{tap.name}", ("lag",), (T,)), (sums, f"weight/{weight}", *norm), product)
    yield Derived(
        Signal(f"radius/{tap.name}", ("lag",), (T,)), (f"weight/{weight}",), partial(jacobians.radius, steps=T)
    )
