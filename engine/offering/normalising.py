"""What LayerNorm does to a sum, step by step; and how far sums drift where nothing normalises. Computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from engine.deriving import layer_norm
from engine.nouns.frame import Signal
from engine.offering.derived import Derived, Known

NORMED = {"preactivation": "z", "cell": "c"}  # by the end of their parameters' names


def family(known: Known) -> Iterator[Derived]:
    for tap in known.through_time():
        kind, _, layer = tap.name.partition(".")
        ending = next((kind for kind in NORMED if tap.name.partition(".")[0].endswith(kind)), None)
        if ending is None:
            continue
        for word, make in (("mean", layer_norm.mean), ("sigma", layer_norm.sigma)):
            yield Derived(Signal(f"{word}/{tap.name}", ("time",), tap.shape[:1]), (tap.name,), make)
        for word, away in (("mean", 0.0), ("low", -1.0), ("high", 1.0)):
            level = Signal(f"level {word}/{tap.name}", ("time", "end"), (tap.shape[0], 2))
            yield Derived(level, (tap.name,), partial(layer_norm.level, away=away))
        side = kind.removesuffix(ending)
        norm = [f"{side}{part}_{NORMED[ending]}.{layer}" for part in ("gain", "shift")]
        if norm[0] not in known.parameters:
            continue
        weights = tuple(f"weight/{parameter}" for parameter in norm)
        for word, step in (("centred", layer_norm.centred), ("normalised", layer_norm.normalised)):
            yield Derived(Signal(f"{word}/{tap.name}", tap.axes, tap.shape), (tap.name,), step)
        yield Derived(Signal(f"scaled/{tap.name}", tap.axes, tap.shape), (tap.name, *weights), layer_norm.scaled)
