"""Where the numbers begin and which line names them. Knows the first rows only, and no column's meaning."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from engine.reading.cells import Kind, kind

Rows = list[tuple[int, list[str]]]

# A row of units stands below the names in some archives.
UNIT = re.compile(
    r"[(\[].*[)\]]|°[CF]|deg ?[CF]|%|mm|cm|km|m/s|km/h|hours?|hrs|days?|hPa|[kMG]?Wh?|EUR|USD|€|\$", re.IGNORECASE
)


@dataclass(frozen=True)
class Header:
    """names: one per column, empty where there is none; () without a header. first_line: of the values, from 1.

    passed_over: lines of text before the values that are neither.
    """

    names: tuple[str, ...]
    first_line: int
    passed_over: int


def find_header(rows: Rows) -> Header:
    """The header is the last full row above the values; titles above it and units below it are passed over."""
    width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
    usual = _usual_kinds([row for _, row in rows], width)
    first = _first_values(rows, usual)
    while first > 0 and _nothing_yet(rows[first - 1][1], usual):
        first -= 1
    above = [row for _, row in rows[:first]]
    names = _names(above, width)
    line = rows[first][0] if first < len(rows) else rows[-1][0] + 1
    return Header(names, line, len(above) - (1 if names else 0))


def _usual_kinds(rows: list[list[str]], width: int) -> dict[int, Kind]:
    """Columns that mostly hold numbers or stamps, by position."""
    usual: dict[int, Kind] = {}
    for position in range(width):
        kinds = [kind(row[position]) for row in rows if len(row) > position]
        counted = Counter(found for found in kinds if found != "missing")
        if counted:
            found, times = counted.most_common(1)[0]
            if found != "text" and times > counted.total() / 2:
                usual[position] = found
    return usual


def _first_values(rows: Rows, usual: dict[int, Kind]) -> int:
    """The first row with a number or a stamp where its column usually has one; the second row without such columns."""
    if not usual:
        return 1
    for place, (_, row) in enumerate(rows):
        fits = any(len(row) > position and kind(row[position]) == found for position, found in usual.items())
        named = place == 0 and len(rows) > 1 and _is_header_of_numbers(row, rows[1][1])
        if fits and not named:
            return place
    return len(rows)


def _nothing_yet(row: list[str], usual: dict[int, Kind]) -> bool:
    """A first row whose values are missing is a row of values, not a line of text."""
    return bool(usual) and all(len(row) > position and kind(row[position]) == "missing" for position in usual)


def _is_header_of_numbers(row: list[str], below: list[str]) -> bool:
    """A frame saved with its row labels names its first column with nothing; a wide file has years for names."""
    if len(row) > 1 and not row[0].strip() and below[0].strip():
        return True
    years = [int(cell) for cell in row if cell.strip().isdigit() and 1500 <= int(cell) <= 2200]
    return len(years) >= 3 and all(b - a == 1 for a, b in zip(years, years[1:], strict=False))


def _names(above: list[list[str]], width: int) -> tuple[str, ...]:
    named = [[cell.strip(" ,;") for cell in row] for row in above]
    full = [row for row in named if len(row) >= width and all(row[:width])]
    names = [row for row in full if not any(UNIT.fullmatch(cell) for cell in row)] or full
    if names:
        return tuple(names[-1])
    if named and len(named[-1]) > width / 2 and any(named[-1][-width // 2 :]):
        return tuple(named[-1])
    return ()
