"""A series by what a person types: the path of a file, or the name of a sample. Asks nothing."""

from __future__ import annotations

from pathlib import Path

from engine.nouns.series import Series
from engine.reading.layouts.layout import Choice
from engine.reading.read import read
from engine.samples import sample, samples


def series_of(file: str, column: str | None = None) -> Series:
    """The file read with every likely answer taken, or the sample. Raises Lesson, and OSError where no file is."""
    if not Path(file).exists() and file in samples():
        return sample(file)
    return read(Path(file).read_bytes(), Path(file).name, Choice(column=column)).series
