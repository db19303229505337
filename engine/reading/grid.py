"""From sorted stamps and values to a regular calendar, or, where they are irregular, to the step a person chooses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.finding import Finding, chosen, count, first, moment
from engine.reading.frequency import Grid, Irregular, find_grid, said_step, seconds_of
from engine.reading.question import Answer, Asking, Question
from engine.reading.slips import NIGHT

FEWEST = 3
MOVES = (Answer("nearest", "move them to the nearest step"), Answer("drop", "leave them out"))
# Steps to which irregular stamps may be brought, in seconds; the finest that leaves few places empty is likely.
STEPS = {"min": 60, "5min": 300, "10min": 600, "15min": 900, "30min": 1800, "h": 3600, "3h": 10_800, "6h": 21_600}
STEPS |= {"12h": 43_200, "D": 86_400, "W-SUN": 604_800, "MS": 2_629_746}
FILLED = 0.6
KINDS = {"mean": "the mean of", "sum": "the sum of", "last": "the last of"}


@dataclass(frozen=True)
class Regular:
    """values: float64 on `index`, NaN where nothing was measured.

    freq: of the file, None where it has none. absent, off_grid: how many stamps did not come, or lie beside the
    calendar; None where there is none.
    """

    index: pd.DatetimeIndex
    values: NDArray[np.floating[Any]]
    freq: str | None
    absent: int | None
    off_grid: int | None
    findings: list[Finding]


def regular(seconds: NDArray[np.int64], values: NDArray[np.float64], asking: Asking) -> Regular:
    """Values on their calendar. seconds: rising, each once. Raises Lesson where there are too few."""
    if len(seconds) < FEWEST:
        raise Lesson(
            f"There {'is one stamp' if len(seconds) == 1 else f'are {len(seconds)} different stamps'} only.",
            f"A series needs at least {FEWEST}.",
            "Choose a longer file, or another column for the time.",
        )
    stamps = pd.DatetimeIndex(seconds.view("datetime64[s]"), copy=False)
    grid = find_grid(stamps)
    if isinstance(grid, Irregular):
        return _resampled(stamps, values, grid, asking)
    return _on_grid(stamps, values, grid, asking.answers)


def _on_grid(stamps: pd.DatetimeIndex, values: NDArray[np.float64], grid: Grid, answers: Mapping[str, str]) -> Regular:
    off = np.asarray(grid.places != stamps)
    if len(grid.index) == len(stamps) and not off.any():  # as most files are: nothing to put in place
        return Regular(grid.index, values, str(grid.index.freqstr), 0, 0, [])
    findings, places = [], seconds_of(grid.places)
    if off.any():
        how = chosen("off_grid", MOVES, answers)
        findings.append(_moved(stamps, off, grid, how))
        if how == "drop":
            places, values = places[~off], values[~off]
        if bool((places[1:] == places[:-1]).any()):
            met = pd.DataFrame({"at": places, "value": values}).groupby("at")["value"].mean()
            places, values = met.index.to_numpy(np.int64), np.array(met, np.float64)
    there = np.searchsorted(seconds_of(grid.index), places)
    aligned, came = np.full(len(grid.index), np.nan), np.zeros(len(grid.index), bool)
    aligned[there], came[there] = values, True
    aligned.flags.writeable = False  # a Series takes it as it is
    absent = grid.index[~came]
    findings += _absent(absent)
    return Regular(grid.index, aligned, str(grid.index.freqstr), len(absent), int(off.sum()), findings)


def _moved(stamps: pd.DatetimeIndex, off: NDArray[np.bool_], grid: Grid, how: str) -> Finding:
    times = int(off.sum())
    places = first(stamps.to_numpy().astype("datetime64[s]").astype(np.int64), off)
    said = f"{count(times, 'One stamp lies', 'stamps lie')} beside the calendar (the first is {moment(places[0])})."
    shared = int(pd.Index(grid.places).duplicated().sum())
    meet = f" {shared:,} of them met another value there; those were averaged." if shared else ""
    were = count(times, "One stamp was", "stamps were")
    done = f"{were} moved to {grid.moved_to}.{meet}" if how == "nearest" else f"{were} left out, beside the calendar."
    return Finding("off_grid", said, times, places, MOVES, how, done)


def _absent(absent: pd.DatetimeIndex) -> list[Finding]:
    if not len(absent):
        return []
    seconds = absent.to_numpy().astype("datetime64[s]").astype(np.int64)
    forward = bool(((absent.day_of_week == 6) & (absent.hour < NIGHT) & absent.month.isin((3, 4, 9, 10))).all())
    clocks = " Clocks are put forward in such hours of a Sunday night." if forward and absent.hour.max() else ""
    if len(absent) == 1:
        said = f"One stamp is not in the file ({moment(absent[0])})"
        return [Finding("gaps", f"{said}.{clocks}", 1, seconds, done=f"{said}; it was put in without a value.")]
    said = f"{len(absent):,} stamps are not in the file (the first is {moment(absent[0])})"
    done = f"{said}; they were put in without a value."
    return [Finding("gaps", f"{said}.{clocks}", len(absent), seconds[:200], done=done)]


def _resampled(stamps: pd.DatetimeIndex, values: NDArray[np.float64], found: Irregular, asking: Asking) -> Regular:
    """Means, sums or last values over a step, as the person says."""
    likely = _likely_step(stamps)
    places = list(STEPS)
    near = places[max(places.index(likely) - 1, 0) :]
    answers = tuple(Answer(f"{kind}:{step}", f"{words} each {step}") for step in near for kind, words in KINDS.items())
    evidence = (
        f"The most common step is {said_step(found.modal)}, and {found.share:.0%} of the steps are that long "
        f"(the first that is not follows {moment(stamps[found.odd])})."
    )
    question = Question(
        "resample", "The stamps are irregular. To which step shall they be brought, and how?", evidence, answers,
        f"mean:{likely}",
    )  # fmt: skip
    kind, step = asking.ask(question).split(":")
    grouped = pd.Series(values, stamps).resample(step)
    merged = grouped.sum(min_count=1) if kind == "sum" else grouped.mean() if kind == "mean" else grouped.last()
    if len(merged) < FEWEST:
        raise Lesson(
            f"At the step {step} there are {len(merged)} values.", f"A series needs {FEWEST}.", "Take a finer one."
        )
    done = f"The stamps are irregular; {KINDS[kind]} each {step} was taken."
    finding = Finding(
        "resample", f"The stamps are irregular. {evidence}", len(stamps), np.empty(0, np.int64), done=done
    )
    index = pd.DatetimeIndex(merged.index.to_numpy().astype("datetime64[s]"), freq=step)
    return Regular(index, merged.to_numpy(np.float64), None, None, None, [finding])


def _likely_step(stamps: pd.DatetimeIndex) -> str:
    seconds = stamps.to_numpy().astype("datetime64[s]").astype(np.int64)
    for step, length in STEPS.items():
        bins = seconds // length
        if len(np.unique(bins)) >= FILLED * (bins[-1] - bins[0] + 1):
            return step
    return "MS"
