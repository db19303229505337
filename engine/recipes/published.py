"""What the chapter printed of Chicago's ridership, and whether a series is that one. Knows no network."""

from __future__ import annotations

import hashlib

from engine.errors import Lesson
from engine.nouns.series import Series
from engine.preparing.steps.part import Part, apply

FIRST, LAST = "2016-01-01", "2019-05-31"
VALUES = "cf932f6423de1542adc0358f2a775287fa5cd663e866e272717175f06357646d"
"""SHA-256 of the rail boardings of those days, as float64: only of these numbers may the printed ones be shown."""
PUBLISHED = {
    "one unit": 102_786.95, "univariate": 29_014.97, "deep": 31_211.02, "multivariate": 22_062.30, "direct": 35_017.30,
    "seq2seq": 45_928.88,
}  # fmt: skip
"""Validation MAE by recipe; the SARIMA's stands in engine.estimating.book."""


def of_the_chapter(series: Series) -> Series | None:
    """The days that the chapter learns from and is judged by, where these are its numbers."""
    if series.freq != "D":
        return None
    try:
        cut, _ = apply(Part(start=FIRST, end=LAST), series)
    except Lesson:
        return None
    return cut if hashlib.sha256(cut.values.tobytes()).hexdigest() == VALUES else None
