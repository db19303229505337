"""From text to a table of strings: separator, header, lines above it. Does not know what any column means."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field

import pandas as pd

from engine.errors import Lesson
from engine.reading.header import Header, find_header
from engine.reading.separator import NO_SEPARATOR, find_separator
from engine.reading.text import text_of

SNIFFED = 300
MOST_COLUMNS = 2_000
FEWEST_ROWS = 3
SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", None: "nothing (one column)"}


@dataclass(frozen=True)
class Table:
    """A file as strings. cells: one column of text per name; its index is the line in the file, from 1.

    notes: how it was read, in plain words, one sentence each.
    """

    name: str
    cells: pd.DataFrame
    separator: str | None
    notes: tuple[str, ...] = field(default=())

    @property
    def columns(self) -> list[str]:
        return list(self.cells.columns)

    def sample(self, column: str, most: int = SNIFFED) -> pd.Series:
        """Some cells of a column, evenly spaced over the file, the first among them."""
        return self.cells[column].iloc[:: max(1, len(self.cells) // most)]


def read_table(data: bytes, name: str) -> Table:
    """The file as a table of strings. Raises Lesson where there is no table in it."""
    text, encoding = text_of(data, name)
    lines = text.split("\n")
    separator = find_separator([line for line in lines if line.strip()][:SNIFFED])
    _refuse_width(lines, separator, name)
    header = find_header(_rows(lines, separator))
    _refuse_two_readings(lines, separator, header, name)
    cells = _cells(lines, separator, header, name)
    named, notes = _named(cells, header)
    notes = [_dialect(encoding, separator), *_passed_over(header), *notes]
    if len(named) < FEWEST_ROWS:
        raise Lesson(
            f"“{name}” has {len(named)} {'row' if len(named) == 1 else 'rows'} of values.",
            f"A series needs at least {FEWEST_ROWS} rows.",
            "Choose a longer file.",
        )
    return Table(name, named, separator, tuple(notes))


def _refuse_width(lines: list[str], separator: str | None, name: str) -> None:
    width = _width(lines[:SNIFFED], separator)
    if width > MOST_COLUMNS:
        raise Lesson(
            f"“{name}” has {width:,} columns.",
            f"At most {MOST_COLUMNS:,} columns can be read: one for the time, and one for each series.",
            "Keep the columns you need; where each column is a date, turn the table round.",
        )


def _width(lines: list[str], separator: str | None) -> int:
    """The most fields any line can have; more than it has where a quoted cell holds a separator."""
    return 1 + max(line.count(separator) for line in lines) if separator else 1


def _rows(lines: list[str], separator: str | None) -> list[tuple[int, list[str]]]:
    """The first rows that are not blank, each with the line it stands on."""
    reader = csv.reader(lines[:SNIFFED], delimiter=separator or NO_SEPARATOR, skipinitialspace=True)
    rows, line = [], 1
    for row in reader:
        if any(cell.strip() for cell in row):
            rows.append((line, row))
        line = reader.line_num + 1
    return rows


def _cells(lines: list[str], separator: str | None, header: Header, name: str) -> pd.DataFrame:
    body = lines[header.first_line - 1 :]
    try:
        cells = pd.read_csv(
            io.StringIO("\n".join(body)),
            sep=separator or NO_SEPARATOR,
            header=None,
            names=range(_width(body, separator)),
            dtype=str,
            na_filter=False,
            skip_blank_lines=False,
            skipinitialspace=True,
        )
    except pd.errors.ParserError as error:
        raise Lesson(
            f"“{name}” cannot be split into rows: a quotation mark is opened and never closed.",
            "Each quoted cell ends with a quotation mark.",
            "Open the file in a text editor, or save it again as CSV.",
        ) from error
    cells = cells.fillna("")
    cells.index = pd.RangeIndex(header.first_line, header.first_line + len(cells))
    return cells


def _named(cells: pd.DataFrame, header: Header) -> tuple[pd.DataFrame, list[str]]:
    """Rows and columns that hold something, under unique names."""
    filled = cells.apply(lambda column: column.str.strip(" ,;|\t") != "")
    rows, kept = filled.any(axis=1), filled.any(axis=0).to_numpy()
    names = [*header.names, *[""] * (cells.shape[1] - len(header.names))]
    positions = [position for position in range(cells.shape[1]) if kept[position] or names[position]]
    if header.names and positions and positions[-1] >= len(header.names):
        _refuse_ragged(cells.iloc[:, positions[-1]][filled.iloc[:, positions[-1]]], len(header.names))
    named = cells.loc[rows].iloc[:, positions]
    named = named.set_axis(_unique([names[place] or f"column {place + 1}" for place in positions]), axis=1)
    inner = int((~rows.loc[: named.index[-1]]).sum()) if len(named) else 0
    return named, [f"{inner:,} empty {'line was' if inner == 1 else 'lines were'} passed over."] if inner else []


def _refuse_ragged(surplus: pd.Series, width: int) -> None:
    raise Lesson(
        f"Line {surplus.index[0]} has more fields than the header's {width}; “{surplus.iloc[0]}” is left over.",
        "Each line has as many fields as the header.",
        "If the numbers have a decimal comma, save the file with semicolons between the columns.",
    )


def _refuse_two_readings(lines: list[str], separator: str | None, header: Header, name: str) -> None:
    """“1,5” in every line and no header: one number or two columns, and nothing that tells."""
    filled = [line.strip() for line in lines[:SNIFFED] if line.strip()]
    if separator == "," and not header.names and all(re.fullmatch(r"[+-]?\d+,\d+", line) for line in filled):
        raise Lesson(
            f"Lines of “{name}” such as “{filled[0]}” may be one number with a decimal comma, or two columns.",
            "A first line that names the columns tells which.",
            "Write a name for each column into the first line.",
        )


def _unique(names: list[str]) -> list[str]:
    seen: Counter[str] = Counter()
    unique = []
    for name in names:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return unique


def _dialect(encoding: str, separator: str | None) -> str:
    said = "" if encoding == "UTF-8" else f" The text is not UTF-8 and was taken for {encoding}."
    return f"Columns are separated by {SEPARATORS[separator]}.{said}"


def _passed_over(header: Header) -> list[str]:
    said = [] if header.names else ["There is no header, so the columns are numbered."]
    if header.passed_over:
        lines = "one line" if header.passed_over == 1 else f"{header.passed_over} lines"
        said.append(
            f"{lines.capitalize()} of text above the numbers {'is' if lines == 'one line' else 'are'} passed over."
        )
    return said
