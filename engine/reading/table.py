"""From rows to a table: its header, the lines around it, its columns by name. Does not know what any column means."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import Cells, as_mask, kept, sampled
from engine.reading.header import Header, find_header
from engine.reading.limits import refuse_cells, refuse_columns
from engine.reading.lines import around
from engine.reading.rows import Source

FEWEST_ROWS = 3


@dataclass(frozen=True)
class Table:
    """A table as text. cells: a column per name. lines: the line of each row in the file, from 1, (n,).

    positions: where each column stands in the file, from 1. separator: the character between cells, if any.
    notes: how it was read, in plain words, one sentence each. about: what lines above the table say of it.
    title: the line right above its header, where a sheet holds several tables.
    """

    name: str
    cells: dict[str, Cells]
    lines: NDArray[np.int32]
    positions: dict[str, int]
    separator: str | None = None
    notes: tuple[str, ...] = ()
    about: dict[str, str] = field(default_factory=dict)
    title: str = ""

    @property
    def names(self) -> list[str]:
        return list(self.cells)

    def __len__(self) -> int:
        return len(self.lines)

    def sample(self, column: str, most: int = 300) -> list[str]:
        """Some cells of a column, evenly spaced over the file, the first among them."""
        return sampled(self.cells[column], most)

    def where(self, mask: NDArray[np.bool_]) -> Table:
        """The rows where the mask is true."""
        if mask.all():
            return self
        cells = {name: kept(column, mask) for name, column in self.cells.items()}
        return replace(self, cells=cells, lines=self.lines[mask])

    def with_column(self, name: str, cells: Cells) -> Table:
        return replace(self, cells={**self.cells, name: cells})


def read_tables(source: Source, name: str) -> list[Table]:
    """The tables of a sheet, mostly one; several where the header comes again over the same rows. Raises Lesson."""
    head = source.head
    if not head:
        raise Lesson(f"“{name}” is empty.", "Expected is a table of numbers.", "Choose another file or sheet.")
    refuse_columns(max(len(row) for _, row in head), name)
    header = find_header(head)
    _refuse_two_readings(source, header, name)
    columns, lines = source.body(header.first_line, len(header.names) or header.width)
    refuse_cells(len(lines), len(columns), name)
    whole = _named(columns, lines, header, name, source.separator)
    notes = (*source.said, *_passed_over(header))
    tables = around(replace(whole, notes=notes), header)
    _refuse_few(tables, name)
    return tables


def _refuse_few(tables: list[Table], name: str) -> None:
    rows = max(map(len, tables), default=0)
    if (
        rows < FEWEST_ROWS
        and sum(map(len, tables)) < FEWEST_ROWS
        and max((len(t.names) for t in tables), default=0) < 8
    ):
        raise Lesson(
            f"“{name}” has {rows} {'row' if rows == 1 else 'rows'} of values.",
            f"A series needs at least {FEWEST_ROWS} rows.",
            "Choose a longer file.",
        )


def _named(columns: list[Cells], lines: NDArray[np.int32], header: Header, name: str, separator: str | None) -> Table:
    """Rows and columns that hold something, under unique names."""
    filled = [as_mask(pc.match_substring_regex(column, r"[^ ,;|\t]")) for column in columns]
    rows = np.any(filled, axis=0) if filled else np.zeros(0, bool)
    names = [*header.names, *[""] * (len(columns) - len(header.names))]
    positions = [place for place in range(len(columns)) if filled[place].any() or names[place]]
    if header.names and positions and positions[-1] >= len(header.names):
        _refuse_ragged(columns[positions[-1]], filled[positions[-1]], lines, len(header.names))
        positions = [place for place in positions if place < len(header.names)]
    titles = _unique([names[place] or f"column {place + 1}" for place in positions])
    cells = {title: kept(columns[place], rows) for title, place in zip(titles, positions, strict=True)}
    places = {title: place + 1 for title, place in zip(titles, positions, strict=True)}
    return Table(name, cells, lines if rows.all() else lines[rows], places, separator, about=header.about)


# Where fewer rows than this have something right of the last named column, it is a remark.
FEW = 0.2


def _refuse_ragged(surplus: Cells, filled: NDArray[np.bool_], lines: NDArray[np.int32], width: int) -> None:
    if filled.mean() <= FEW and not any(cell[:1].isdigit() for cell in sampled(kept(surplus, filled))):
        return
    place = int(np.argmax(filled))
    raise Lesson(
        f"Line {lines[place]} has more fields than the header's {width}; “{surplus[place].as_py()}” is left over.",
        "Each line has as many fields as the header.",
        "If the numbers have a decimal comma, save the file with semicolons between the columns.",
    )


def _refuse_two_readings(source: Source, header: Header, name: str) -> None:
    """“1,5” in every line and no header: one number or two columns, and nothing that tells."""
    rows = [row for _, row in source.head]
    if source.separator == "," and not header.names and all(len(row) == 2 and _is_whole(row) for row in rows):
        raise Lesson(
            f"Lines of “{name}” such as “{','.join(rows[0])}” may be one number with a decimal comma, or two columns.",
            "A first line that names the columns tells which.",
            "Write a name for each column into the first line.",
        )


def _is_whole(row: list[str]) -> bool:
    return all(cell.removeprefix("-").removeprefix("+").isdigit() for cell in row)


def _unique(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _passed_over(header: Header) -> tuple[str, ...]:
    said = []
    if header.passed_over:
        lines = "line" if header.passed_over == 1 else "lines"
        were = "was" if lines == "line" else "were"
        said.append(f"{header.passed_over} {lines} of text around the header {were} passed over.")
    if not header.names:
        said.append("No line names the columns.")
    return tuple(said)
