"""Asking for explanations from outside: by a run, an update and a place, answered as data that JSON can carry.

Knows no model and no page.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from engine.errors import Lesson
from engine.explaining import supposing
from engine.explaining.moment import Moment
from engine.nouns.explanation import Explanation, Place
from engine.nouns.trace import Trace


def explain(
    trace: Trace, step: int, place: Place, start: int | None = None, wanted: Sequence[tuple[str, float]] = ()
) -> Explanation:
    """One number of a recorded update and how it came about. Raises Lesson where there is no such number.

    start: where the probe window begins, if not at the last window before the split. wanted: numbers of that window
    that are supposed to be others, by place.
    """
    return supposing.suppose(_moment(trace, step, start), wanted).explain(place)


def replaceable(trace: Trace, step: int, explanation: Explanation, start: int | None = None) -> list[bool]:
    """Whether the number, and then each of its operands, may be supposed to be another."""
    of = _moment(trace, step, start)
    return [supposing.supposable(of, place) for place in (explanation.place, *(o.place for o in explanation.operands))]


def _moment(trace: Trace, step: int, start: int | None) -> Moment:
    if "weights" not in trace.signals:
        raise Lesson(
            "This run file has no weights, so none of its numbers can be worked out again.",
            "Every run that is trained here records its weights at every update.",
            "Train the run again, or open another one.",
        )
    return moment(trace, step, start)


@lru_cache(maxsize=2)  # a recorded update never changes; each holds every number of its pass
def moment(trace: Trace, step: int, start: int | None = None) -> Moment:
    """The moment of an update; the last two asked for are kept."""
    return Moment(trace, step, start)


def what_if(
    trace: Trace, step: int, start: int | None, wanted: Sequence[tuple[str, float]], names: Sequence[str]
) -> Any:
    """What a supposition does to a window: (the outcome as plain data, arrays by signal name). Raises Lesson."""
    was = _moment(trace, step, start)
    now = supposing.suppose(was, wanted)
    return supposing.as_json(supposing.outcome(was, now)), supposing.signals(now, names)


def as_json(explanation: Explanation, replaceable: Sequence[bool] = ()) -> dict[str, Any]:
    """The explanation as plain data; places as text that `Place.parse` reads, null where a number is none.

    replaceable: whether the number, and then each operand, may be supposed to be another; where it was asked.
    """
    own, *others = replaceable or [False] * (1 + len(explanation.operands))
    return {
        "replaceable": own,
        "place": str(explanation.place),
        "symbol": explanation.symbol,
        "operation": explanation.operation,
        "operands": [
            {"place": str(o.place), "value": _plain(o.value), "role": o.role, "replaceable": may}
            for o, may in zip(explanation.operands, others, strict=True)
        ],
        "result": _plain(explanation.result),
        "sentence": explanation.sentence,
        "short": explanation.short,
    }


def _plain(value: float) -> float | None:
    return value if math.isfinite(value) else None
