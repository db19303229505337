"""What to put where a value is missing. Knows stamps only to name the first gap; never looks at a file."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.finding import count, moment
from engine.reading.question import Answer

Fill = Literal["forward", "line", "none"]

DONE: dict[Fill, str] = {
    "forward": "filled with the last value before it",
    "line": "filled by a straight line between its neighbours, which looks at the value after the gap",
    "none": "left empty",
}
LABELS: dict[Fill, str] = {
    "forward": "carry the last value on", "line": "a straight line", "none": "leave them empty"
}  # fmt: skip


def fills() -> tuple[Answer, ...]:
    """The ways to fill, the default first."""
    return tuple(Answer(fill, label) for fill, label in LABELS.items())


def fill_missing(values: pd.Series, how: Fill) -> tuple[pd.Series, list[str]]:
    """Values (n,) with no gap between the first and the last known one, and a sentence for each thing done.

    "forward" uses nothing from the future. Missing values at either end have nothing to be filled from and
    are left out, except with "none", which changes nothing.
    """
    if how not in get_args(Fill):
        raise Lesson(
            f"“{how}” was asked for as a filling.",
            f"The fillings are {', '.join(get_args(Fill))}.",
            "Choose one of them.",
        )
    known = values.notna().to_numpy()
    if known.all() or not known.any():
        return values, []
    if how == "none":
        return values, [_sentence(values, known, how)]
    inner, repairs = _without_empty_ends(values, known)
    if inner.notna().all():
        return inner, repairs
    filled = inner.ffill() if how == "forward" else inner.interpolate("linear")
    return filled, [*repairs, _sentence(inner, inner.notna().to_numpy(), how)]


def _without_empty_ends(values: pd.Series, known: NDArray[np.bool_]) -> tuple[pd.Series, list[str]]:
    first, last = int(np.argmax(known)), len(known) - int(np.argmax(known[::-1]))
    repairs = []
    if first:
        repairs.append(f"The first {count(first, 'value is', 'values are')} missing and left out.")
    if last < len(known):
        repairs.append(f"The last {count(len(known) - last, 'value is', 'values are')} missing and left out.")
    return values.iloc[first:last], repairs


def _sentence(values: pd.Series, known: NDArray[np.bool_], how: Fill) -> str:
    stamp = pd.Timestamp(values.index[int(np.argmin(known))])
    missing = int((~known).sum())
    return (
        f"{missing:,} of {len(values):,} values {'is' if missing == 1 else 'are'} missing "
        f"(the first at {moment(stamp)}); {'it was' if missing == 1 else 'each was'} {DONE[how]}."
    )


__all__ = ["DONE", "Fill", "fill_missing", "fills", "moment"]
