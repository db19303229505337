"""Time written as a number: years, decimal years, seconds since 1970. Knows no calendar format."""

from __future__ import annotations

import numpy as np
import pandas as pd

from engine.reading.formats import ReadStamps

YEARS = (1000, 2300)
# Seconds since 1970 between 1990 and 2100; milliseconds are a thousand times as many.
EPOCH = (631_152_000, 4_102_444_800)
# How far a decimal year may lie from a twelfth or a quarter: archives round to three digits.
CLOSE = 0.06


def read_counted(cells: pd.Series) -> ReadStamps | None:
    """Stamps of a column of rising or falling numbers, or None where they are no count of time."""
    if not cells.str.fullmatch(r"\d{1,13}(?:\.\d+)?").all():
        return None
    numbers = pd.to_numeric(cells).astype(np.float64)
    steps = np.diff(numbers)
    if not len(steps) or ((steps > 0).any() and (steps < 0).any()):
        return None
    if numbers.between(*YEARS).all():
        return _decimal_years(numbers)
    for scale, words in ((1, "seconds since 1970"), (1000, "milliseconds since 1970")):
        if (numbers / scale).between(*EPOCH).all():
            stamps = pd.Series((numbers // scale).to_numpy().astype("datetime64[s]"), numbers.index)
            return ReadStamps(words, stamps, [f"“{cells.iloc[0]}” was read as {stamps.iloc[0]} ({words}, UTC)."])
    return None


def _decimal_years(numbers: pd.Series) -> ReadStamps | None:
    """Whole years, quarters as fractions (1960.25), or months as fractions (1949.0833)."""
    for in_a_year, words in ((1, "year"), (4, "decimal year, by quarters"), (12, "decimal year, by months")):
        counted = numbers * in_a_year
        if (np.abs(counted - counted.round()) <= CLOSE * min(1, in_a_year - 1)).all():
            whole = counted.round().astype(np.int64)
            months = (whole // in_a_year - 1970) * 12 + (whole % in_a_year) * (12 // in_a_year)
            stamps = months.to_numpy().astype("datetime64[M]").astype("datetime64[s]")
            return ReadStamps(words, pd.Series(stamps, numbers.index))
    return None
