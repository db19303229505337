"""Numbers of a sheet as text for the programs that a lesson shows. Knows no lesson."""

from __future__ import annotations

from typing import Any

from engine.working.sheet import Sheet


def literal(sheet: Sheet, name: str) -> str:
    """An array as nested lists, a single number as itself, in all its digits: `[[0.8, 0.2], [-0.3, 0.5]]`."""
    there = [n for n in sheet.numbers.values() if n.place.array == name and n.place.part == "value"]
    if not there:
        raise KeyError(f"{name} is no array of this sheet")
    nested: dict[int, Any] = {}
    for number in there:
        if not number.place.index:
            return repr(number.value)
        *outer, last = number.place.index
        level = nested
        for position in outer:
            level = level.setdefault(position, {})
        level[last] = number.value
    return _written(nested)


def _written(level: Any) -> str:
    if not isinstance(level, dict):
        return repr(level)
    return f"[{', '.join(_written(level[position]) for position in sorted(level))}]"
