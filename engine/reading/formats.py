"""From text to stamps: one format for a whole column, voted by all its cells. Never reads cell by cell."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product

import numpy as np
import pandas as pd

DATES = (
    *("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"),
    *("%d.%m.%Y", "%m.%d.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y"),
    *("%d.%m.%y", "%m.%d.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d", "%y/%m/%d"),
    *("%d-%b-%Y", "%d-%b-%y", "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y", "%B %d %Y"),
)
CLOCKS = ("", " %H:%M", " %H:%M:%S", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p")
ZONES = ("T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", *(f"{t}%z" for t in ("T%H:%M", "T%H:%M:%S", "T%H:%M:%S.%f")))
SPACED_ZONES = tuple(f"{t}{gap}%z" for t in (" %H:%M", " %H:%M:%S", " %H:%M:%S.%f") for gap in ("", " "))
MONTHS = (
    *("%Y-%m", "%Y/%m", "%m/%Y", "%m-%Y", "%m.%Y", "%y-%m", "%m-%y", "%YM%m", "%Y%m"),
    *("%Y %b", "%Y-%b", "%Y %B", "%b %Y", "%b-%Y", "%B %Y", "%b-%y", "%b %y", "%y-%b", "%B-%Y"),
)
COMPACT = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H", "%Y%m%d %H:%M", "%Y%m%d %H:%M:%S", "%Y%m%dT%H%M%S")
FORMATS = (
    *(f"{date}{clock}" for date, clock in product(DATES, CLOCKS)),
    *(f"%Y-%m-%d{zone}" for zone in (*ZONES, *SPACED_ZONES)),
    *MONTHS,
    *COMPACT,
)

DIRECTIVES = {"%Y": r"\d{4}", "%y": r"\d{2}", "%f": r"\d{1,9}", "%b": "[A-Za-z]{3}", "%B": "[A-Za-z]{3,9}"}
DIRECTIVES |= {"%p": "[AaPp][Mm]", "%z": r"(?:Z|[+-]\d{2}:?\d{2})", "%M": r"\d{2}", "%S": r"\d{2}"}
WORDS = {"%Y": "year", "%y": "year", "%m": "month", "%b": "month", "%B": "month", "%d": "day", "%H": "hour"}
WORDS |= {"%I": "hour", "%M": "minute", "%S": "second", "%f": "fraction", "%p": "am/pm", "%z": "time zone"}

# Where fewer cells than this fit a format, the column is not written in it.
ENOUGH = 0.9


@dataclass(frozen=True)
class ReadStamps:
    """One format over one column. stamps: datetime64[s] by line, NaT where the cell does not fit."""

    format: str
    stamps: pd.Series
    repairs: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        """The format as a person says it, such as “day/month/year”."""
        return re.sub("%.", lambda found: WORDS[found.group()], self.format)

    @property
    def misfits(self) -> int:
        return int(self.stamps.isna().sum())

    @property
    def evenness(self) -> tuple[bool, int]:
        """Smaller is more even: whether the stamps turn back, and how many different steps they take.

        Steps are counted in months where every stamp is the first day of one.
        """
        stamps = self.stamps.dropna()
        places = stamps.dt.year * 12 + stamps.dt.month if (stamps.dt.day == 1).all() else stamps.astype(np.int64)
        steps = np.diff(places.to_numpy())
        turns = bool((steps > 0).any() and (steps < 0).any())
        return turns, len(np.unique(steps))


def pattern(form: str) -> str:
    """The regular expression of a format: exact where digits touch, one or two digits elsewhere."""
    compact = re.search(r"%[Ymd]%[mdHM]", form) is not None
    short = r"\d{2}" if compact else r"\d{1,2}"
    pieces = re.split("(%.)", form)
    return "".join(DIRECTIVES.get(piece, short) if piece.startswith("%") else re.escape(piece) for piece in pieces)


PATTERNS = {form: re.compile(pattern(form)) for form in FORMATS}


def likely_formats(cells: list[str]) -> list[str]:
    """Formats whose shape nearly all of these cells have."""
    most = max(1, int(ENOUGH * len(cells)))
    return [form for form, shape in PATTERNS.items() if sum(map(bool, map(shape.fullmatch, cells))) >= most]


def vote(cells: pd.Series) -> ReadStamps | None:
    """The one format that most of the column's cells fit; None where no format fits nearly all of them.

    cells: text without blanks around it, by line, nothing missing.
    """
    sample = cells.iloc[:: max(1, len(cells) // 300)]
    readings = [_read(cells, form) for form in likely_formats(list(sample))]
    readings = [reading for reading in readings if reading.misfits <= (1 - ENOUGH) * len(cells)]
    if not readings:
        return None
    fewest = min(reading.misfits for reading in readings)
    best = [reading for reading in readings if reading.misfits == fewest]
    return _weighed(best, cells.iloc[0])


def _read(cells: pd.Series, form: str) -> ReadStamps:
    zoned = "%z" in form
    stamps = pd.to_datetime(cells, format=form, errors="coerce", utc=zoned)
    if zoned:
        stamps = stamps.dt.tz_localize(None)
    return ReadStamps(form, stamps.astype("datetime64[s]"), _said(form))


def _said(form: str) -> list[str]:
    said = []
    if "%y" in form:
        said.append("Years of two digits were read as 1969 to 2068.")
    if "%z" in form:
        said.append("Stamps carry a time zone and were brought to UTC.")
    return said


def _weighed(readings: list[ReadStamps], example: str) -> ReadStamps:
    """Of formats that fit equally well, the one that gives the more even steps; in a tie the first of FORMATS."""
    best = min(readings, key=lambda reading: reading.evenness)
    rivals = [reading for reading in readings if not reading.stamps.equals(best.stamps)]
    if not rivals:
        return best
    even = all(reading.evenness > best.evenness for reading in rivals)
    why = "because that gives even steps" if even else "an assumption, since every day could also be a month"
    stamp = f"{best.stamps.iloc[0]:%Y-%m-%d}"
    return ReadStamps(
        best.format,
        best.stamps,
        [*best.repairs, f"“{example}” was read as {stamp} ({best.words}): {why}."],
    )
