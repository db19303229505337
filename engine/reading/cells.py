"""What one cell looks like: a number, a stamp, missing, or text. Looks at no neighbour and decides nothing."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["number", "stamp", "missing", "text"]

# What people write where there is no value; compared in lower case.
MISSING_CODES = frozenset(
    {"", "na", "n/a", "#n/a", "<na>", "nan", "nat", "null", "none", "missing", "nd", "n.a.", "?", "#value!", "#div/0!"}
    | {".", "..", "...", ":", "-", "--", "---", "–", "—", "*", "**", "***", "****", "*****", "x"}  # noqa: RUF001
)

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
_NUMBER = re.compile(r"[€$£]?\s?[+\-−]?(?:\d[\d.,'’\s]*|[.,]\d+)(?:e[+\-]?\d+)?\s?[%€$£]?", re.IGNORECASE)  # noqa: RUF001
_TIME = r"(?:[T ]\s?\d{1,2}(?::\d{2}){0,2}(?:\.\d+)?\s?(?:[ap]m)?\s?(?:Z|UTC|[+\-]\d{2}:?\d{2})?)?"
_DATE = rf"""
    \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}} | \d{{1,2}}[-/.]\d{{1,2}}[-/.]\d{{2,4}}
  | \d{{1,4}}[-/]\d{{1,2}} | \d{{1,2}}[-/]\d{{4}}
  | \d{{4}}[\s\-]?(?:Q[1-4]|W\d{{1,2}}|M\d{{1,2}}) | Q[1-4][\s\-/]?\d{{4}}
  | \d{{1,4}}[\s\-]{_MONTH} | {_MONTH}[\s\-]\d{{2,4}}
  | \d{{1,2}}[\s\-]{_MONTH}[\s\-]\d{{2,4}} | {_MONTH}\s\d{{1,2}},?\s\d{{4}}
"""
_STAMP = re.compile(rf"(?:{_DATE}){_TIME}(?:\s-\s.*)?", re.IGNORECASE | re.VERBOSE)


def kind(cell: str) -> Kind:
    """What the cell looks like on its own; whether it is a real date is not checked."""
    cell = cell.strip()
    if cell.lower() in MISSING_CODES:
        return "missing"
    if _NUMBER.fullmatch(cell):
        return "number"
    return "stamp" if _STAMP.fullmatch(cell) else "text"
