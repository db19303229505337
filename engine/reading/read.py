"""From an uploaded file to a Series, in one call. Knows the order of the steps; each step is a module of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.nouns.series import Series
from engine.reading.cells import MISSING_CODES
from engine.reading.filling import Fill, fill_missing, moment
from engine.reading.grid import regular
from engine.reading.parts import with_joined_time
from engine.reading.stamps import COUNT_ROWS, is_ruler, read_stamps, suspected_time, time_columns
from engine.reading.table import Table, read_table
from engine.reading.values import numeric_columns, read_numbers
from engine.reading.wide import refuse_wide

NOTHING_SAID = re.compile(r"(?:value|values|y|x|column \d+|data|0|target)", re.IGNORECASE)
CADENCES = {"YS": "yearly", "YE": "yearly", "QS": "quarterly", "QE": "quarterly", "MS": "monthly", "ME": "monthly"}
CADENCES |= {"W": "weekly", "B": "every business day", "D": "daily", "h": "hourly", "min": "every minute"}
WEEKDAYS = {"MON": "Mondays", "TUE": "Tuesdays", "WED": "Wednesdays", "THU": "Thursdays", "FRI": "Fridays"}
WEEKDAYS |= {"SAT": "Saturdays", "SUN": "Sundays"}


@dataclass(frozen=True)
class Outline:
    """What a file offers, before anything is chosen. times and candidates for the values: the best first.

    suspected: where no column can be read as time, one that seems to be meant as such.
    """

    table: Table
    columns: list[str]
    times: list[str]
    candidates: list[str]
    suspected: str | None


@dataclass(frozen=True)
class Reading:
    """A file read. missing: bool (n,), where the file had no value. report: sentences for a person, in order.

    empty, duplicates and absent count values that are missing, stamps that came twice, stamps that did not come.
    """

    columns: list[str]
    times: list[str]
    candidates: list[str]
    time: str
    column: str
    rows: int
    empty: int
    duplicates: int
    absent: int
    report: tuple[str, ...]
    series: Series
    missing: NDArray[np.bool_]


def outline(data: bytes, name: str) -> Outline:
    """The file's table and the columns to choose from. Raises Lesson where it holds no table of numbers."""
    table = read_table(data, name)
    refuse_wide(table)
    columns = table.columns
    table, joined = with_joined_time(table)
    times = time_columns(table)
    parts = {column for whole in joined if whole in times for column in joined[whole]}
    numeric = [column for column in numeric_columns(table) if column not in {*times[:1], *parts, *joined}]
    candidates = [column for column in numeric if not is_ruler(table, column)]
    if not numeric:
        _refuse_without_numbers(table)
    rulers = [column for column in numeric if column not in candidates]
    return Outline(table, columns, times, [*candidates, *rulers], None if times else suspected_time(table))


def _refuse_without_numbers(table: Table) -> None:
    for column in table.columns:
        if table.cells[column].str.strip().str.lower().isin(MISSING_CODES).all():
            read_numbers(table, column)
    first = table.columns[0]
    raise Lesson(
        f"No column of “{table.name}” holds numbers to forecast; “{first}” begins with "
        f"“{str(table.cells[first].iloc[0]).strip()[:60]}”.",
        "Expected is a table with one row for each stamp and at least one column of numbers.",
        "Check that the columns are separated by commas, semicolons, tabs or bars, and that numbers are in digits.",
    )


def read(data: bytes, name: str, column: str | None = None, time: str | None = None, fill: Fill = "forward") -> Reading:
    """The file as a Series. Raises Lesson where it cannot be read without guessing."""
    return read_outline(outline(data, name), column, time, fill)


