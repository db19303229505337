"""Lines in a table that are no rows of it: headers that come again, remarks, footnotes. Knows no column's meaning."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.cells import Cells, Kind, as_mask, kind, sampled
from engine.reading.header import Header, fits

if TYPE_CHECKING:
    from engine.reading.table import Table

# A table is not looked through line by line where more lines than this seem odd.
MOST_ODD = 0.5
SEARCHED = 200_000
# Tables one below the other hold the same rows, where so many of the first column's cells come again.
SAME = 0.5
# A last row of this name sums the others up.
SUMMARIES = {
    "total",
    "totals",
    "sum",
    "average",
    "mean",
    "gesamt",
    "summe",
    "insgesamt",
    "mittelwert",
    "somme",
    "moyenne",
}
SUMMARIES |= {"media", "totale", "suma", "totaal", "grand total", "overall"}


def around(table: Table, header: Header) -> list[Table]:
    """The tables in what follows a header: without lines of text, and cut where the header comes again."""
    again = _repeats_header(table)
    blocks = _blocks(table, again)
    titles = [_title(table, header, block) for block in blocks]
    parts = [_without_text(table.where(_only(table, block, again)), header) for block in blocks]
    if len(parts) > 1 and not _same_rows(parts):
        whole = _without_text(table.where(~again), header)
        said = f"The header comes {int(again.sum()):,} more times; those lines were left out."
        return [replace(whole, notes=(*whole.notes, said))]
    return [replace(part, title=title) for part, title in zip(parts, titles, strict=True) if len(part)]


def _repeats_header(table: Table) -> NDArray[np.bool_]:
    """(n,), where a row says the columns' names again."""
    named = [name for name in table.names if not name.startswith("column ")]
    again = np.ones(len(table), bool) if named else np.zeros(len(table), bool)
    for name in named:
        plain = name.rsplit(" (", 1)[0] if name.endswith(")") and name.rsplit(" (", 1)[-1][:-1].isdigit() else name
        again &= as_mask(pc.equal(table.cells[name], plain))
        if not again.any():
            break
    return again


def _blocks(table: Table, again: NDArray[np.bool_]) -> list[tuple[int, int]]:
    edges = [0, *(np.flatnonzero(again) + 1).tolist(), len(table) + 1]
    return [(start, end - 1) for start, end in zip(edges, edges[1:], strict=False) if end - 1 > start]


def _only(table: Table, block: tuple[int, int], again: NDArray[np.bool_]) -> NDArray[np.bool_]:
    mask = np.zeros(len(table), bool)
    mask[slice(*block)] = True
    return mask & ~again


def _title(table: Table, header: Header, block: tuple[int, int]) -> str:
    """The one filled cell of the line above a block's header."""
    if block[0] == 0:
        return next(iter(reversed(header.above_title)), "")
    place = block[0] - 2
    cells = [column[place].as_py() for column in table.cells.values()]
    filled = [cell for cell in cells if cell]
    return filled[0] if len(filled) == 1 else ""


def _same_rows(parts: list[Table]) -> bool:
    """Whether the parts are tables of their own: their first columns hold the same, not what follows."""
    labels = [set(part.cells[part.names[0]].to_pylist()) for part in parts]
    shared = [len(labels[0] & other) / max(len(other), 1) for other in labels[1:]]
    return min(shared) >= SAME


def _without_text(table: Table, header: Header) -> Table:
    """Without rows that hold no cell of the kind their columns hold, and without footnotes below the last full one."""
    kinds = {place: found for place, found in header.kinds.items() if place + 1 in table.positions.values()}
    if not kinds or not len(table):
        return table
    names = {position - 1: name for name, position in table.positions.items()}
    columns = {place: table.cells[names[place]] for place in kinds}
    suspects = _suspects(table, columns, kinds)
    drop = np.zeros(len(table), bool)
    ending = True
    for place in reversed(suspects):
        row = {position: str(columns[position][place].as_py()) for position in kinds}
        ending = ending and bool(drop[place + 1 :].all())
        cells = [row.get(position, "") for position in range(max(kinds) + 1)]
        blank = sum(kind(cell) == "missing" for cell in row.values())
        fit = fits(cells, kinds)
        texts = len(kinds) - fit - blank
        first = next(iter(row.values()))
        summary = ending and first.lower().strip(" :.") in SUMMARIES
        if (
            summary
            or (not fit and texts)
            or (ending and texts > fit)
            or (not fit and blank and (not first or len(kinds) > 2))
        ):
            drop[place] = True
    if not drop.any():
        return table
    lines = "One line" if drop.sum() == 1 else f"{drop.sum():,} lines"
    said = f"{lines} of text below or between the rows {'was' if drop.sum() == 1 else 'were'} left out."
    kept = table.where(~drop)
    return replace(kept, notes=(*kept.notes, said))


def _suspects(table: Table, columns: dict[int, Cells], kinds: dict[int, Kind]) -> list[int]:
    """Rows in which the first usual column does not hold what it usually holds."""
    blanks = {at: sum(kind(cell) == "missing" for cell in sampled(columns[at])) for at in kinds}
    place = min(kinds, key=lambda at: (blanks[at], at))  # the fullest column tells most
    usual, texts = kinds[place], columns[place]
    if len(table) > SEARCHED:  # the end of it: a long file is looked through by whoever reads its columns
        tail = range(len(table) - 200, len(table))
        return [row for row in tail if kind(texts[row].as_py()) != usual]
    odd = [row for row, cell in enumerate(texts.to_pylist()) if kind(cell) != usual]
    return odd if len(odd) <= MOST_ODD * len(table) else []
