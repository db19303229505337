"""Moments as a person types them, such as 2019-03-01 or 2019-03-01 14:30, and where they lie in a series."""

from __future__ import annotations

import pandas as pd

from engine.errors import Lesson
from engine.nouns.series import Series


def moment_of(text: str) -> pd.Timestamp:
    """Year first, as ISO 8601 has it; a day alone is its beginning. Raises Lesson."""
    try:
        stamp = pd.to_datetime(text.strip(), format="ISO8601").tz_localize(None)
    except (ValueError, TypeError) as error:
        raise _unreadable(text) from error
    if pd.isna(stamp):
        raise _unreadable(text)
    return stamp.as_unit("s")


def _unreadable(text: str) -> Lesson:
    return Lesson(
        f"“{text}” is not a moment that can be read.",
        "A moment is written with the year first, such as 2019-03-01 or 2019-03-01 14:30.",
        "Write it like this.",
    )


def positions(series: Series, start: str, end: str) -> slice:
    """Which values lie from `start` to `end`, both included; an end that is a day alone includes the whole day.

    An empty text is the first or the last value. Raises Lesson where there is none between.
    """
    first = series.index.searchsorted(moment_of(start)) if start.strip() else 0
    last = len(series)
    if end.strip():
        moment = moment_of(end)
        whole_day = moment == moment.normalize() and len(end.strip()) <= len("2019-03-01")
        after = moment + pd.Timedelta(days=1) if whole_day else moment
        last = int(series.index.searchsorted(after, side="left" if whole_day else "right"))
    if first >= last:
        raise Lesson(
            f"“{series.name}” has no value from {start or 'its start'} to {end or 'its end'}.",
            f"It runs from {series.index[0]} to {series.index[-1]}.",
            "Choose moments between these.",
        )
    return slice(int(first), last)
