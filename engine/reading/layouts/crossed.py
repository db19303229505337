"""Time runs both ways: years down and months across, months down and years across, days down and hours across."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from engine.errors import Lesson
from engine.reading.cells import cells_of, kept, matches, missing
from engine.reading.layouts.across import TIME, plain_name, turned
from engine.reading.layouts.layout import Choice, Observed, chosen_label, unique
from engine.reading.question import Asking
from engine.reading.stamps import NONE
from engine.reading.table import Table
from engine.reading.timed import ways
from engine.reading.words import MONTHS

# Rows that are labelled otherwise, where most are labelled by years, are sums, codes or remarks.
MOST_YEARS = 0.8
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d{2}")
_HOUR = re.compile(
    r"(?:h|hour|hr|he|hora|stunde)?[_ ]?0?(\d{1,2})(?::00)?(?:\s?h)?(?:\s?[-–]\s?\d{1,2}(?::00)?)?", re.I
)  # noqa: RUF001
_DAY = re.compile(r"(?:d|day|tag|dia)?[_ ]?0?(\d{1,2})", re.I)
_QUARTER = re.compile(r"(?:Q|T|quarter |quartal )\s?([1-4])|([1-4])\.? ?(?:Q|quarter|quartal)", re.I)


def _month(name: str) -> int | None:
    return MONTHS.get(name.lower().rstrip("."))


def _numbered(pattern: re.Pattern[str]) -> Callable[[str], int | None]:
    def number(name: str) -> int | None:
        found = pattern.fullmatch(name)
        return int(next(group for group in found.groups() if group)) if found else None

    return number


@dataclass(frozen=True)
class Cycle:
    """What may run across. numbers: which must be there. stamp: the stamp of a row and a column, as text."""

    words: str
    number: Callable[[str], int | None]
    numbers: tuple[frozenset[int], ...]
    units: tuple[str, ...]
    stamp: Callable[[np.datetime64, int], str]


def _of(stamp: np.datetime64, unit: str) -> str:
    return str(stamp.astype(f"datetime64[{unit}]"))


CYCLES = (
    Cycle("months", _month, (frozenset(range(1, 13)),), ("year",), lambda at, n: f"{_of(at, 'Y')}-{n:02d}"),
    Cycle(
        "quarters", _numbered(_QUARTER), (frozenset(range(1, 5)),), ("year",),
        lambda at, n: f"{_of(at, 'Y')}-{3 * n - 2:02d}",
    ),
    Cycle(
        "hours", _numbered(_HOUR), (frozenset(range(24)), frozenset(range(1, 25))), ("day", "second"),
        lambda at, n: f"{_of(at, 'D')} {n:02d}:00",
    ),
    Cycle("days", _numbered(_DAY), (frozenset(range(1, 32)),), ("month",), lambda at, n: f"{_of(at, 'M')}-{n:02d}"),
)  # fmt: skip
# Months may also be numbers, where the rows are years.
NUMBERED_MONTHS = Cycle(
    "months", _numbered(re.compile(r"0?(\d{1,2})")), (frozenset(range(1, 13)),), ("year",), CYCLES[0].stamp
)


@dataclass(frozen=True)
class Crossed:
    """tables: one for each series, with the same rows. cells: stamps as text and values, for each."""

    tables: list[Table]
    cycle: Cycle
    rows: str
    turned_round: bool

    @property
    def words(self) -> str:
        return f"{self.cycle.words} down and years across" if self.turned_round else f"{self.cycle.words} across"

    @property
    def columns(self) -> list[str]:
        return []

    times = candidates = columns

    @property
    def notes(self) -> tuple[str, ...]:
        return (*self.tables[0].notes, f"The table has {self.words}; it was read row by row in the order of time.")

    @property
    def about(self) -> Mapping[str, str]:
        return self.tables[0].about

    @functools.cached_property
    def labels(self) -> list[str]:
        if len(self.tables) == 1:
            return [""]
        return unique([table.title or f"table {at}" for at, table in enumerate(self.tables, start=1)])

    def observe(self, choice: Choice, asking: Asking) -> Observed:
        label = chosen_label(self.labels, choice.series, asking) if len(self.tables) > 1 else self.labels[0]
        name = label or "value"
        down = self._downwards(self.tables[self.labels.index(label)], name)
        return turned(down, name, asking, choice)

    def _downwards(self, table: Table, label: str) -> Table:
        """Every cell with its stamp, in the order of time, without cells of days that do not exist."""
        found = list(_turned_cells(table, self.cycle) if self.turned_round else _cells(table, self.rows, self.cycle))
        found.sort(key=lambda cell: cell[0])
        real = [cell for cell in found if _exists(cell[0]) or cell[1]]
        stamps, values = [cell[0] for cell in real], [cell[1] for cell in real]
        lines = np.array([cell[2] for cell in real], np.int32)
        return Table(table.name, {TIME: cells_of(stamps), label: cells_of(values)}, lines, {}, table.separator)


def _exists(stamp: str) -> bool:
    try:
        np.datetime64(stamp.replace(" 24:", " 23:"))
    except ValueError:
        return False
    return True


Cell = tuple[str, str, int]


def _cells(table: Table, rows: str, cycle: Cycle) -> list[Cell]:
    stamps, across = _row_stamps(table, rows, cycle), _numbers(table, cycle)
    first = min(across.values()) if cycle.words == "hours" else 0
    found = []
    for name, number in across.items():
        texts = table.cells[name].to_pylist()
        found += [
            (cycle.stamp(stamp, number - first), text, int(line))
            for stamp, text, line in zip(stamps, texts, table.lines, strict=True)
            if stamp is not None
        ]
    return found


def _row_stamps(table: Table, rows: str, cycle: Cycle) -> list[np.datetime64 | None]:
    known = _labels(table, rows, cycle)
    found = _unit(table, rows, cycle)
    if found is None:
        raise Lesson(f"“{rows}” cannot be read as time.", "Each row is a year or a day.", "Turn the table round.")
    stamps = iter(found)
    return [np.datetime64(int(next(stamps)), "s") if there else None for there in known]


def _with_months(table: Table) -> Table | None:
    """A year and twelve numbers in each row, and no names: the custom of climate archives."""
    nameless = all(name.startswith("column ") for name in table.names)
    if (
        not nameless
        or len(table.names) != 13
        or matches(table.cells[table.names[0]], _YEAR.pattern).mean() < MOST_YEARS
    ):
        return None
    names = ["year", *(str(month) for month in range(1, 13))]
    cells = dict(zip(names, table.cells.values(), strict=True))
    said = "Nothing names the columns: the twelve after the year were taken for January to December."
    positions = {name: place for place, name in enumerate(names, start=1)}
    return replace(table, cells=cells, positions=positions, notes=(*table.notes, said))


def _labels(table: Table, column: str, cycle: Cycle) -> np.ndarray:
    """(n,), which rows are of the table: of years down, those that are labelled by a year."""
    known = ~missing(table.cells[column])
    years = matches(table.cells[column], _YEAR.pattern)
    return years if cycle.units == ("year",) and years.mean() >= MOST_YEARS else known


def _unit(table: Table, column: str, cycle: Cycle) -> np.ndarray | None:
    """The stamps of a column where they are of the unit that the cycle runs in; None where it is no such time."""
    cells = kept(table.cells[column], _labels(table, column, cycle))
    read = next(iter(ways(cells, hinted=True)), None) if len(cells) else None
    if read is None or read.unit not in cycle.units or (read.seconds == NONE).any():
        return None
    return read.seconds


def _turned_cells(table: Table, cycle: Cycle) -> list[Cell]:
    found = []
    numbers = [cycle.number(plain_name(str(cell))) for cell in table.cells[table.names[0]].to_pylist()]
    for name in table.names[1:]:
        year = plain_name(name)
        if not _YEAR.fullmatch(year):
            continue
        for number, text, line in zip(numbers, table.cells[name].to_pylist(), table.lines, strict=True):
            if number is not None:
                found.append((cycle.stamp(np.datetime64(year), number), text, int(line)))
    return found


def _numbers(table: Table, cycle: Cycle) -> dict[str, int]:
    numbers = {name: cycle.number(plain_name(name)) for name in table.names}
    return {name: number for name, number in numbers.items() if number is not None}


def find_crossed(tables: list[Table]) -> Crossed | None:
    """The tables as crossed ones, or None where time does not run both ways."""
    if (named := _with_months(tables[0])) is not None:
        tables = [named]
    table = tables[0]
    for cycle in (*CYCLES, NUMBERED_MONTHS):
        across = _numbers(table, cycle)
        if len(across) == len(set(across.values())) and frozenset(across.values()) in cycle.numbers:
            rows = [name for name in table.names if name not in across][:3]
            found = next((name for name in rows if _unit(table, name, cycle) is not None), None)
            if found is not None:
                return Crossed(tables, cycle, found, turned_round=False)
    years = [name for name in table.names[1:] if _YEAR.fullmatch(plain_name(name))]
    if len(years) < 2 or len(years) < len(table.names) / 2:
        return None
    for cycle in CYCLES[:2]:
        numbers = [cycle.number(plain_name(str(cell))) for cell in table.cells[table.names[0]].to_pylist()]
        known = [number for number in numbers if number is not None]
        if frozenset(known) in cycle.numbers and len(known) == len(set(known)):
            return Crossed(tables, cycle, table.names[0], turned_round=True)
    return None
