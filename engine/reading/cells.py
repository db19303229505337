"""Columns of text, and what one cell looks like: a number, a stamp, missing, or text. Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.words import MONTHS, WEEKDAYS, ZONES

Kind = Literal["number", "stamp", "missing", "text"]

# One column: a pyarrow array of strings without nulls and without blanks around them.
Cells: TypeAlias = pa.ChunkedArray

# Arrow's own allocator keeps half as much again as columns take: each is grown as it is read, and given back late.
pa.set_memory_pool(pa.system_memory_pool())
PIECE = 20_000  # rows looked at together

# What people write where there is no value; compared in lower case.
MISSING_CODES = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "missing", "nd", "n.a.", "?", "#value!", "#div/0!"}
    | {".", "..", "...", ":", "-", "--", "---", "–", "—", "*", "**", "***", "****", "*****", "x", "#n/v", "#ref!"}  # noqa: RUF001
    | {"not available", "no data", "k.a.", "s/d", "n.d.", "nil", "#null!", "#num!", "#name?", "/", "…", "(null)"}
)
LONGEST_CODE = max(map(len, MISSING_CODES))

_MONTH = r"[^\W\d_]{3,10}\.?"
_NUMBER = re.compile(
    r"\(?[€$£]?\s?[+\-−]?(?:\d{1,3}(?:[\s'’]\d{3})+(?:[.,]\d*)?|\d+(?:[.,]\d{3})*(?:[.,]\d*)?|[.,]\d+)(?:e[+\-]?\d+)?\s?[%€$£]?\s?[*#†‡^]{0,2}\)?",  # noqa: RUF001
    re.IGNORECASE,
)
_ZONE = r"\s?(?:Z|UTC|GMT|[A-Z]{3,4}|[+\-]\d{2}:?\d{2})?"
_TIME = (
    rf"(?:[T ,]+\d{{1,2}}(?:(?:[:.h-]\d{{2}}){{1,2}}(?:[.,]\d+)?\s?(?:[ap]\.?m\.?)?|\s?[ap]\.?m\.?|h|\s?Uhr){_ZONE})?"
)
_DATE = rf"""
    \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}} | \d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}
  | \d{{1,4}}[-/]\d{{1,2}} | \d{{1,2}}[-/]\d{{4}}
  | \d{{4}}[\s\-]?(?:Q[1-4]|W\d{{1,2}}|M\d{{1,2}}|H[12]) | (?:Q[1-4]|[1-4]Q)[\s\-/]?\d{{2,4}}
  | \d{{1,4}}[\s\-]{_MONTH} | {_MONTH}[\s\-]\d{{2,4}}
  | \d{{1,2}}[\s\-.]{{1,2}}{_MONTH}[\s\-]\d{{2,4}} | {_MONTH}\s\d{{1,2}},?\s\d{{4}}
  | \d{{4}}[\s\-.]{{1,2}}{_MONTH}[\s\-]\d{{1,2}} | \d{{8}}(?=[T ])
"""
_UNTIL = r"(?:\s[-–]\s[\d:./\s-]+(?:\(?[A-Z]{3,4}\)?)?)?"  # noqa: RUF001
_STAMP = re.compile(
    rf"(?:[^\W\d_]{{2,9}}[.,]*\s)?(?:{_DATE}){_TIME}(?:\s?\([A-Z]{{3,4}}\))?{_UNTIL}", re.IGNORECASE | re.VERBOSE
)
_WORD = re.compile(r"[^\W\d_]{3,}")


def kind(cell: str) -> Kind:
    """What the cell looks like on its own; whether it is a real date is not checked."""
    cell = cell.strip()
    if cell.lower() in MISSING_CODES:
        return "missing"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "stamp" if _STAMP.fullmatch(cell) and _is_of_time(cell) else "text"


def _is_of_time(cell: str) -> bool:
    """Whether its longer words are names of months, weekdays or zones: “Sales 2019” is no stamp."""
    words = _WORD.findall(cell.lower())
    return all(word in MONTHS or word in WEEKDAYS or word in ZONES or word in ("uhr", "week", "the") for word in words)


def cells_of(texts: Iterable[str]) -> Cells:
    """Text as a column."""
    return trimmed(pa.chunked_array([pa.array(list(texts), pa.string())]))


def trimmed(cells: Cells) -> Cells:
    return pc.utf8_trim_whitespace(cells)


def give_back() -> None:
    """Gives the system what steps of reading a long file took and freed, before the next step takes more."""
    pa.default_memory_pool().release_unused()


def pieces(cells: Cells) -> Iterator[pa.Array]:
    """The column some thousand rows at a time, so that a long one needs little memory; at least one, maybe empty."""
    found = False
    for chunk in cells.chunks:
        for start in range(0, len(chunk), PIECE):
            found = True
            yield chunk.slice(start, PIECE)
    if not found:
        yield pa.array([], pa.string())


def missing(cells: Cells) -> NDArray[np.bool_]:
    """(n,), where a cell says that there is no value."""
    return np.concatenate([_missing(piece) for piece in pieces(cells)])


def _missing(cells: pa.Array) -> NDArray[np.bool_]:
    short = as_mask(pc.less_equal(pc.utf8_length(cells), LONGEST_CODE))
    if not short.any():
        return short
    found = np.zeros(len(cells), bool)
    lowered = pc.utf8_lower(kept(cells, short))
    found[short] = as_mask(pc.is_in(lowered, value_set=pa.array(sorted(MISSING_CODES))))
    return found


def matches(cells: Cells, pattern: str) -> NDArray[np.bool_]:
    """(n,), where the whole cell fits a regular expression (RE2)."""
    return as_mask(pc.match_substring_regex(cells, f"^(?:{pattern})$"))


def as_mask(found: pa.ChunkedArray | pa.Array) -> NDArray[np.bool_]:
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def sampled(cells: Cells, most: int = 300) -> list[str]:
    """Some cells, evenly spaced, the first among them."""
    step = max(1, len(cells) // most)
    if step == 1:
        return list(cells.to_pylist())
    found: list[str] = []
    at = 0  # of the chunk's first cell; `take` on all chunks would copy them into one
    for chunk in cells.chunks:
        found += chunk.take(pa.array(range(-at % step, len(chunk), step), pa.int64())).to_pylist()
        at += len(chunk)
    return found


def kept(cells: Cells | pa.Array, mask: NDArray[np.bool_]) -> Cells:
    return cells if mask.all() else cells.filter(pa.array(mask))


def distinct(cells: Cells) -> int:
    return int(pc.count_distinct(cells).as_py())


def first_of(cells: Cells, mask: NDArray[np.bool_]) -> tuple[int, str]:
    """The position and the text of the first cell of a mask that is true somewhere."""
    place = int(np.argmax(mask))
    return place, str(cells[place].as_py())


def listed(words: Sequence[str], most: int = 20) -> str:
    """Names as a person lists them, and how many more there are."""
    more = f" and {len(words) - most:,} more" if len(words) > most else ""
    return ", ".join(words[:most]) + more
