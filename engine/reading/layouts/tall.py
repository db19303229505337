"""Time runs downwards: a column of stamps, and the series in columns, or below each other by keys. Knows no grid."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Lesson
from engine.reading.cells import give_back, listed, missing
from engine.reading.layouts.keys import Keys, find_keys
from engine.reading.layouts.layout import Choice, Observed, chosen_label
from engine.reading.layouts.steps import counted_stamps
from engine.reading.parts import with_joined_time
from engine.reading.question import Asking
from engine.reading.ruler import is_ruler
from engine.reading.stamps import NONE
from engine.reading.table import Table
from engine.reading.timed import COUNT_ROWS, read_time, suspected_time, time_columns
from engine.reading.values import numeric_columns, read_numbers


@dataclass(frozen=True)
class Tall:
    """table: with the columns of the file. whole: the same with time joined from its parts. parts: what it is of."""

    table: Table
    words: str = "one row for each stamp"

    @functools.cached_property
    def _joined(self) -> tuple[Table, dict[str, list[str]]]:
        return with_joined_time(self.table)

    @property
    def columns(self) -> list[str]:
        return self.table.names

    @property
    def notes(self) -> tuple[str, ...]:
        return self.table.notes

    @property
    def about(self) -> Mapping[str, str]:
        return self.table.about

    @functools.cached_property
    def times(self) -> list[str]:
        """Columns of time, and at last one that seems to be meant as such."""
        whole, joined = self._joined
        found = time_columns(whole)
        made = [name for name in joined if name in found]
        parts = {part for name in made for part in joined[name]}
        found = [*made, *(name for name in found if name not in made and name not in parts)]
        suspected = None if found else suspected_time(whole)
        return [suspected] if suspected else found

    @functools.cached_property
    def candidates(self) -> list[str]:
        """Columns of numbers, those that only count along last. Raises Lesson where there is none."""
        joined = self._joined[1]
        parts = {part for name in self.times for part in joined.get(name, [])}
        keys = self.keys.columns if self.keys else []
        numeric = [name for name in self._numeric if name not in {*self.times[:1], *parts, *keys}]
        if not numeric:
            _refuse_without_numbers(self.table, self._numeric)
        series = [name for name in numeric if not is_ruler(self.table, name)]
        return [*series, *(name for name in numeric if name not in series)]

    @functools.cached_property
    def _numeric(self) -> list[str]:
        return numeric_columns(self.table)

    @functools.cached_property
    def keys(self) -> Keys | None:
        """What tells several series apart that stand one below the other."""
        if not self.times:
            return None
        whole, joined = self._joined
        parts = joined.get(self.times[0], [])
        usable = [name for name in whole.names if name not in parts and (name not in joined or name == self.times[0])]
        narrowed = Table(whole.name, {name: whole.cells[name] for name in usable}, whole.lines, {})
        return find_keys(narrowed, self.times[0], self._numeric)

    @property
    def labels(self) -> list[str]:
        return self.keys.labels if self.keys and len(self.keys.labels) > 1 else []

    def observe(self, choice: Choice, asking: Asking) -> Observed:
        time = choice.time or next(iter(self.times), COUNT_ROWS)
        column = self._chosen_column(choice.column, time)
        label, table = self._chosen_rows(choice, asking)
        if time == COUNT_ROWS:
            numbers = read_numbers(table, column, asking)
            seconds, said = counted_stamps(len(table), asking)
            return Observed(
                self.table.name, COUNT_ROWS, column, label, seconds, numbers.values, (said, *numbers.said),
                numbers.codes, counted=True,
            )  # fmt: skip
        if time not in table.cells:
            raise Lesson(f"There is no column “{time}”.", f"The columns are {listed(self.columns)}.", "Choose one.")
        return self._dated(table, time, column, label, asking)

    def _dated(self, table: Table, time: str, column: str, label: str, asking: Asking) -> Observed:
        timed = read_time(table, time, asking)
        give_back()
        undated = 0
        if not timed.rows.all():
            undated = int((missing(table.cells[time]) & ~missing(table.cells[column])).sum())
            table = table.where(timed.rows)
        numbers = read_numbers(table, column, asking)
        seconds, values, dated = timed.seconds, numbers.values, timed.seconds != NONE
        if not dated.all():
            seconds, values = seconds[dated], values[dated]
        return Observed(
            self.table.name, time, column, label, seconds, values,
            (f"Time is “{time}”, written as {timed.words}.", *timed.said, *numbers.said), numbers.codes,
            timed.zoned, undated=undated,
        )  # fmt: skip

    def _chosen_column(self, wanted: str | None, time: str) -> str:
        """The column asked for, by name or by its position in the file counted from 1."""
        if wanted is None:
            return next((name for name in self.candidates if name != time), self.candidates[0])
        if wanted in self.columns:
            return wanted
        by_place = {str(place): name for name, place in self.table.positions.items()}
        near = [name for name in self.columns if name.casefold() == wanted.strip().casefold()]
        if wanted in by_place or len(near) == 1:
            return by_place.get(wanted) or near[0]
        raise Lesson(
            f"There is no column “{wanted}”.",
            f"The columns of numbers are {listed(self.candidates)}.",
            "Choose one of them.",
        )

    def _chosen_rows(self, choice: Choice, asking: Asking) -> tuple[str, Table]:
        """The rows of the series wanted, in a table that has time joined."""
        table = self._joined[0]
        if self.keys is None or not self.labels:
            if choice.series is not None:
                raise Lesson(
                    f"There is no series “{choice.series}”.", "The file holds one series a column.", "Choose a column."
                )
            return "", table
        label = chosen_label(self.labels, choice.series, asking)
        return label, table.where(self.keys.rows == self.labels.index(label))


def _refuse_without_numbers(table: Table, numeric: list[str]) -> None:
    for column in table.names:
        if missing(table.cells[column]).all():
            read_numbers(table, column, Asking())
    first = table.names[0]
    only = "Its only column is its time. " if numeric or len(table.names) == 1 else ""
    raise Lesson(
        f"No column of “{table.name}” holds numbers to forecast; “{first}” begins with "
        f"“{str(table.cells[first][0].as_py())[:60]}”.",
        f"{only}Expected is a table with one row for each stamp and at least one column of numbers.",
        "Check that the columns are separated by commas, semicolons, tabs or bars, and that numbers are in digits.",
    )
