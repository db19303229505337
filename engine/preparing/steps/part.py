"""Part: the series from one moment to another. Looks at no value."""

from __future__ import annotations

import dataclasses

from engine.errors import Lesson
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step
from engine.preparing.steps.moments import positions
from engine.reading.filling import moment

FEWEST = 3  # values that make a series


class Part(Decisions):
    """Decisions of the part that is kept."""

    start: str = ""
    """The first moment, such as 2019-03-01 or 2019-03-01 14:30; nothing is the first value."""
    end: str = ""
    """The last moment; a day alone includes the whole day, nothing is the last value."""


def apply(decisions: Part, series: Series) -> tuple[Series, str]:
    kept = positions(series, decisions.start, decisions.end)
    if kept.stop - kept.start < FEWEST:
        raise Lesson(
            f"Only {kept.stop - kept.start} values lie between these moments.",
            f"A series needs at least {FEWEST}.",
            "Choose a longer part.",
        )
    index = series.index[kept]
    beside = series.covariates.part(kept.start, kept.stop)
    cut = dataclasses.replace(series, index=index, values=series.values[kept], covariates=beside)
    return cut, f"The part from {moment(index[0])} to {moment(index[-1])} was taken: {len(index):,} of {len(series):,}."


STEP = Step("part", "Take a part", "The series from one moment to another.", Part, apply, order=10)
