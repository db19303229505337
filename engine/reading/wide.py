"""Files where each column is a date: recognised, said, and not read yet. Knows column names only."""

from __future__ import annotations

import re

from engine.errors import Lesson
from engine.reading.cells import kind
from engine.reading.table import Table

MONTH = re.compile(r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*", re.IGNORECASE)
YEAR = re.compile(r"(?:1[5-9]|20|21)\d{2}")
FEWEST = 6


def refuse_wide(table: Table) -> None:
    """Raises Lesson where the columns are named by dates, years or months."""
    for what, named in (("dates", _is_date), ("years", YEAR.fullmatch), ("months", MONTH.fullmatch)):
        columns = [name for name in table.columns if named(name)]
        if len(columns) >= FEWEST and len(columns) > len(table.columns) / 2:
            raise Lesson(
                f"“{table.name}” is wide: {len(columns):,} of its columns are {what}, from “{columns[0]}” on.",
                "Expected is a long table: one row for each stamp, and one column for each series.",
                "Turn the table round, so that time runs downwards, and try again.",
            )


def _is_date(name: str) -> bool:
    return kind(name) == "stamp"
