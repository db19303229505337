"""From the bytes of a file to its text. Knows encodings and what is no text at all; nothing of columns."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from engine.errors import Lesson

# The first bytes of what people upload by mistake, and what it is.
SIGNATURES = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x7fELF", "a program"),
)

EXPECTED = "Expected is a table: CSV or other text, Excel, Parquet, JSON, or one of them in a zip or gz."
_PIECE = 1 << 20


@dataclass(frozen=True)
class Text:
    """A file that is text. encoding: the codec that reads it. said: its name for people."""

    data: bytes
    encoding: str
    said: str

    def stream(self) -> io.TextIOWrapper:
        """The text from its beginning, never all of it in memory at once; line ends are plain."""
        return io.TextIOWrapper(io.BytesIO(self.data), encoding=self.encoding, errors="replace")

    def head(self, most: int) -> list[str]:
        """The first lines that are not blank, without their ends."""
        lines = (line.rstrip("\n") for line in self.stream())
        return list(islice((line for line in lines if line.strip()), most))

    def lines(self) -> Iterator[str]:
        return (line.rstrip("\n") for line in self.stream())


def text_of(data: bytes, name: str) -> Text:
    """The file as text. Raises Lesson where it is none."""
    for start, what in SIGNATURES:
        if data.startswith(start):
            raise Lesson(f"“{name}” is {what}.", EXPECTED, "Open it where it was made and save the table as CSV.")
    encoding, said = _encoding(data, name)
    text = Text(data, encoding, said)
    _refuse_other_text(text, name)
    return text


def _encoding(data: bytes, name: str) -> tuple[str, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _strictly(data, "utf-16", name), "UTF-16"
    if (wide := _utf16_without_mark(data)) is not None:
        return _strictly(data, wide, name), "UTF-16"
    if b"\x00" in data:
        raise Lesson(f"“{name}” is no text: it has zero bytes in it.", EXPECTED, "Save the table as CSV and try again.")
    if _decodes(data, "utf-8"):
        return "utf-8-sig", "UTF-8"
    control = sum(data[:4000].count(byte) for byte in range(32) if byte not in b"\t\n\r\x0c")
    if control:
        raise Lesson(f"“{name}” is no text: it has control bytes in it.", EXPECTED, "Save the table as CSV.")
    return ("cp1252", "Windows-1252") if _decodes(data, "cp1252") else ("latin-1", "Latin-1")


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


def _decodes(data: bytes, encoding: str) -> bool:
    """Whether every byte belongs to a letter; piece by piece, so that the text is never held whole."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(data), _PIECE):
            decoder.decode(data[start : start + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _strictly(data: bytes, encoding: str, name: str) -> str:
    if not _decodes(data, encoding):
        raise Lesson(f"“{name}” breaks off in the middle of a letter.", EXPECTED, "Save it again as UTF-8.")
    return encoding


def _refuse_other_text(text: Text, name: str) -> None:
    head = "\n".join(text.head(20))[:2000].lower()
    if not head.strip():
        raise Lesson(f"“{name}” is empty.", EXPECTED, "Choose another file.")
    if head.lstrip().startswith(("<!doctype html", "<html")) or "<html" in head:
        raise Lesson(
            f"“{name}” is a web page.",
            EXPECTED,
            "The link probably led to a page about the data: use the download button there and try again.",
        )
    if head.lstrip().startswith("<?xml"):
        raise Lesson(f"“{name}” is an XML document.", EXPECTED, "Save the table in it as CSV or as an Excel workbook.")
