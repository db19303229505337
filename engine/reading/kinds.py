"""The columns of a file that can stand beside a series: of numbers, and of few words as columns of 0 and 1.

Knows no meaning of a word, and no series.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow.compute as pc

from engine.nouns.series import Series
from engine.reading.cells import distinct
from engine.reading.layouts.layout import Choice
from engine.reading.layouts.tall import Tall
from engine.reading.read import Outline, Reading, read_outline

MOST = 12
"""Words in a column, such as the types of a day; more of them are names or remarks."""


def kinds(offered: Outline) -> dict[str, list[str]]:
    """The columns of few words, each with a name for every word, in the order of the alphabet."""
    layout = offered.layout
    if not isinstance(layout, Tall) or layout.labels:
        return {}
    spoken = [name for name in layout.columns if name not in {*layout.candidates, *layout.times}]
    return {name: words for name in spoken if (words := _words(layout, name))}


def _words(layout: Tall, name: str) -> list[str]:
    cells = layout.table.cells[name]
    if not 1 < distinct(cells) <= MOST:
        return []
    return [_named(name, word) for word in sorted(filter(None, pc.unique(cells).to_pylist()))]


def _named(column: str, word: str) -> str:
    return f"{column}: {word}"


def others(reading: Reading) -> list[str]:
    """What can stand beside a series that was read: columns of numbers, then one for each word. Raises Lesson."""
    layout = reading.outline.layout
    if not layout.columns:
        return []
    numbers = [name for name in layout.candidates if name != reading.choice.column]
    return [*numbers, *(one for words in kinds(reading.outline).values() for one in words)]


def column(reading: Reading, name: str) -> Series:
    """One of them, read as the chosen column was, with the likely answer to each question of its own. Raises Lesson."""
    taken, offered = reading.choice, reading.outline
    if any(name in words for words in kinds(offered).values()):
        offered = _with_kinds(offered)
    return read_outline(offered, Choice(taken.sheet, taken.time, name, taken.series)).series


def _with_kinds(offered: Outline) -> Outline:
    """The same file with the words as columns of 0 and 1."""
    layout = offered.layout
    if not isinstance(layout, Tall):
        return offered
    table = layout.table
    for name, words in kinds(offered).items():
        for one in words:
            is_one = pc.equal(layout.table.cells[name], one.removeprefix(_named(name, "")))
            table = table.with_column(one, pc.if_else(is_one, "1", "0"))
    return replace(offered, layout=replace(layout, table=table))
