"""Even text as columns that take the bytes of their text and four more a cell. Knows no line that is uneven.

Arrow's own reader grows a buffer for each block of each column, and what it grew too far stays in the process: half as
much again as the columns take. The text is split twice instead: once to count, once to put each cell in its place.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.csv
from numpy.typing import NDArray

from engine.reading.cells import Cells

_BLOCK = 1 << 16  # bytes split together
MOST = (1 << 31) - 1  # bytes of a column: places in it are counted by 32 bits


def columns(data: bytes, separator: str, first_line: int, width: int) -> list[Cells]:
    """The cells from a line on, all of them text. Raises pyarrow.ArrowInvalid where a line has more or fewer cells."""
    sizes, rows = np.zeros(width, np.int64), 0
    for batch in _split(data, separator, first_line, width):
        sizes += [len(_text(cells)[1]) for cells in batch.columns]
        rows += len(batch)
    texts = [np.empty(size, np.uint8) for size in sizes]
    edges = [np.zeros(rows + 1, np.int32) for _ in sizes]
    at = 0
    for batch in _split(data, separator, first_line, width):
        for cells, text, ends in zip(batch.columns, texts, edges, strict=True):
            places, letters = _text(cells)
            ends[at + 1 : at + 1 + len(batch)] = places[1:] - places[0] + ends[at]
            text[ends[at] : ends[at + len(batch)]] = letters
        at += len(batch)
    return [
        pa.chunked_array([pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(text))])
        for text, ends in zip(texts, edges, strict=True)
    ]


def _split(data: bytes, separator: str, first_line: int, width: int) -> Iterator[pa.RecordBatch]:
    names = [str(place) for place in range(width)]
    with pa.csv.open_csv(
        pa.BufferReader(data),
        pa.csv.ReadOptions(column_names=names, skip_rows=first_line - 1, use_threads=False, block_size=_BLOCK),
        pa.csv.ParseOptions(delimiter=separator, ignore_empty_lines=False),
        pa.csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=True
        ),
    ) as reader:
        yield from reader


def _text(cells: pa.Array) -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """Where each cell begins and ends, (n + 1,), and the bytes of all."""
    _, places, letters = cells.buffers()
    places = np.frombuffer(places, np.int32)[cells.offset : cells.offset + len(cells) + 1]
    whole = np.frombuffer(letters, np.uint8) if letters is not None else np.empty(0, np.uint8)
    return places, whole[places[0] : places[-1]]
