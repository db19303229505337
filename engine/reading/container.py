"""From an uploaded file to the sheets in it, whatever wraps them. Knows what files are, not what stands in them."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from pathlib import PurePath

from engine.errors import Lesson
from engine.reading import records, workbook
from engine.reading.aligned import aligned
from engine.reading.compressed import gunzipped, unzipped
from engine.reading.delimited import Delimited
from engine.reading.limits import refuse_size
from engine.reading.rows import SNIFFED, Source
from engine.reading.separator import BLANKS, find_separator
from engine.reading.text import EXPECTED, Text, text_of
from engine.reading.tsf import Declared, declared, is_declared

ONE = ""  # the name of the sheet of a file that has no sheets

Sheet = Source | Declared


@dataclass(frozen=True)
class Book:
    """A file opened. sheets: what it holds, by name; one named ONE where a file is one table."""

    name: str
    sheets: dict[str, Sheet]


def open_file(data: bytes, name: str) -> Book:
    """The file's sheets. Raises Lesson where it is nothing that holds a table."""
    refuse_size(len(data), name)
    if not data:
        raise Lesson(f"“{name}” is empty.", EXPECTED, "Choose another file.")
    if data.startswith(b"\x1f\x8b"):
        return _inner(gunzipped(data, name), name.removesuffix(".gz"))
    if data.startswith(b"PK"):
        return _zip(data, name)
    return Book(name, {ONE: _one(data, name)}) if not data.startswith(workbook.OLE) else _workbook(data, name)


def _inner(data: bytes, name: str) -> Book:
    if data.startswith((b"\x1f\x8b", b"PK")) and not _is_workbook(data):
        raise Lesson(f"“{name}” is packed twice.", EXPECTED, "Unpack it once, and bring what is in it.")
    return open_file(data, name)


def _is_workbook(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return workbook.is_workbook(set(archive.namelist()))
    except zipfile.BadZipFile:
        return False


def _zip(data: bytes, name: str) -> Book:
    if _is_workbook(data):
        return _workbook(data, name)
    books = {}
    problem: Lesson | None = None
    for path, content in unzipped(data, name).items():
        try:
            books[path] = _inner(content, PurePath(path).name)
        except Lesson as lesson:
            problem = lesson
    if not books:
        raise problem or Lesson(f"“{name}” is a zip without a file in it.", EXPECTED, "Choose another file.")
    if len(books) == 1:
        return next(iter(books.values()))
    sheets = {_joined(path, sheet): source for path, book in books.items() for sheet, source in book.sheets.items()}
    return Book(name, sheets)


def _joined(path: str, sheet: str) -> str:
    return f"{path}: {sheet}" if sheet else path


def _workbook(data: bytes, name: str) -> Book:
    return Book(name, dict(workbook.sheets(data, name)))


def _one(data: bytes, name: str) -> Sheet:
    if data.startswith(b"PAR1"):
        return records.parquet(data, name)
    if data.startswith((b"ARROW1", b"FEA1")):
        return records.arrow(data, name)
    text = text_of(data, name)
    head = text.head(SNIFFED)
    if head[0].lstrip().startswith(("{", "[")) and (found := records.document(text, name)) is not None:
        return found
    if is_declared(head):
        return declared(text, name)
    return _table(text, head, name)


def _table(text: Text, head: list[str], name: str) -> Source:
    separator = find_separator([line for line in head if not line.startswith("#")] or head)
    return aligned(text) if separator == BLANKS else Delimited(text, separator, name)
