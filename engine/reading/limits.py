"""How much is read, and how to raise it. Knows no file."""

from __future__ import annotations

import os

from engine.errors import Lesson

MEGABYTES = "UNROLLED_MEGABYTES"
MOST_COLUMNS = 2_000
MOST_CELLS = 30_000_000
MOST_FILES = 1_000
_USUAL = 50


def megabytes() -> int:
    """The largest file that is read, compressed or not."""
    given = os.environ.get(MEGABYTES, "")
    return int(given) if given.isdigit() and int(given) else _USUAL


def refuse_size(size: int, name: str, what: str = "is") -> None:
    """Raises Lesson for more bytes than are read."""
    if size > megabytes() * 1_000_000:
        raise Lesson(
            f"“{name}” {what} {size / 1e6:,.0f} MB.",
            f"At most {megabytes()} MB are read.",
            "Leave out columns or years that are not needed, or take a coarser frequency; or raise the limit: start "
            f"the app with {MEGABYTES}={max(2 * megabytes(), int(size / 1e6) + 1)}.",
        )


def refuse_columns(width: int, name: str) -> None:
    if width > MOST_COLUMNS:
        raise Lesson(
            f"“{name}” has {width:,} columns.",
            f"At most {MOST_COLUMNS:,} columns can be read: one for the time, and one for each series.",
            "Keep the columns you need; where each column is a date, turn the table round.",
        )


def refuse_cells(rows: int, width: int, name: str) -> None:
    if rows * width > MOST_CELLS:
        raise Lesson(
            f"“{name}” has {rows:,} rows of {width:,} columns.",
            f"At most {MOST_CELLS:,} cells are read.",
            "Keep only the columns you need.",
        )
