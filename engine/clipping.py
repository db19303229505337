"""The geometry of an update's clipping as signals of a run: names, axes, shapes. The lens computes them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.contract import Lens
from engine.nouns.frame import Array, Signal
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace

GRID = 17  # points each way
KINDS = ("raw", "norm", "value")
NUMBERS = ("first", "second", "gradient of first", "gradient of second", "norm", "threshold", "limit", "times")


def clip_signals() -> dict[str, Signal]:
    """Of the update that led to the weights looked at; there is none at update 0."""
    signals = [
        Signal("clip across", ("weight", "point"), (2, GRID), "float64"),
        Signal("clip surface", ("point", "point"), (GRID, GRID), "float64"),
        Signal("clip arrows", ("kind", "weight"), (len(KINDS), 2), "float64"),
        Signal("clip numbers", ("number",), (len(NUMBERS),), "float64"),
    ]
    return {signal.name: signal for signal in signals}


def clipped(lens: Lens, trace: Trace, steps: Sequence[int]) -> dict[str, Array]:
    """All of them: (len(steps), *shape) by name; NaN at update 0, which nothing was before."""
    found = {name: np.full((len(steps), *s.shape), np.nan) for name, s in clip_signals().items()}
    for position, step in enumerate(steps):
        if step > 0:
            run, series = made_under(trace.run, trace.series, int(step))
            before = trace.stack("weights", [step - 1])[0]
            for name, values in lens.clipping(run, series, before, int(step)).items():
                found[name][position] = values
    return found
