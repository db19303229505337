"""Excel and OpenDocument workbooks: their sheets as rows of text. Knows no table and no meaning."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any

import python_calamine as calamine

from engine.errors import Lesson
from engine.reading.limits import refuse_cells, refuse_size
from engine.reading.rows import Listed, Rows

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = ("EncryptedPackage".encode("utf-16-le"), "EncryptionInfo".encode("utf-16-le"))
EXPECTED = "Expected is a workbook that opens without a password."


def is_workbook(names: set[str]) -> bool:
    """Whether a zip of these files is a workbook."""
    return bool({"xl/workbook.xml", "xl/workbook.bin"} & names) or {"content.xml", "mimetype"} <= names


def sheets(data: bytes, name: str) -> dict[str, Listed]:
    """The sheets by name, in their order. Raises Lesson where the workbook cannot be opened."""
    if data.startswith(OLE) and any(mark in data for mark in LOCKED):
        _refuse_locked(name)
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            refuse_size(sum(info.file_size for info in archive.infolist()) // 10, name, "unpacked is ten times")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        return {sheet: _sheet(book, sheet, name) for sheet in book.sheet_names}
    except calamine.PasswordError:
        _refuse_locked(name)
        raise
    except (calamine.CalamineError, ValueError, OSError) as error:
        if isinstance(error, Lesson):
            raise
        raise Lesson(
            f"“{name}” cannot be opened as a workbook ({str(error)[:80]}).", EXPECTED, "Save it again, or as CSV."
        ) from error


def _refuse_locked(name: str) -> None:
    raise Lesson(
        f"“{name}” is locked with a password.", EXPECTED, "Open it with its password and save a copy without one."
    )


def _sheet(book: calamine.CalamineWorkbook, sheet: str, name: str) -> Listed:
    found = book.get_sheet_by_name(sheet)
    refuse_cells(found.total_height, found.total_width, f"{name}: {sheet}")
    rows: Rows = []
    for line, row in enumerate(found.to_python(skip_empty_area=False), start=1):
        texts = [_text(cell) for cell in row]
        if any(texts):
            rows.append((line, texts))
    return Listed(rows, (f"Sheet “{sheet}” of a workbook.",))


def _text(cell: Any) -> str:
    """A cell as it would stand in a text file: dates in ISO order, whole numbers without a point."""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return _rounded(cell).isoformat(sep=" ").removesuffix(" 00:00:00")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return str(timedelta(seconds=round(cell.total_seconds())))
    return " ".join(str(cell).split())


def _rounded(stamp: datetime) -> datetime:
    """Spreadsheets keep days as fractions: an hour comes back with some microseconds too many or too few."""
    return (stamp + timedelta(microseconds=500_000)).replace(microsecond=0)
