"""Asking for explanations from outside: by a run, an update and a place, answered as data that JSON can carry.

Knows no model and no page.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import Any

from engine.errors import Lesson
from engine.explaining.moment import Moment
from engine.nouns.explanation import Explanation, Place
from engine.nouns.trace import Trace


def explain(trace: Trace, step: int, place: Place, start: int | None = None) -> Explanation:
    """One number of a recorded update and how it came about. Raises Lesson where there is no such number.

    start: where the probe window begins, if not at the last window before the split.
    """
    if "weights" not in trace.signals:
        raise Lesson(
            "This run file has no weights, so none of its numbers can be worked out again.",
            "Every run that is trained here records its weights at every update.",
            "Train the run again, or open another one.",
        )
    return moment(trace, step, start).explain(place)


@lru_cache(maxsize=2)  # a recorded update never changes; each holds every number of its pass
def moment(trace: Trace, step: int, start: int | None = None) -> Moment:
    """The moment of an update; the last two asked for are kept."""
    return Moment(trace, step, start)


def as_json(explanation: Explanation) -> dict[str, Any]:
    """The explanation as plain data; places as text that `Place.parse` reads, null where a number is none."""
    return {
        "place": str(explanation.place),
        "symbol": explanation.symbol,
        "operation": explanation.operation,
        "operands": [
            {"place": str(operand.place), "value": _plain(operand.value), "role": operand.role}
            for operand in explanation.operands
        ],
        "result": _plain(explanation.result),
        "sentence": explanation.sentence,
        "short": explanation.short,
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
