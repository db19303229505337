"""What a page asks of a series and cannot compute itself, as JSON can say it. Knows no page and no file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from engine.describing.decomposition import decompose
from engine.describing.memory import correlations, lags_for
from engine.describing.stillness import in_words, sentence, stillness
from engine.describing.stretch import Floats, described
from engine.errors import Lesson

Described = tuple[dict[str, Any], dict[str, Floats]]


def describe(request: Mapping[str, Any]) -> Described:
    """what, values (n,) of the training part -> what is said of them, and arrays.

    Said is always "first" and "count": which of the values are described. Raises Lesson for what cannot be.
    """
    what = request.get("what")
    if what not in KINDS:
        raise Lesson(f"“{what}” cannot be described.", f"One can ask for {', '.join(KINDS)}.", "Ask for one of these.")
    values = np.asarray(request["values"], np.float64)
    part = described(values)
    said, arrays = KINDS[str(what)](values[part], request)
    return {"first": part.start, "count": part.stop - part.start, **said}, arrays


def _parts(values: Floats, request: Mapping[str, Any]) -> Described:
    """seasons, robust -> its parts, and how strong trend and seasons are (Hyndman and Athanasopoulos 2021, 4.3)."""
    parts = decompose(values, request["seasons"], bool(request.get("robust")))
    rest = parts["remainder"]
    strength = {
        name: float(max(0.0, 1 - rest.var() / max(float((part + rest).var()), 1e-300)))
        for name, part in parts.items()
        if name != "remainder"
    }
    return {"strength": strength}, parts


def _memory(values: Floats, request: Mapping[str, Any]) -> Described:
    """season -> correlations, lag 0 first."""
    return {}, correlations(values, lags_for(len(values), int(request.get("season", 1))))


def _stillness(values: Floats, request: Mapping[str, Any]) -> Described:  # noqa: ARG001 - all are asked alike
    """-> both tests in words and what they say together."""
    found = stillness(values)
    return {**found._asdict(), "lines": in_words(found), "sentence": sentence(found)}, {}


KINDS: dict[str, Callable[[Floats, Mapping[str, Any]], Described]] = {
    "parts": _parts,
    "memory": _memory,
    "stillness": _stillness,
}
