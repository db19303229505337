"""A series a row, with its start and its step beside it: competition files and .tsf. Knows no other layout."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import cells_of, distinct, kind, missing
from engine.reading.layouts.layout import Choice, Observed, chosen_label, unique
from engine.reading.layouts.steps import counted_stamps
from engine.reading.question import Asking
from engine.reading.stamps import readings
from engine.reading.table import Table
from engine.reading.tsf import Declared
from engine.reading.values import read_numbers

FEWEST = 12
_STARTS = {"month": ("MS", 12), "quarter": ("QS", 4)}


@dataclass(frozen=True)
class Started:
    """declared: the series by row."""

    declared: Declared
    words: str = "one row for each series"
    about: Mapping[str, str] = field(default_factory=dict)

    @property
    def columns(self) -> list[str]:
        return []

    times = candidates = columns

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.declared.said, "Each row is a series; its values follow one another.")

    @functools.cached_property
    def labels(self) -> list[str]:
        return unique(list(self.declared.labels))

    def observe(self, choice: Choice, asking: Asking) -> Observed:
        label = chosen_label(self.labels, choice.series, asking)
        row = self.labels.index(label)
        cells = cells_of(self.declared.values[row])
        filled = np.flatnonzero(~missing(cells))
        if not len(filled):
            raise Lesson(f"The row of “{label}” is empty.", "A series needs numbers.", "Choose another one.")
        cells = cells.slice(0, int(filled[-1]) + 1)
        table = Table(self.declared.name, {label: cells}, np.full(len(cells), row + 1, np.int32), {})
        numbers = read_numbers(table, label, asking)
        start, step = self.declared.starts[row], self.declared.step
        seconds = _stamps(start, step, len(cells)) if start and step else None
        if seconds is None:
            made, said = counted_stamps(len(cells), asking)
            return Observed(
                self.declared.name, "", label, label, made, numbers.values, (said, *numbers.said), numbers.codes,
                counted=True,
            )  # fmt: skip
        said = f"The row says that it starts at {start}; the steps follow from it."
        return Observed(
            self.declared.name, "", label, label, seconds, numbers.values, (said, *numbers.said), numbers.codes
        )


def _stamps(start: str, step: str, rows: int) -> NDArray[np.int64] | None:
    read = readings(cells_of([start]))
    if not read:
        return None
    first = pd.Timestamp(int(read[0].seconds[0]), unit="s")
    offset = pd.tseries.frequencies.to_offset(step)
    if step in ("YS", "QS", "MS"):
        months = {"YS": 12, "QS": 3, "MS": 1}[step]
        begun = np.datetime64(first.strftime("%Y-%m"), "M")
        index = pd.DatetimeIndex((begun + months * np.arange(rows)).astype("datetime64[s]"))
    elif step == "W":
        index = pd.date_range(first, periods=rows, freq="7D", unit="s")
    else:
        index = pd.date_range(first, periods=rows, freq=offset, unit="s")
    return index.to_numpy().astype("datetime64[s]").astype(np.int64)


def find_started(table: Table) -> Started | None:
    """A table whose columns are numbered 1, 2, 3 after some that name the row; None where it is no such table."""
    numbered = _numbered(table)
    if len(numbered) < FEWEST:
        return None
    others = [name for name in table.names if name not in numbered]
    words = [name for name in others if any(kind(cell) == "text" for cell in table.sample(name))]
    if not words:
        return None
    rows = list(zip(*(table.cells[name].to_pylist() for name in numbered), strict=True))
    labels = tuple(re.sub(r"\s+", " ", str(cell)) for cell in table.cells[words[0]].to_pylist())
    starts, step = _starts(table, others)
    return Started(Declared(table.name, labels, starts, step, tuple(list(row) for row in rows), table.notes))


def _numbered(table: Table) -> list[str]:
    """Columns named 1, 2, 3 and so on; or V2, V3, V4 behind one column of labels that each occur once."""
    plain = [name for name in table.names if name.isdigit()]
    if plain and [int(name) for name in plain] == list(range(1, len(plain) + 1)):
        return plain
    first, *rest = table.names
    found = [re.fullmatch(r"([A-Za-z]{1,3}_?)(\d+)", name) for name in rest]
    prefixes = {match.group(1) if match else None for match in found}
    numbers = [int(match.group(2)) for match in found if match]
    if len(prefixes) != 1 or None in prefixes or numbers != list(range(2, len(numbers) + 2)):
        return []
    labelled = all(kind(cell) == "text" for cell in table.sample(first)) and distinct(table.cells[first]) == len(table)
    return rest if labelled else []


def _starts(table: Table, others: list[str]) -> tuple[tuple[str, ...], str | None]:
    """When each row starts, where columns named for a start say so, and the step that these imply."""
    started = {name: name.lower() for name in others if "start" in name.lower()}
    year = next((name for name, low in started.items() if "year" in low), None)
    if year is None:
        return ("",) * len(table), None
    years = table.cells[year].to_pylist()
    for part, (step, most) in _STARTS.items():
        column = next((name for name, low in started.items() if part in low), None)
        if column is not None:
            places = table.cells[column].to_pylist()
            months = [_month(place, most) for place in places]
            return tuple(_start(at, month) for at, month in zip(years, months, strict=True)), step
    return tuple(_start(at, 1) for at in years), "YS"


def _month(place: str, most: int) -> int | None:
    return (int(place) - 1) * (12 // most) + 1 if place.isdigit() and 1 <= int(place) <= most else None


def _start(year: str, month: int | None) -> str:
    """Empty where the row does not say: a year 0 means that it is not known."""
    return f"{year}-{month:02d}-01" if year.isdigit() and len(year) == 4 and month else ""
