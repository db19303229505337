"""From the bytes of a file to its text. Knows encodings and what is no text at all; nothing of columns."""

from __future__ import annotations

import codecs

from engine.errors import Lesson

LARGEST = 50_000_000

# The first bytes of what people upload by mistake, and what it is.
SIGNATURES = (
    (b"PK\x03\x04", "an Excel workbook or another zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"PAR1", "a Parquet file"),
    (b"\x1f\x8b", "a compressed file"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"SQLite format 3", "a database"),
)

EXPECTED = "Expected is a text file with one row a line, such as CSV."


def text_of(data: bytes, name: str) -> tuple[str, str]:
    """The text with plain line ends, and the name of its encoding. Raises Lesson where it is no table's text."""
    _refuse_size(data, name)
    _refuse_signature(data, name)
    text, encoding = _decoded(data, name)
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_other_text(text, name)
    return text, encoding


def _refuse_size(data: bytes, name: str) -> None:
    if len(data) > LARGEST:
        raise Lesson(
            f"“{name}” is {len(data) / 1e6:,.0f} MB.",
            f"At most {LARGEST / 1e6:.0f} MB can be read.",
            "Leave out columns or years that are not needed, or take a coarser frequency.",
        )


def _refuse_signature(data: bytes, name: str) -> None:
    for start, what in SIGNATURES:
        if data.startswith(start):
            raise Lesson(f"“{name}” is {what}.", EXPECTED, "Open it where it was made and save the table as CSV.")


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16", name), "UTF-16"
    if (wide := _utf16_without_mark(data)) is not None:
        return _strictly(data, wide, name), "UTF-16"
    if b"\x00" in data:
        raise Lesson(f"“{name}” is no text: it has zero bytes in it.", EXPECTED, "Save the table as CSV and try again.")
    try:
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError:
        return _western(data, name)


def _utf16_without_mark(data: bytes) -> str | None:
    """Western text in UTF-16 has a zero in every second byte."""
    head = data[:2000]
    if len(head) < 4:
        return None
    if head[1::2].count(0) > 0.9 * len(head[1::2]) and 0 not in head[::2]:
        return "utf-16-le"
    if head[::2].count(0) > 0.9 * len(head[::2]) and 0 not in head[1::2]:
        return "utf-16-be"
    return None


def _strictly(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Lesson(f"“{name}” breaks off in the middle of a letter.", EXPECTED, "Save it again as UTF-8.") from error


def _western(data: bytes, name: str) -> tuple[str, str]:
    control = sum(data[:4000].count(byte) for byte in range(32) if byte not in b"\t\n\r\x0c")
    if control:
        raise Lesson(f"“{name}” is no text: it has control bytes in it.", EXPECTED, "Save the table as CSV.")
    try:
        return data.decode("cp1252"), "Windows-1252"
    except UnicodeDecodeError:
        return data.decode("latin-1"), "Latin-1"


def _refuse_other_text(text: str, name: str) -> None:
    if not text.strip():
        raise Lesson(f"“{name}” is empty.", EXPECTED, "Choose another file.")
    head = text[:2000].lower()
    if head.lstrip().startswith(("<!doctype html", "<html")) or "<html" in head:
        raise Lesson(
            f"“{name}” is a web page.",
            EXPECTED,
            "The link probably led to a page about the data: use the download button there and try again.",
        )
    if "\n@data" in text[:100_000].lower():
        raise Lesson(
            f"“{name}” is a .tsf or .arff file.",
            EXPECTED,
            "Save the one series as CSV, one row for each stamp.",
        )
