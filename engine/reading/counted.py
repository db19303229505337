"""Time written as a number: years, decimal years, seconds since 1970, days of a spreadsheet. Knows no format."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.cells import Cells, matches
from engine.reading.stamps import Reading

YEARS = (1000, 2300)
# Seconds since 1970 between 1973 and 2100; milli-, micro- and nanoseconds are a thousand times as many each.
EPOCH = (100_000_000, 4_102_444_800)
SCALES = ((1, ""), (10**3, "milli"), (10**6, "micro"), (10**9, "nano"))
# Days since the end of 1899, as spreadsheets count them, between 1955 and 2110.
SPREADSHEET = (20_000, 77_000)
_BEFORE_1970 = 25_569
# How far a decimal year may lie from a twelfth or a quarter: archives round to three digits.
CLOSE = 0.06


def read_counted(cells: Cells, hinted: bool) -> Reading | None:
    """Stamps of a column of rising or falling numbers, or None where they are no count of time.

    hinted: whether the column is named like time; days of a spreadsheet are taken for time only then.
    """
    if not matches(cells, r"\d{1,19}(?:[.,]\d*)?").all():
        return None
    numbers = np.asarray(pc.cast(pc.replace_substring(cells, ",", "."), pa.float64()).to_numpy())
    steps = np.diff(numbers)
    if not len(steps) or ((steps > 0).any() and (steps < 0).any()):
        return None
    if _within(numbers, YEARS):
        return _decimal_years(numbers)
    if hinted and _within(numbers, SPREADSHEET):
        seconds = np.round((numbers - _BEFORE_1970) * 86_400).astype(np.int64)
        return Reading("days of a spreadsheet", seconds, "second", said=("Days were counted from 1899-12-30.",))
    return _epoch(numbers)


def _within(numbers: NDArray[np.float64], bounds: tuple[int, int]) -> bool:
    return bool((numbers >= bounds[0]).all() and (numbers <= bounds[1]).all())


def _epoch(numbers: NDArray[np.float64]) -> Reading | None:
    for scale, part in SCALES:
        if _within(numbers / scale, EPOCH):
            seconds = (numbers // scale).astype(np.int64)
            return Reading(f"{part}seconds since 1970", seconds, "second", True, ("Seconds count from 1970 in UTC.",))
    return None


def _decimal_years(numbers: NDArray[np.float64]) -> Reading | None:
    """Whole years, quarters as fractions (1960.25), or months as fractions (1949.0833)."""
    for in_a_year, words, unit in (
        (1, "year", "year"),
        (4, "decimal year, by quarters", "quarter"),
        (12, "decimal year, by months", "month"),
    ):
        counted = numbers * in_a_year
        if (np.abs(counted - counted.round()) <= CLOSE * min(1, in_a_year - 1)).all():
            return Reading(words, _months(counted.round().astype(np.int64), in_a_year), unit)
    return _middles_of_months(numbers)


def _middles_of_months(numbers: NDArray[np.float64]) -> Reading | None:
    """Months as fractions at their middle (1749.042), whatever the length of the month."""
    counted = np.floor(numbers * 12 + 1e-6).astype(np.int64)
    if len(counted) > 1 and (np.abs(np.diff(counted)) == 1).all():
        return Reading("decimal year, by months", _months(counted, 12), "month")
    return None


def _months(counted: NDArray[np.int64], in_a_year: int) -> NDArray[np.int64]:
    months = (counted // in_a_year - 1970) * 12 + (counted % in_a_year) * (12 // in_a_year)
    return months.view("datetime64[M]").astype("datetime64[s]").astype(np.int64)
