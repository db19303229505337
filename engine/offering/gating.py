"""A gated convolution as its kernel slides over what comes into its layer. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.deriving import gating
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known

BRANCHES = ("filter", "gate")
"""As their rows lie in the kernel."""


def family(known: Known) -> Iterator[Derived]:
    for name, shape in known.parameters.items():
        kind, _, layer = name.partition(".")
        stream, out = (known.taps.get(f"{tap}.{layer}") for tap in ("stream", "map"))
        if kind != "kernel" or stream is None or out is None or shape[0] != 2 * out.shape[-1]:
            continue
        (T, C), K, dilation = out.shape, shape[2], 2 ** (int(layer) - 1)
        spots = partial(gating.spots, size=K, dilation=dilation)
        yield Derived(Signal(f"spots/{out.name}", ("time", "tap"), (T, K)), (stream.name,), spots)
        sums = f"preactivation.{layer}"
        for number, (branch, curve) in enumerate(zip(BRANCHES, (gating.filtered, gating.opened), strict=True)):
            terms = partial(gating.terms, block=(number * C, (number + 1) * C), dilation=dilation)
            needs = (f"weight/{name}", f"weight/b.{layer}", stream.name)
            yield Derived(Signal(f"terms/{branch}.{layer}", ("time", "channel", "term"), (T, C, K + 2)), needs, terms)
            yield Derived(Signal(f"passed/{branch}.{layer}", out.axes, out.shape), (sums,), curve)
        account = Signal(f"gating/{out.name}", ("time", "channel", "line", "number"), (T, C, 1, 5))
        yield Derived(account, (sums, out.name), gating.account)
