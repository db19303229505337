"""Stamps out of order, and stamps that come twice: put right, and said. Knows stamps and values, and no calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.finding import Finding, chosen, first, moment
from engine.reading.question import Answer

# Above this share of repeated stamps with different values a file holds several series, not one with slips.
MOST_REPEATED = 0.1
CONFLICTS = (
    Answer("mean", "take their mean"), Answer("first", "keep the first"), Answer("last", "keep the last"),
    Answer("sum", "add them up"),
)  # fmt: skip
# Clocks are set back on a night to Sunday, between midnight and four, in autumn (of either half of the earth).
NIGHT, AUTUMN = 4, (3, 4, 9, 10, 11)


@dataclass(frozen=True)
class Sorted:
    """seconds: rising, each once. values: float64, beside them. repeated: how many rows had a stamp seen before."""

    seconds: NDArray[np.int64]
    values: NDArray[np.float64]
    repeated: int
    in_order: bool
    findings: list[Finding]


def once_each(seconds: NDArray[np.int64], values: NDArray[np.float64], answers: Mapping[str, str]) -> Sorted:
    """Rows in the order of time, with one value for each stamp. Raises Lesson where most stamps are repeated."""
    if bool((seconds[1:] > seconds[:-1]).all()):
        return Sorted(seconds, values, 0, True, [])
    steps = np.diff(seconds)
    findings = _order(seconds, steps)
    in_order = bool((steps >= 0).all())
    if not in_order:
        order = np.argsort(seconds, kind="stable") if not (steps <= 0).all() else np.arange(len(seconds))[::-1]
        seconds, values = seconds[order], values[order]
    repeats = np.r_[False, seconds[1:] == seconds[:-1]]
    repeated = int(repeats.sum())
    if repeated:
        seconds, values, said = _merged(seconds, values, answers)
        findings += said
    return Sorted(seconds, values, repeated, in_order, findings)


def _order(seconds: NDArray[np.int64], steps: NDArray[np.int64]) -> list[Finding]:
    back = steps < 0
    if not back.any():
        return []
    if (steps <= 0).all():
        done = "The newest row came first; the order was turned round."
        return [Finding("order of rows", "The newest row comes first.", int(back.sum()), seconds[:0], done=done)]
    places = first(seconds[1:], back)
    said = f"Rows are not in the order of time: {int(back.sum()):,} times a row is older than the one before it"
    done = "Rows were not in the order of time and were sorted."
    return [Finding("order of rows", f"{said} (the first is {moment(places[0])}).", int(back.sum()), places, done=done)]


def _merged(
    seconds: NDArray[np.int64], values: NDArray[np.float64], answers: Mapping[str, str]
) -> tuple[NDArray[np.int64], NDArray[np.float64], list[Finding]]:
    """One value for each stamp: exact copies are dropped, different values made one as is asked for."""
    groups = np.cumsum(np.r_[True, seconds[1:] != seconds[:-1]]) - 1
    pairs = pd.DataFrame({"group": groups, "value": values})
    copies = pairs.duplicated().to_numpy()
    findings = _copies(seconds, copies)
    seconds, distinct = seconds[~copies], pairs[~copies]
    conflicting = distinct["group"].duplicated().to_numpy()
    starts = np.r_[True, seconds[1:] != seconds[:-1]]
    if not conflicting.any():
        return seconds[starts], distinct["value"].to_numpy(), findings
    stamps = np.unique(seconds[conflicting])
    if conflicting.sum() > MOST_REPEATED * len(distinct):
        _refuse_stacked(len(distinct) / starts.sum(), stamps)
    how = chosen("conflicts", CONFLICTS, answers)
    grouped = distinct.groupby("group")["value"]
    merged = grouped.agg(how) if how != "sum" else grouped.sum(min_count=1)
    findings.append(_conflicts(stamps, how))
    return seconds[starts], merged.to_numpy(np.float64), findings


def _copies(seconds: NDArray[np.int64], copies: NDArray[np.bool_]) -> list[Finding]:
    times = int(copies.sum())
    if not times:
        return []
    places = first(seconds, copies)
    rows = "One row is an exact copy of another" if times == 1 else f"{times:,} rows are exact copies of others"
    dropped = (
        "One row is an exact copy of another and was" if times == 1 else f"{times:,} rows are exact copies and were"
    )
    done = f"{dropped} dropped."
    return [Finding("copies", f"{rows} (the first at {moment(places[0])}).", times, places, done=done)]


def _conflicts(stamps: NDArray[np.int64], how: str) -> Finding:
    times = len(stamps)
    occur = "One stamp occurs" if times == 1 else f"{times:,} stamps occur"
    when = f"(the first is {moment(stamps[0])})"
    clocks = " Clocks are set back in such hours of a Sunday night." if _set_back(stamps) else ""
    words = {"mean": "averaged", "first": "made one by keeping the first", "last": "made one by keeping the last"}
    done = f"{occur} more than once with different values {when}; they were {words.get(how, 'added up')}."
    return Finding(
        "conflicts",
        f"{occur} more than once with different values {when}.{clocks}",
        times,
        stamps,
        CONFLICTS,
        how,
        done,
    )


def _set_back(stamps: NDArray[np.int64]) -> bool:
    index = pd.DatetimeIndex(stamps.astype("datetime64[s]"))
    night = (index.day_of_week == 6) & (index.hour < NIGHT) & index.month.isin(AUTUMN)
    return bool(night.all())


def _refuse_stacked(times: float, stamps: NDArray[np.int64]) -> None:
    raise Lesson(
        f"Stamps occur {times:.1f} times each with different values (the first is {moment(stamps[0])}).",
        "A series has one value for each stamp; this file seems to hold several series, one below the other.",
        "Keep the rows of one series, or choose another column for the time.",
    )
