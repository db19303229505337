"""The series of a file side by side: its columns of numbers, or what it has stacked. Knows no forecaster."""

from __future__ import annotations

from dataclasses import replace

from engine.nouns.series import Series
from engine.reading.layouts.layout import Choice
from engine.reading.read import Reading, read_outline


def several(reading: Reading) -> list[str]:
    """Their names, the one that was read first. Raises Lesson."""
    layout, taken = reading.outline.layout, reading.choice
    stacked = len(layout.labels) > 1
    names, first = (layout.labels, taken.series) if stacked else (layout.candidates, taken.column)
    return sorted(names, key=lambda name: name != first)


def one(reading: Reading, name: str) -> Series:
    """One of them, read as the chosen one was, with the likely answer to each question of its own. Raises Lesson."""
    layout, taken = reading.outline.layout, reading.choice
    stacked = len(layout.labels) > 1
    if name == (taken.series if stacked else taken.column):
        return replace(reading.series, name=name)
    choice = Choice(taken.sheet, taken.time, taken.column, name) if stacked else Choice(taken.sheet, taken.time, name)
    return replace(read_outline(reading.outline, choice).series, name=name)
