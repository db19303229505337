"""Time runs across: each column is a date, a year or a month, and each row a series. Turns one row downwards."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.reading.cells import cells_of, distinct, kind
from engine.reading.layouts.layout import Choice, Observed, chosen_label, unique
from engine.reading.layouts.tall import Tall
from engine.reading.question import Asking
from engine.reading.table import Table

FEWEST = 6
TIME = "time"
_NOTE = re.compile(r"\s*[\[(][^\])]*[\])]|\s*\*+$")
_LETTERED = re.compile(r"[A-Za-z]{1,2}[_ ]?((?:1[5-9]|20|21)\d{2}(?:[._-]\d{1,2}){0,2})")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d{2}")


def plain_name(name: str) -> str:
    """A column's name without its notes: “2020 [Note 2]” and “X2020” are 2020."""
    bare = _NOTE.sub("", name).strip()
    lettered = _LETTERED.fullmatch(bare)
    return lettered.group(1) if lettered else bare


def dated_columns(table: Table) -> list[str]:
    """The columns that are named by dates or years, where these are most of the table; else none."""
    dates = [name for name in table.names if _is_date(plain_name(name))]
    years = [name for name in table.names if _YEAR.fullmatch(plain_name(name))]
    columns = max(dates, years, key=len)
    most = len(columns) > len(table.names) / 2 or len(columns) >= 4 * FEWEST
    return columns if len(columns) >= FEWEST and most else []


def _is_date(name: str) -> bool:
    return kind(name) == "stamp" or re.fullmatch(r"(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-3]\d)?", name) is not None


@dataclass(frozen=True)
class Across:
    """dated: the columns that are dates; the others name the rows."""

    table: Table
    dated: list[str]
    words: str = "one column for each stamp"

    @property
    def columns(self) -> list[str]:
        return []

    times = candidates = columns

    @property
    def notes(self) -> tuple[str, ...]:
        return (
            *self.table.notes,
            f"{len(self.dated):,} columns are dates, from “{self.dated[0]}” to “{self.dated[-1]}”.",
        )

    @property
    def about(self) -> Mapping[str, str]:
        return self.table.about

    @functools.cached_property
    def labels(self) -> list[str]:
        """What names each row: its words, and its other cells where these are not enough."""
        named = [name for name in self.table.names if name not in self.dated]
        words = [name for name in named if any(kind(cell) == "text" for cell in self.table.sample(name))]
        alone = [name for name in words if distinct(self.table.cells[name]) == len(self.table)]
        labels = self._joined(alone[:1] or words or named[:1])
        if len(set(labels)) < len(labels):
            labels = self._joined(named)
        return unique(labels)

    def _joined(self, columns: list[str]) -> list[str]:
        rows = zip(*(self.table.cells[name].to_pylist() for name in columns), strict=True)
        return [", ".join(cell for cell in row if cell) for row in rows] if columns else [""] * len(self.table)

    def observe(self, choice: Choice, asking: Asking) -> Observed:
        label = self._named_otherwise(choice.series) or chosen_label(self.labels, choice.series, asking)
        row = self.labels.index(label)
        return turned(self._downwards(row, label), label, asking, choice)

    def _named_otherwise(self, wanted: str | None) -> str | None:
        """The row in which any one cell that is no value reads so, where only one does."""
        for name in self.table.names if wanted is not None and wanted not in self.labels else ():
            if name not in self.dated and (cells := self.table.cells[name].to_pylist()).count(wanted) == 1:
                return str(self.labels[cells.index(wanted)])
        return None

    def _downwards(self, row: int, label: str) -> Table:
        """The row as a column beside its dates, and some others, which tell how numbers are written."""
        others = [other for other in range(min(len(self.table), 12)) if other != row]
        cells = {TIME: cells_of(plain_name(name) for name in self.dated)}
        for name, place in ((label, row), *((f"row {other}", other) for other in others)):
            cells[name] = cells_of(self.table.cells[column][place].as_py() for column in self.dated)
        lines = np.full(len(self.dated), self.table.lines[row])
        return Table(self.table.name, cells, lines, {}, self.table.separator)


def turned(table: Table, label: str, asking: Asking, choice: Choice) -> Observed:
    """A series turned downwards."""
    found = Tall(table).observe(Choice(time=TIME, column=label, answers=choice.answers), asking)
    return replace(found, label=label, form=True)
