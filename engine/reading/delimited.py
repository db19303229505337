"""Text with a character between its cells: even files are read at once, uneven ones row by row, to the same end."""

from __future__ import annotations

import csv
import functools
import io
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading import packed
from engine.reading.cells import Cells, give_back, trimmed
from engine.reading.rows import SNIFFED, Gathering, Rows
from engine.reading.separator import NO_SEPARATOR
from engine.reading.text import Text

SAID = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", ":": "colons", None: "nothing (one column)"}


@dataclass(frozen=True)
class Delimited:
    """A text and its separator; None for one column."""

    text: Text
    separator: str | None
    name: str

    @property
    def said(self) -> tuple[str, ...]:
        return (f"Text in {self.text.said}, columns separated by {SAID.get(self.separator, self.separator)}.",)

    @functools.cached_property
    def head(self) -> Rows:
        rows: Rows = []
        try:
            for line, row in self._rows(self.text.stream()):
                if any(row):
                    rows.append((line, row))
                if len(rows) >= SNIFFED:
                    break
        except csv.Error:
            pass
        return rows

    def body(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]]:
        even = self._at_once(first_line, width)
        return even if even is not None else self._row_by_row(first_line, width)

    def _at_once(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]] | None:
        """The body where every line is one full row of UTF-8; None where any is not."""
        data = self.text.data
        if self.separator is None or self.text.encoding != "utf-8-sig" or len(data) > packed.MOST:
            return None
        if _has_odd_quotes(data, self.separator):
            return None
        try:
            columns = packed.columns(data, self.separator, first_line, width)
        except pa.ArrowInvalid:
            return None
        padded = _has_blanks_around(data, self.separator.encode())
        columns = [trimmed(column) if padded else column for column in columns]
        give_back()
        return columns, np.arange(first_line, first_line + len(columns[0]), dtype=np.int32)

    def _row_by_row(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]]:
        gathering = Gathering(width)
        stream = self.text.stream()
        for _ in range(first_line - 1):
            stream.readline()
        try:
            for line, row in self._rows(stream, first_line):
                gathering.add(line, row)
        except csv.Error as error:
            raise Lesson(
                f"“{self.name}” cannot be split into rows: a quotation mark is opened and never closed.",
                "Each quoted cell ends with a quotation mark.",
                "Open the file in a text editor, or save it again as CSV.",
            ) from error
        return gathering.done()

    def _rows(self, stream: io.TextIOWrapper, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(stream, delimiter=self.separator or NO_SEPARATOR, skipinitialspace=True, strict=False)
        line = first_line
        for row in reader:
            yield line, [cell.strip() for cell in row]
            line = first_line + reader.line_num


def _has_blanks_around(data: bytes, separator: bytes) -> bool:
    """Whether any cell may begin or end with a blank; a copy without them costs as much as the cells themselves."""
    edges = (b"\n", separator, b'"') if b'"' in data else (b"\n", separator)
    ends = (*edges, b"\r")
    blanks = (b" ", b"\t", b"\xa0", b"\xe2\x80")
    return any(edge + blank in data for edge in edges for blank in blanks) or any(
        blank + end in data for end in ends for blank in blanks if blank != end
    )


def _has_odd_quotes(data: bytes, separator: str) -> bool:
    """Whether a quoted cell may hold a line end, or begin after a blank: what the two readers split otherwise."""
    if b"\r\r" in data:
        return True
    return b'"' in data and (data.count(b'"') % 2 == 1 or f'{separator} "'.encode() in data or b'\n"\n' in data)
