"""Everything that can be asked of a run's updates: names, axes, shapes. Computes nothing.

Names: a tap such as "hidden.1", or a word and what it is of, such as "gradient/hidden.1" or "contribution/W_h.1".
"""

from __future__ import annotations

from collections.abc import Collection

from engine.contract import Lens
from engine.nouns.frame import Signal
from engine.nouns.trace import Trace
from engine.offering import contributing, convolving, gating, normalising, remembering, saturating, travelling
from engine.offering.derived import Derived, Known

FAMILIES = (
    saturating.family, normalising.family, remembering.family,
    travelling.family, contributing.family, convolving.family, gating.family,
)  # fmt: skip
AXES = ("row", "column", "tap", "tap across")


def derived_signals(lens: Lens, trace: Trace) -> dict[str, Derived]:
    """What is made from other signals by arithmetic."""
    run = trace.run
    known = Known(run, lens.taps(run), lens.offers(run), trace.parameters, lens.top(run))
    return {one.signal.name: one for family in FAMILIES for one in family(known)}


def weight_signals(trace: Trace) -> dict[str, Signal]:
    """Every parameter as it is after an update."""
    return {
        f"weight/{name}": Signal(f"weight/{name}", AXES[: len(shape)], shape)
        for name, shape in trace.parameters.items()
    }


def why_not(parameters: Collection[str], offers: Collection[str], name: str) -> str:
    """Why something that other networks offer is not offered here, in words; empty where nothing is known of it."""
    word, _, of = name.partition("/")
    if word == "triangle" and f"gradient/{of}" in offers:
        return "it reads no forecast from the time steps of this, so that no step has a loss of its own"
    if word != "contribution" or of not in parameters:
        return ""
    if of.partition("_")[0] in ("gain", "shift"):
        return "what LayerNorm's gains and shifts add at each time step is not kept apart"
    return "this weight is outside the layers that go through time, and has its gradient as a whole"