def read_outline(
    offered: Outline, column: str | None = None, time: str | None = None, fill: Fill = "forward"
) -> Reading:
    """The chosen columns as a Series; what is not chosen is the first that is offered."""
    time = _chosen_time(offered, time)
    column = _chosen_column(offered, column, time)
    table = offered.table
    numbers = read_numbers(table, column)
    index, time_said, repairs = _stamps(table, time)
    values = pd.Series(numbers.values.to_numpy(), index)
    on_calendar = regular(values)
    filled, fill_said = fill_missing(on_calendar.values, fill)
    if len(filled) < 3:
        raise Lesson(
            f"“{column}” has {len(filled)} values.", "A series needs at least 3.", "Choose another column or file."
        )
    start = int(on_calendar.index.searchsorted(filled.index[0]))
    calendar = on_calendar.index[start : start + len(filled)]
    said = (*repairs, *numbers.repairs, *on_calendar.repairs, *fill_said)
    series = Series(_name(offered, column), calendar, filled.to_numpy(np.float64), _unit(column), said)
    missing = on_calendar.values.isna().to_numpy()[start : start + len(filled)]
    return Reading(
        offered.columns,
        offered.times,
        offered.candidates,
        time,
        column,
        len(table.cells),
        int(on_calendar.values.isna().sum()),
        on_calendar.duplicates,
        on_calendar.absent,
        (*table.notes, time_said, _span_said(series)),
        series,
        missing,
    )


def _chosen_time(offered: Outline, time: str | None) -> str:
    if time is not None:
        return time
    if offered.times:
        return offered.times[0]
    return offered.suspected or COUNT_ROWS


def _chosen_column(offered: Outline, column: str | None, time: str) -> str:
    """The column asked for, by name or by its position in the file counted from 1."""
    if column is None:
        return next((name for name in offered.candidates if name != time), offered.candidates[0])
    if column in offered.columns:
        return column
    if column.isdigit() and 1 <= int(column) <= len(offered.columns):
        return offered.columns[int(column) - 1]
    raise Lesson(
        f"There is no column “{column}”.",
        f"The columns of numbers are {', '.join(offered.candidates[:20])}.",
        "Choose one of them.",
    )


def _stamps(table: Table, time: str) -> tuple[pd.DatetimeIndex, str, list[str]]:
    """Stamps for each row, how they were read, and what was assumed."""
    if time == COUNT_ROWS:
        index = pd.date_range("2000-01-01", periods=len(table.cells), freq="D", unit="s")
        said = "No column was used as time: the rows were counted, as days from 2000-01-01. The dates mean nothing."
        return index, f"Steps are counted over {len(index):,} rows.", [said]
    if time not in table.columns:
        raise Lesson(
            f"There is no column “{time}”.", f"The columns are {', '.join(table.columns[:20])}.", "Choose one."
        )
    read_as = read_stamps(table, time)
    return pd.DatetimeIndex(read_as.stamps), f"Time is “{time}”, written as {read_as.words}.", read_as.repairs


def _name(offered: Outline, column: str) -> str:
    stem = PurePath(offered.table.name).stem
    if len(offered.candidates) == 1 or NOTHING_SAID.fullmatch(column):
        return stem
    return f"{stem}: {column}"


def _unit(column: str) -> str:
    """What stands in brackets after the name: “Load [MW]”, “Price (EUR/MWh)”."""
    found = re.search(r"\[([^\]]{1,20})\]|\s\(([^)]{1,20})\)$", column)
    return (found.group(1) or found.group(2)) if found else ""


def _span_said(series: Series) -> str:
    first, last = moment(series.index[0]), moment(series.index[-1])
    return f"{len(series):,} steps, {cadence(series.freq)}, from {first} to {last}."


def cadence(freq: str) -> str:
    """A pandas frequency in words: “monthly”, “every 15 minutes”, “weekly on Saturdays”."""
    times, code, anchor = (re.findall(r"^(\d*)([A-Za-z]+)(?:-(\w+))?$", freq) or [("", freq, "")])[0]
    words = {"h": "hours", "min": "minutes", "D": "days", "s": "seconds", "MS": "months", "ME": "months"}
    if times:
        return f"every {times} {words.get(code, code)}"
    weekday = f" on {WEEKDAYS[anchor]}" if anchor in WEEKDAYS else ""
    return CADENCES.get(code, f"at the frequency {freq}") + weekday
