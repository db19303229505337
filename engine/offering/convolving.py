"""A first convolution as its kernel slides over the window, forwards and backwards. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.deriving import convolution
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known

COLUMN = 0  # of the input: the target, which stands first


def family(known: Known) -> Iterator[Derived]:
    """Of the kernels that lie on the series itself; deeper ones lie on maps."""
    for name, shape in known.parameters.items():
        kind, _, layer = name.partition(".")
        tap = known.taps.get(f"map.{layer}")
        if (
            kind != "kernel"
            or tap is None
            or len(shape) != 3
            or known.below(layer) != "input"
            or "mix" in known.parameters
        ):
            continue
        (T, C), K = tap.shape, shape[2]
        kernel, axes = f"weight/{name}", ("time", "channel", "tap")
        target = partial(convolution.column_of, column=COLUMN, axis=-1)
        yield Derived(Signal("shown", ("time",), (T,)), ("input",), target)
        taps = partial(convolution.column_of, column=COLUMN, axis=-2)
        yield Derived(Signal(f"taps/{name}", ("channel", "tap"), (C, K)), (kernel,), taps)
        delta = (f"gradient/{tap.name}", tap.name)
        place = partial(convolution.places, size=K)
        yield Derived(Signal(f"place/{tap.name}", ("time", "tap"), (T, K)), ("input",), place)
        seen = partial(convolution.seen, size=K, column=COLUMN)
        yield Derived(Signal(f"seen/{tap.name}", ("time", "tap"), (T, K)), ("input",), seen)
        yield Derived(Signal(f"product/{tap.name}", axes, (T, C, K)), (kernel, "input"), convolution.products)
        sums = Signal(f"sum/{tap.name}", tap.axes, tap.shape)
        yield Derived(sums, (kernel, f"weight/b.{layer}", "input"), convolution.sums)
        yield Derived(Signal(f"delta/{tap.name}", tap.axes, tap.shape), delta, convolution.through_relu)
        back = partial(convolution.correlated, size=K, column=COLUMN)
        yield Derived(Signal(f"added/{name}", axes, (T, C, K)), (*delta, "input"), back)
        gathered = partial(convolution.gathered, size=K, column=COLUMN)
        yield Derived(Signal(f"gathered/{name}", axes, (T, C, K)), (*delta, "input"), gathered)
