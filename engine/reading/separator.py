"""What stands between the columns of a text, decided over many lines. Knows cells only as number, stamp or text."""

from __future__ import annotations

import csv
from collections import Counter

from engine.reading.cells import kind

# In a tie the earlier one is taken: where both fit, a comma is more often inside a number than a semicolon.
CANDIDATES = ("\t", ";", "|", ",")
BLANKS = " "  # any number of them

# A character that no text has, for parsers that insist on a separator.
NO_SEPARATOR = "\x1f"


def find_separator(lines: list[str]) -> str | None:
    """The separator that makes the most even rows of the most readable cells; None for one column."""
    scores = {candidate: _score(lines, candidate) for candidate in (*CANDIDATES, BLANKS, None)}
    return max(scores, key=lambda candidate: scores[candidate])


def _score(lines: list[str], separator: str | None) -> float:
    """Share of rows of the usual width, squared, times the share of their cells that are no text.

    Squared, so that a decimal comma does not split a column in two whose name has no comma.
    """
    try:
        rows = _split(lines, separator)
    except csv.Error:
        return -1.0
    width, usual = Counter(len(row) for row in rows).most_common(1)[0]
    if separator and width == 1:
        return -1.0
    cells = [kind(cell) for row in rows if len(row) == width for cell in row]
    readable = sum(cell != "text" for cell in cells) / len(cells)
    blanks = 0.9 if separator == BLANKS else 1.0  # a date and its clock are one cell, where anything else fits
    return blanks * (usual / len(rows)) ** 2 * readable


def _split(lines: list[str], separator: str | None) -> list[list[str]]:
    if separator == BLANKS:
        return [line.split() for line in lines]
    return list(csv.reader(lines, delimiter=separator or NO_SEPARATOR, skipinitialspace=True))
