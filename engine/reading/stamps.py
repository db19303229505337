"""From a column of text to stamps, by the one reading that fits it whole. Never reads cell by cell; knows no grid."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from engine.reading.calendar import Fields, compiled, seconds_of
from engine.reading.cells import Cells, pieces, sampled
from engine.reading.formats import FORMS, Form, said, unit_of, whole

Seconds = NDArray[np.int64]
NONE = np.iinfo(np.int64).min  # what numpy, too, takes for "not a time"

# Where fewer cells than this fit a form, the column is not written in it.
ENOUGH = 0.9


@dataclass(frozen=True)
class Reading:
    """One way to read a column. seconds: since 1970, (n,), NONE where the cell does not fit. unit: the finest part.

    zoned: whether the stamps carry an offset and are UTC. said: what was assumed, one sentence each.
    """

    words: str
    seconds: Seconds
    unit: str = "day"
    zoned: bool = False
    said: tuple[str, ...] = ()
    roles: str = field(default="", compare=False)
    fraction: bool = False

    @property
    def fits(self) -> NDArray[np.bool_]:
        return np.asarray(self.seconds != NONE)

    @property
    def misfits(self) -> int:
        return int((~self.fits).sum())

    @functools.cached_property
    def evenness(self) -> tuple[bool, float, int]:
        """Smaller is more even: whether the stamps turn back, the share of unusual steps, and the kinds of steps.

        Steps are counted in months where every stamp is the first day of one.
        """
        seconds = self.seconds if not self.misfits else self.seconds[self.fits]
        places = _in_months(seconds)
        steps = places[1:] - places[:-1]
        _, times = tallied(steps)
        turns = bool((steps > 0).any() and (steps < 0).any())
        return turns, round(float(1 - times.max(initial=0) / max(len(steps), 1)), 3), len(times)


def _in_months(seconds: Seconds) -> Seconds:
    """Stamps counted in months where each is the first day of one, else in seconds."""
    for sample in (seconds[:: max(1, len(seconds) // 300)], seconds):  # most columns are told by a few
        stamps = sample.view("datetime64[s]")
        months = stamps.astype("datetime64[M]")
        if not (months.astype("datetime64[s]") == stamps).all():
            return seconds
    return months.view(np.int64)


def tallied(numbers: Seconds) -> tuple[Seconds, Seconds]:
    """The different numbers and how often each occurs; at once where all are the same, as steps mostly are."""
    if len(numbers) and bool((numbers == numbers[0]).all()):
        return numbers[:1], np.array([len(numbers)])
    ordered = np.sort(numbers)
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]][: len(ordered)])
    return ordered[starts], np.diff(np.r_[starts, len(ordered)])


def readings(cells: Cells) -> list[Reading]:
    """All readings of the whole column that fit nearly all of its cells, the most even first.

    cells: (n,) of text, nothing missing.
    """
    sample = sampled(cells)
    found = []
    for pattern, form in _patterns():
        most = sum(map(bool, map(compiled(pattern).match, sample)))
        if most and most >= ENOUGH * len(sample):
            found += _read(cells, pattern, form, ENOUGH * len(cells))
    return _best(found)


def partial(cells: Cells, least: int) -> list[list[Reading]]:
    """For each form that at least so many cells fit, its readings: of a column that is written in several ways."""
    sample, groups = sampled(cells, 2000), []
    for pattern, form in _patterns():
        if any(map(compiled(pattern).match, sample)):
            fit = _read(cells, pattern, form, least)
            groups += [fit] if fit else []
    return groups


def _best(found: list[Reading]) -> list[Reading]:
    """Those with the fewest misfits, the most even first; in a tie the order of the forms."""
    fewest = min((reading.misfits for reading in found), default=0)
    best = [reading for reading in found if reading.misfits == fewest]
    if any(reading.roles == "Ymd" for reading in best):  # nobody writes year-day-month where the other fits too
        best = [reading for reading in best if reading.roles != "Ydm"]
    distinct: list[Reading] = []
    for reading in sorted(best, key=lambda reading: reading.evenness):
        if not any(np.array_equal(reading.seconds, other.seconds) for other in distinct):
            distinct.append(reading)
    return [reading for reading in distinct if not _pointless(reading)]


def _pointless(reading: Reading) -> bool:
    """Counted years stand only for months that follow one another."""
    return "n" in reading.roles and reading.evenness[1:] != (0.0, 1)


@functools.cache
def _patterns() -> tuple[tuple[str, Form], ...]:
    touching = [
        (whole(form, touching=True), form) for form in FORMS if re.fullmatch(r"(\(\\d\{\d\}\)){3}", form.pattern)
    ]
    return (*((whole(form), form) for form in FORMS), *touching)


def _read(cells: Cells, pattern: str, form: Form, least: float) -> list[Reading]:
    """The readings of a form that at least so many cells fit; each gives its numbers another meaning."""
    likely = [roles for roles in form.roles if roles != "Ydm"]
    read = _read_as(cells, pattern, likely, least)
    if len(likely) < len(form.roles) and not (read and not read[0].misfits):
        read += _read_as(cells, pattern, ["Ydm"], least)
    return read


def _read_as(cells: Cells, pattern: str, meanings: list[str], least: float) -> list[Reading]:
    """Piece by piece; a meaning that too few cells fit is given up on the way."""
    seconds = {roles: np.empty(len(cells), np.int64) for roles in meanings}
    misfits, at = dict.fromkeys(meanings, 0), 0
    clocked = zoned = fraction = False
    for piece in pieces(cells):
        fields, rows = Fields.of(piece, pattern), slice(at, at + len(piece))
        clocked, zoned, fraction = clocked | fields.clocked, zoned | fields.zoned, fraction | fields.fraction
        for roles in list(seconds):
            seconds[roles][rows] = seconds_of(fields, roles)
            misfits[roles] += int((seconds[roles][rows] == NONE).sum())
            if len(cells) - misfits[roles] < max(least, 1):
                del seconds[roles]
        at += len(piece)
    return [
        Reading(
            said(roles, clocked), stamps, "second" if clocked else unit_of(roles), zoned, _assumed(roles, zoned),
            roles, fraction,
        )
        for roles, stamps in seconds.items()
    ]  # fmt: skip


def _assumed(roles: str, zoned: bool) -> tuple[str, ...]:
    said = []
    if "y" in roles:
        said.append("Years of two digits were read as 1969 to 2068.")
    if "n" in roles:
        said.append("Years are counted from 1; they were dated from 1901.")
    if zoned:
        said.append("Stamps carry a time zone and were brought to UTC.")
    return tuple(said)


def starts_of_intervals(cells: Cells) -> Cells | None:
    """The first stamps of a column of intervals, “a - b”, “a/b” or “a to b”; None where it holds none."""
    for between in (" - ", " – ", "/", " to ", " bis ", " a "):  # noqa: RUF001
        sample = sampled(cells)
        if all(cell.count(between) == 1 for cell in sample):
            halves = pc.split_pattern(cells, between, max_splits=1)
            first = pa.chunked_array([pc.list_element(chunk, 0) for chunk in halves.chunks])
            return pc.utf8_trim_whitespace(first)
    return None
