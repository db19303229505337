"""Text whose columns are set apart by blanks, or stand at fixed places. Knows no meaning of any column."""

from __future__ import annotations

import re
from collections import Counter
from statistics import median

from engine.reading.rows import Listed, Rows
from engine.reading.text import Text

SAID = "Text in {}, columns set apart by blanks."
_WORD = re.compile(r"\S+")


def aligned(text: Text) -> Listed:
    """Rows of the usual number of words as they are; longer and shorter ones cut where the usual columns end."""
    lines = [(place, line.expandtabs()) for place, line in enumerate(text.lines(), start=1) if line.strip()]
    spans = [[match.span() for match in _WORD.finditer(line)] for _, line in lines]
    width = Counter(len(words) for words in spans).most_common(1)[0][0]
    usual = [words for words in spans if len(words) == width]
    ends = _ends(usual, width)
    rows: Rows = []
    for (place, line), words in zip(lines, spans, strict=True):
        rows.append((place, _cells(line, words, width, ends)))
    return Listed(rows, (SAID.format(text.said),))


def _cells(line: str, words: list[tuple[int, int]], width: int, ends: list[int]) -> list[str]:
    if line.lstrip().startswith("#"):  # a remark, or the names behind a sign that programs pass over
        named = line.lstrip("# ").split()
        return named if len(named) == width else [line]
    if len(words) == width:
        return [line[start:end] for start, end in words]
    cells = _cut(line, ends)
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _ends(usual: list[list[tuple[int, int]]], width: int) -> list[int]:
    """Where each column ends: where its words do where they are set to the right, else where the next begins."""
    ends = []
    for place in range(width):
        last = Counter(words[place][1] for words in usual).most_common(1)[0][0]
        following = min((words[place + 1][0] for words in usual), default=last) if place + 1 < width else 10**6
        ends.append(last if last <= following else int(median(words[place][1] for words in usual)))
    return ends


def _cut(line: str, ends: list[int]) -> list[str]:
    """The line at fixed places; what follows the last column is one cell more."""
    starts = [0, *ends[:-1]]
    cells = [line[start:end].strip() for start, end in zip(starts, ends, strict=True)]
    rest = line[ends[-1] :].rstrip()
    if cells[-1] and rest[:1].strip():  # a longer word than the column usually has
        longer, _, rest = rest.partition(" ")
        cells[-1] += longer
    rest = rest.strip()
    return [*cells, rest] if rest else cells
