"""Where the numbers begin and which line names them. Knows the first rows only, and no column's meaning."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from engine.reading.cells import Kind, kind
from engine.reading.rows import Rows

# A row of units stands below the names in some archives.
UNIT = re.compile(
    r"[(\[].*[)\]]|°[CF]|deg ?[CF]|%|mm|cm|km|m/s|km/h|hours?|hrs|days?|\d{1,3}[sdn]|hPa|[kMG]?Wh?|EUR|USD|€|\$|-|",
    re.IGNORECASE,
)
NOTE = re.compile(r"\s*[\[(](?:note\b|fn\b|p\b|r\b|\d{1,2}\b)[^\])]*[\])]|\s*\*+$", re.IGNORECASE)


@dataclass(frozen=True)
class Header:
    """names: one per column, empty where there is none; () without a header. first_line: of the values, from 1.

    passed_over: lines of text before the values that are neither. about: what lines of a name and a value say.
    kinds: what columns mostly hold, by position, where that is numbers or stamps.
    """

    names: tuple[str, ...]
    line: int
    first_line: int
    passed_over: int
    about: dict[str, str] = field(default_factory=dict)
    kinds: dict[int, Kind] = field(default_factory=dict)
    above_title: tuple[str, ...] = ()
    width: int = 1


def find_header(rows: Rows) -> Header:
    """The header is the last full row above the values; titles above it and units below it are passed over."""
    width = Counter(len(row) for _, row in rows).most_common(1)[0][0]
    usual = _usual_kinds([row for _, row in rows], width)
    first = _first_values(rows, usual, width)
    while first > 0 and _nothing_yet(rows[first - 1][1], usual):
        first -= 1
    above = rows[:first]
    place = _place_of_names([row for _, row in above], width, usual)
    names = tuple(cell.lstrip("#").strip(" ,;") for cell in above[place][1]) if place is not None else ()
    line = rows[first][0] if first < len(rows) else rows[-1][0] + 1
    at = above[place][0] if place is not None else line
    about = _about([row for _, row in above[: place if place is not None else first]])
    return Header(names, at, line, len(above) - (place is not None), about, usual, _titles(above, place), width)


def _titles(above: Rows, place: int | None) -> tuple[str, ...]:
    """Lines of one cell above the names."""
    before = [[cell for cell in row if cell] for _, row in above[: place or 0]]
    return tuple(row[0] for row in before if len(row) == 1)


def _usual_kinds(rows: list[list[str]], width: int) -> dict[int, Kind]:
    """Columns that mostly hold numbers or stamps, by position."""
    usual: dict[int, Kind] = {}
    for position in range(width):
        counted = Counter(kind(row[position]) for row in rows if len(row) > position)
        del counted["missing"]
        if counted:
            found, times = counted.most_common(1)[0]
            if found != "text" and times > counted.total() / 2:
                usual[position] = found
    return usual


def _first_values(rows: Rows, usual: dict[int, Kind], width: int) -> int:
    """The first row with a number or a stamp where its column usually has one; the second row without such columns."""
    if not usual:
        return 1
    named = False
    for place, (_, row) in enumerate(rows):
        if not _is_row(row, usual, width):
            continue
        if named or place + 1 == len(rows) or not _is_header_of_numbers(place, row, rows[place + 1][1]):
            return place
        named = True
    return len(rows)


def _is_row(row: list[str], usual: dict[int, Kind], width: int) -> bool:
    """Whether as many cells are of the kind of their column as are of another, and its stamp is none but a stamp."""
    if len(row) <= width / 2:
        return False
    stamp = next((place for place, found in usual.items() if found == "stamp"), None)
    if stamp is not None and len(row) > stamp and not _may_be_stamp(row[stamp]):
        return False
    fit = fits(row, usual)
    missing = sum(len(row) <= position or kind(row[position]) == "missing" for position in usual)
    return fit > 0 and 2 * fit >= len(usual) - missing


def _may_be_stamp(cell: str) -> bool:
    """Years may stand above quarters and months in one column."""
    return kind(cell) in ("stamp", "missing") or re.fullmatch(r"(?:1[5-9]|20|21)\d{2}", cell) is not None


def fits(row: list[str], usual: dict[int, Kind]) -> int:
    """How many cells are of the kind that their column usually has."""
    return sum(len(row) > position and kind(row[position]) == found for position, found in usual.items())


def _nothing_yet(row: list[str], usual: dict[int, Kind]) -> bool:
    """A first row whose values are missing is a row of values, not a line of text."""
    return bool(usual) and all(len(row) > position and kind(row[position]) == "missing" for position in usual)


def _is_header_of_numbers(place: int, row: list[str], below: list[str]) -> bool:
    """A frame saved with its row labels names its first column with nothing; a wide file has years for names."""
    if place == 0 and len(row) > 1 and not row[0].strip() and below[0].strip():
        return True
    named = [NOTE.sub("", cell) for cell in row]
    counts = [int(cell) for cell in named if cell.isascii() and cell.isdigit() and len(cell) <= 4]
    run = len(counts) >= 3 and all(b - a == 1 for a, b in zip(counts, counts[1:], strict=False))
    from_one = bool(counts) and counts[0] in (0, 1) and (place == 0 or bool(row[0].strip()))
    starts = bool(counts) and (from_one or 1500 <= counts[0] <= 2200)
    leading = next((cell for cell in named if cell), "")
    text = kind(leading) == "text" or not row[0].strip()
    return run and starts and (text or place == 0) and len(counts) > len(row) / 2


def _place_of_names(above: list[list[str]], width: int, usual: dict[int, Kind]) -> int | None:
    """Which of the rows above the values names the columns; None where none does.

    It is full, or blank only over the first column; of several the last whose names differ and are no values.
    """
    full = [place for place, row in enumerate(above) if _is_full(row, width)]
    names = [place for place in full if not all(UNIT.fullmatch(cell) for cell in above[place][1:])] or full
    apart = [place for place in names if len(set(above[place])) == len(above[place]) and not fits(above[place], usual)]
    worded = [place for place in apart if all(kind(cell) in ("text", "missing") for cell in above[place])]
    if names:
        best = (worded or apart or names)[-1]
        alone = (len(full) == 1 and width > 1) or (len(worded) == 1 and width > 2)
        return best if alone or all(_may_stand_between(row, width) for row in above[best + 1 :]) else None
    if above and len(above[-1]) > width / 2 and sum(map(bool, above[-1])) > width / 2 and not fits(above[-1], usual):
        return len(above) - 1
    return None


def _is_full(row: list[str], width: int) -> bool:
    """Whether every column but the first has something; the last may be blank: separators stand behind some lines."""
    filled = len(row)
    while filled and not row[filled - 1]:
        filled -= 1
    return len(row) >= width and filled >= max(width - 1, min(width, 2)) and all(row[1:filled])


def _may_stand_between(row: list[str], width: int) -> bool:
    """Units or a second line of names may stand between the names and the values; prose says that nothing is named."""
    units = all(UNIT.fullmatch(cell) for cell in row[1:]) and (len(row) > 2 or bool(row[-1].strip()))
    return units or (width > 2 and _is_full(row, width) and bool(row[0]))


def _about(above: list[list[str]]) -> dict[str, str]:
    """Lines of a name and a value, such as “Unit” and “%”."""
    pairs = [[cell for cell in row if cell] for row in above]
    return {pair[0].strip(" :").lower(): pair[1] for pair in pairs if len(pair) == 2 and len(pair[0]) < 40}
