"""How far back a number of a layer sees: its receptive field, where the network states one. Knows no figure."""

from __future__ import annotations

from engine.contract import models
from engine.nouns.trace import Trace


def reaches(trace: Trace, name: str) -> int | None:
    """How many values, the last at its own time step, a number of `map.2` depends on; None where it is not said."""
    settings = models()[trace.run.model].settings.model_validate(trace.run.settings)
    kind, _, layer = name.rpartition("/")[2].partition(".")
    if kind != "map" or not hasattr(settings, "receptive_field"):
        return None
    return int(settings.model_copy(update={"layers": int(layer)}).receptive_field)
