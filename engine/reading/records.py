"""Parquet, Arrow and JSON files as rows of text. Knows their layouts, and no meaning of any column."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.feather
import pyarrow.parquet as pq
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import Cells, trimmed
from engine.reading.limits import refuse_cells, refuse_columns
from engine.reading.rows import SNIFFED, Listed, Rows
from engine.reading.text import Text

EXPECTED = "Expected is a table: a list of records, or a list of values for each column."


@dataclass(frozen=True)
class Columns:
    """A file that has columns already. said: how it was read."""

    names: list[str]
    cells: list[Cells]
    said: tuple[str, ...]
    separator: str | None = None

    @property
    def head(self) -> Rows:
        rows = zip(*(column.slice(0, SNIFFED).to_pylist() for column in self.cells), strict=True)
        return [(1, self.names), *((line, list(row)) for line, row in enumerate(rows, start=2))]

    def body(self, first_line: int, width: int) -> tuple[list[Cells], NDArray[np.int32]]:  # noqa: ARG002
        after = max(first_line - 2, 0)
        cells = [column.slice(after) for column in self.cells]
        return cells, np.arange(after + 2, after + 2 + len(cells[0]), dtype=np.int32)


def parquet(data: bytes, name: str) -> Columns:
    """A Parquet file. Raises Lesson where it is damaged or too large."""
    try:
        file = pq.ParquetFile(io.BytesIO(data))
        refuse_columns(file.metadata.num_columns, name)
        refuse_cells(file.metadata.num_rows, file.metadata.num_columns, name)
        return _columns(file.read(), "A Parquet file.")
    except (pa.ArrowException, OSError) as error:
        raise _damaged(name, "Parquet") from error


def arrow(data: bytes, name: str) -> Columns:
    """An Arrow (Feather) file."""
    try:
        return _columns(pyarrow.feather.read_table(io.BytesIO(data)), "An Arrow file.")
    except (pa.ArrowException, OSError) as error:
        raise _damaged(name, "Arrow") from error


def _damaged(name: str, what: str) -> Lesson:
    return Lesson(f"“{name}” is a damaged {what} file.", EXPECTED, "Save it again, or as CSV.")


def _columns(table: pa.Table, said: str) -> Columns:
    flat = table.flatten()
    kept = [field.name for field in flat.schema if not pa.types.is_nested(field.type)]
    return Columns(kept, [_as_text(flat.column(name)) for name in kept], (said,))


def _as_text(column: pa.ChunkedArray) -> Cells:
    kind = column.type
    if pa.types.is_dictionary(kind):
        column = column.cast(kind.value_type)
    elif pa.types.is_timestamp(kind):
        zoned = kind.tz is not None
        column = pc.strftime(column.cast(pa.timestamp("s", "UTC" if zoned else None), safe=False), "%Y-%m-%d %H:%M:%S")
        column = pc.binary_join_element_wise(column, "Z", "") if zoned else column
    elif pa.types.is_floating(kind):
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, kind), column)
    return trimmed(pc.fill_null(column.cast(pa.string()), ""))


def document(text: Text, name: str) -> Listed | None:
    """A JSON document or one JSON object a line, as rows; None where the text only looks like one."""
    whole = text.stream().read()
    try:
        found = json.loads(whole)
    except RecursionError:
        raise Lesson(f"“{name}” is nested too deep.", EXPECTED, "Bring the table alone.") from None
    except ValueError:
        try:
            found = [json.loads(line) for line in whole.splitlines() if line.strip()]
        except ValueError:
            return None
    rows = _rows(found)
    if not rows:
        raise Lesson(f"“{name}” is JSON without a table in it.", EXPECTED, "Save the table as CSV.")
    return Listed([(line, row) for line, row in enumerate(rows, start=1)], ("A JSON document.",))


def _rows(found: Any) -> list[list[str]] | None:
    """A header and rows, from any of the layouts in which programs write tables."""
    if isinstance(found, list) and found:
        if all(isinstance(item, dict) for item in found):
            names = list(dict.fromkeys(key for item in found for key in item))
            return [names, *([_said(item.get(name)) for name in names] for item in found)]
        if all(isinstance(item, list) for item in found):
            return [[_said(cell) for cell in item] for item in found]
        if all(isinstance(item, int | float | None) for item in found):
            return [["value"], *([_said(item)] for item in found)]
    return _rows_of_object(found) if isinstance(found, dict) and found else None


def _rows_of_object(found: dict[str, Any]) -> list[list[str]] | None:
    if isinstance(found.get("columns"), list) and isinstance(found.get("data"), list):
        index = found.get("index") or []
        names = [""] * bool(index) + [_said(name) for name in found["columns"]]
        rows = [[_said(cell) for cell in row] for row in found["data"] if isinstance(row, list)]
        return [names, *([[_said(at), *row] for at, row in zip(index, rows, strict=False)] if index else rows)]
    values = list(found.values())
    if all(_is_column(value) for value in values) and len({len(value) for value in values}) == 1:
        return [list(found), *([_said(cell) for cell in row] for row in zip(*values, strict=True))]
    if all(isinstance(value, dict) and not any(map(_is_nested, value.values())) for value in values):
        keys = list(dict.fromkeys(key for value in values for key in value))
        return [["", *found], *([key, *(_said(value.get(key)) for value in values)] for key in keys)]
    if len(found) > 2 and all(isinstance(value, int | float | None) for value in values):
        return [["", "value"], *([key, _said(value)] for key, value in found.items())]
    inner = [_rows(value) for value in values if isinstance(value, list | dict)]
    return max((table for table in inner if table), key=len, default=None)


def _is_column(value: Any) -> bool:
    return isinstance(value, list) and not any(map(_is_nested, value))


def _is_nested(value: Any) -> bool:
    return isinstance(value, list | dict)


def _said(cell: Any) -> str:
    if cell is None:
        return ""
    return cell.strip() if isinstance(cell, str) else json.dumps(cell)
