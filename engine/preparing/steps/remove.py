"""Remove: values that are known to be wrong become missing, by hand. Looks at no value."""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.errors import Lesson
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step
from engine.preparing.steps.moments import positions
from engine.reading.filling import moment


class Remove(Decisions):
    """Decisions of what is removed."""

    start: str = ""
    """The first moment, such as 2019-03-01 or 2019-03-01 14:30; nothing is the first value."""
    end: str = ""
    """The last moment; a day alone includes the whole day."""
    above: float | None = None
    """Of these only values above it; nothing is all."""
    below: float | None = None
    """Of these only values below it; nothing is all."""


def apply(decisions: Remove, series: Series) -> tuple[Series, str]:
    values, where = np.array(series.values), positions(series, decisions.start, decisions.end)
    wrong = np.zeros(len(values), bool)
    wrong[where] = np.isfinite(values[where])
    if decisions.above is not None or decisions.below is not None:
        high = np.inf if decisions.above is None else decisions.above
        low = -np.inf if decisions.below is None else decisions.below
        wrong &= (values > high) | (values < low)
    if not wrong.any() or wrong.sum() == np.isfinite(values).sum():
        raise Lesson(
            "That would remove every value." if wrong.any() else "There is no such value to remove.",
            f"The values lie from {np.nanmin(values):g} to {np.nanmax(values):g}.",
            "Choose other moments or limits.",
        )
    values[wrong] = np.nan
    first = moment(series.index[int(np.argmax(wrong))])
    said = f"{int(wrong.sum()):,} values were removed by hand, the first at {first}, and are now missing."
    return dataclasses.replace(series, values=values), said


STEP = Step("remove", "Remove values", "What is known to be wrong becomes missing.", Remove, apply, order=30)
