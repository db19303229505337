"""Files in a zip or gz, unpacked within bounds. Knows nothing of what is in them."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

from engine.errors import Lesson
from engine.reading.limits import MOST_FILES, megabytes, refuse_size
from engine.reading.text import EXPECTED

_PIECE = 1 << 20


def unzipped(data: bytes, name: str) -> dict[str, bytes]:
    """The files of a zip by name, folders and hidden files left out. Raises Lesson for a bomb or a locked zip."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            inside = [info for info in archive.infolist() if not info.is_dir() and not _hidden(info.filename)]
            if len(inside) > MOST_FILES:
                raise Lesson(f"“{name}” holds {len(inside):,} files.", EXPECTED, "Choose the one with the series.")
            if any(info.flag_bits & 1 for info in inside):
                raise Lesson(f"“{name}” is locked with a password.", EXPECTED, "Unpack it, and bring the file in it.")
            refuse_size(sum(info.file_size for info in inside), name, "unpacked is")
            return {info.filename: _member(archive, info, name) for info in inside}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise Lesson(f"“{name}” is a damaged zip.", EXPECTED, "Download it again, or unpack it yourself.") from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """One file; its size is counted, not believed."""
    with archive.open(info) as stream:
        content = stream.read(megabytes() * 1_000_000 + 1)
    refuse_size(len(content), name, "unpacked is at least")
    return content


def _hidden(path: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePath(path).parts)


def gunzipped(data: bytes, name: str) -> bytes:
    """What a gz holds. Raises Lesson for more than is read."""
    pieces, size = [], 0
    decoder = zlib.decompressobj(wbits=31)
    try:
        rest = data
        while rest and not decoder.eof:
            piece = decoder.decompress(rest, _PIECE)
            rest = decoder.unconsumed_tail
            size += len(piece)
            refuse_size(size, name, "unpacked is at least")
            pieces.append(piece)
    except zlib.error as error:
        raise Lesson(f"“{name}” is a damaged gz.", EXPECTED, "Download it again, or unpack it yourself.") from error
    if not decoder.eof:
        raise Lesson(f"“{name}” breaks off: the gz is not complete.", EXPECTED, "Download it again.")
    return b"".join(pieces)
