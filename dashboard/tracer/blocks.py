"""Which numbers stand in which grid, and which grids stand in which column of a step. Knows no page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from engine.nouns.explanation import Part, Place
from engine.working.number import Worked
from engine.working.sheet import Array, Sheet

CAPTION, HIGHEST = 1.6, 15  # in rows: of a title and its distance, and of a column
TITLES = {"gradient": "gradient of the loss by", "share": "what each use adds to"}


@dataclass(frozen=True)
class Block:
    """One grid. cells: keys by row and column, "" where nothing stands. family: which colours it takes."""

    name: str
    title: str
    family: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    axes: tuple[str, str]
    """What the rows and the columns count; "" where there is but one."""


def array_name(place: Place) -> str:
    """The name of the grid in which a number stands."""
    return _named(place.array, place.part)


@cache
def _named(array: str, part: Part) -> str:
    return str(Place(array, part=part))


def blocks(sheet: Sheet) -> dict[str, Block]:
    """Every grid by its name, in the order in which their first numbers were made."""
    members: dict[str, list[Worked]] = {}
    for number in sheet.numbers.values():
        members.setdefault(array_name(number.place), []).append(number)
    return {name: _block(sheet, name, numbers) for name, numbers in members.items()}


def _block(sheet: Sheet, name: str, numbers: Sequence[Worked]) -> Block:
    first = numbers[0]
    array = sheet.arrays.get(first.base, Array(""))
    axes = _axes(sheet, first, array)
    row, column = _split(axes, array.across)
    keys = {(_labels(sheet, axes, n, row), _labels(sheet, axes, n, column)): n.key for n in numbers}
    # By index and not by making: what is worked out backwards keeps the rows it had forwards.
    ordered = sorted(numbers, key=lambda number: number.place.index)
    rows = list(dict.fromkeys(_labels(sheet, axes, number, row) for number in ordered))
    columns = list(dict.fromkeys(_labels(sheet, axes, n, column) for n in sorted(numbers, key=_by(column))))
    part = TITLES.get(first.place.part, "")
    return Block(
        name,
        f"{part} {array.title}".strip(),
        _family(first, array),
        tuple(rows),
        tuple(columns),
        tuple(tuple(keys.get((r, c), "") for c in columns) for r in rows),
        (", ".join(axes[n] for n in row), ", ".join(axes[n] for n in column)),
    )


def _axes(sheet: Sheet, number: Worked, array: Array) -> tuple[str, ...]:
    """The name of each axis; a share has those of its weight and then those that tell its uses apart."""
    user = sheet.axes(number.place.array.partition("/")[2]) if number.place.part == "share" else ()
    axes = (*array.axes, *(axis for axis in user if axis not in array.axes))
    return (*axes, *[""] * len(number.place.index))[: len(number.place.index)]


def _by(positions: Iterable[int]) -> Callable[[Worked], tuple[int, ...]]:
    return lambda number: tuple(number.place.index[n] for n in positions)


def _split(axes: tuple[str, ...], across: bool) -> tuple[range, range]:
    """Which positions of the index run downwards, and which from left to right: of several, the last."""
    if len(axes) < 2:
        return (range(0), range(len(axes))) if across else (range(len(axes)), range(0))
    return range(len(axes) - 1), range(len(axes) - 1, len(axes))


def _labels(sheet: Sheet, axes: tuple[str, ...], number: Worked, positions: Iterable[int]) -> str:
    def label(n: int) -> str:
        names, at = sheet.labels.get(axes[n], ()), number.place.index[n]
        return names[at - 1] if 0 < at <= len(names) else str(at)

    return ", ".join(label(n) for n in positions)


def _family(number: Worked, array: Array) -> str:
    if number.place.part in TITLES:
        return "gradient"
    if array.grey:
        return "grey"
    return "weight" if number.role == "weight" else "value"


def shown(sheet: Sheet, step: int, among: dict[str, Block]) -> tuple[list[list[str]], list[list[str]]]:
    """The grids of a step in columns: those it works from, and those it works on, each after its own sources."""
    made = {array_name(sheet.numbers[key].place) for key in sheet.steps[step].numbers}
    sources = {source for name in made for source in _sources(sheet, among[name], sheet.steps[step].numbers)}
    given = [name for name in among if name in (sources | set(sheet.steps[step].also)) - made]
    column: dict[str, int] = {}
    for name in [name for name in among if name in made]:  # a grid begun earlier is never fed by one begun later
        before = _sources(sheet, among[name]) & set(column)
        column[name] = 1 + max((column[source] for source in before), default=-1)
    levels = [[n for n in column if column[n] == level] for level in range(max(column.values(), default=-1) + 1)]
    return _parts(given, among), [part for level in levels for part in _parts(level, among)]


def _parts(names: list[str], among: dict[str, Block]) -> list[list[str]]:
    """A column in as many as it takes, so that none is much higher than a screen has room for."""
    parts: list[list[str]] = []
    height = 0.0
    for name in names:
        own = len(among[name].rows) + (len(among[name].columns) > 1) + CAPTION
        if not parts or height + own > HIGHEST:
            parts.append([])
            height = 0.0
        parts[-1].append(name)
        height += own
    return parts


def _sources(sheet: Sheet, block: Block, among: Iterable[str] | None = None) -> set[str]:
    """The grids that a grid's numbers were made of. among: only these numbers count."""
    keys = [key for row in block.cells for key in row if key]
    kept = set(keys) if among is None else set(keys) & set(among)
    operands = (operand for key in kept for operand in sheet.numbers[key].operands)
    return {array_name(sheet.numbers[operand].place) for operand in operands}
