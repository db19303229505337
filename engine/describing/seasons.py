"""Which seasons a calendar suggests. Knows no value."""

from __future__ import annotations

import pandas as pd

from engine.nouns.series import Series

YEAR = 365  # days


def seasons(series: Series, length: int | None = None) -> tuple[int, ...]:
    """Steps in each season that fits at least twice into `length` values, the shortest first: a day, a week, a year."""
    length = len(series) if length is None else length
    found = {series.period}
    step = series.index.freq
    if isinstance(step, pd.offsets.Tick | pd.offsets.Day):
        a_day = pd.Timedelta(days=1) / pd.Timedelta(series.index[1] - series.index[0])
        found |= {round(days * a_day) for days in (7, YEAR) if float(days * a_day).is_integer()}
    return tuple(sorted(season for season in found if 1 < season <= length // 2))
