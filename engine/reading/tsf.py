"""Files that declare their attributes, then list a series a line (.tsf). Knows no calendar but its names of steps."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import Lesson
from engine.reading.text import Text

# The names that such files give to steps, as pandas writes them.
STEPS = {"yearly": "YS", "quarterly": "QS", "monthly": "MS", "weekly": "W", "daily": "D", "hourly": "h"}
STEPS |= {"half_hourly": "30min", "minutely": "min", "10_minutes": "10min", "15_minutes": "15min", "4_seconds": "4s"}


@dataclass(frozen=True)
class Declared:
    """A series a line. labels: their names. starts: when each begins, in words, empty where nothing says.

    step: the time between values, None where nothing says. values: as text, one list per series.
    """

    name: str
    labels: tuple[str, ...]
    starts: tuple[str, ...]
    step: str | None
    values: tuple[list[str], ...]
    said: tuple[str, ...] = ()


def is_declared(head: list[str]) -> bool:
    declaring = [line.strip().lower() for line in head if line.strip().startswith("@")]
    return any(line.startswith("@attribute") for line in declaring) and "@data" in declaring


def declared(text: Text, name: str) -> Declared:
    """The series of the file. Raises Lesson where it is no .tsf (an .arff, say)."""
    attributes: list[tuple[str, str]] = []
    step = None
    lines = (line.strip() for line in text.lines())
    for line in lines:
        words = line.split()
        if words and words[0].lower() == "@attribute" and len(words) == 3:
            attributes.append((words[1], words[2].lower()))
        elif words and words[0].lower() == "@frequency" and len(words) > 1:
            step = STEPS.get(words[1].lower())
        elif line.lower() == "@data":
            break
    rows = [line.split(":") for line in lines if line and not line.startswith("#")]
    if not rows or any(len(row) != len(attributes) + 1 for row in rows):
        raise Lesson(
            f"“{name}” declares {len(attributes)} attributes, and its lines hold another number of them.",
            "Expected is a .tsf file: after @data one series a line, its attributes and values set apart by colons.",
            "Save the one series as CSV, one row for each stamp.",
        )
    dated = next((place for place, (_, kind) in enumerate(attributes) if kind == "date"), None)
    named = [place for place in range(len(attributes)) if place != dated]
    labels = tuple(", ".join(row[place] for place in named) or str(at) for at, row in enumerate(rows, start=1))
    starts = tuple(row[dated] if dated is not None else "" for row in rows)
    return Declared(name, labels, starts, step, tuple(row[-1].split(",") for row in rows), ("A .tsf file.",))
