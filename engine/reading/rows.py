"""Rows of text as they stand in a file: a source's head to look at, and its body as columns. Knows no meaning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from engine.reading.cells import Cells, give_back, trimmed

Rows = list[tuple[int, list[str]]]

SNIFFED = 300
_PIECE = 5_000


class Source(Protocol):
    """Where rows come from. separator: what stands between cells, where that is a character. said: how it was read."""

    @property
    def separator(self) -> str | None: ...

    @property
    def said(self) -> tuple[str, ...]: ...

    @property
    def head(self) -> Rows:
        """The first rows that are not blank, each with the line it stands on, from 1."""

    def body(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]]:
        """All rows from a line on, as columns at least `width` wide, and the line of each. Blank rows are left out."""


@dataclass(frozen=True)
class Listed:
    """Rows that were read whole: a sheet of a workbook, a JSON document, text of fixed width."""

    rows: Rows
    said: tuple[str, ...] = ()
    separator: str | None = None
    whole_head: bool = field(default=False)

    @property
    def head(self) -> Rows:
        return self.rows[:SNIFFED]

    def body(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]]:
        gathering = Gathering(width)
        for line, row in self.rows:
            if line >= first_line:
                gathering.add(line, row)
        return gathering.done()


class Gathering:
    """Turns rows into columns, some thousands at a time, so that a long file needs little memory."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.rows: list[Sequence[str]] = []
        self.lines: list[int] = []
        self.pieces: list[list[pa.Array]] = []
        self.places: list[NDArray[np.int32]] = []

    def add(self, line: int, row: Sequence[str]) -> None:
        if not any(row):
            return
        self.rows.append(row)
        self.lines.append(line)
        if len(self.rows) >= _PIECE:
            self._flush()

    def _flush(self) -> None:
        columns = [pa.array(column, pa.string()) for column in zip_longest(*self.rows, fillvalue="")]
        self.pieces.append([trimmed(column) for column in columns])
        self.places.append(np.array(self.lines, np.int32))
        self.rows, self.lines = [], []

    def done(self) -> tuple[list[Cells], NDArray[np.int32]]:
        if self.rows:
            self._flush()
        width = max([self.width, *(len(piece) for piece in self.pieces)])
        columns = []
        for place in range(width):
            chunks = [_at(piece, place) for piece in self.pieces]
            columns.append(pa.chunked_array(chunks, pa.string()))
        give_back()
        return columns, np.concatenate(self.places) if self.places else np.empty(0, np.int32)


def _at(piece: list[pa.Array], place: int) -> pa.Array:
    """A column of a piece; blank where its rows are shorter."""
    return piece[place] if place < len(piece) else pa.repeat(pa.scalar(""), len(piece[0]))
