"""Values that are suspicious though they are numbers: long constant stretches and outliers. Changes nothing unasked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.reading.finding import Finding, chosen, first, moment
from engine.reading.question import Answer

KEEP, MISSING = Answer("keep", "keep them"), Answer("missing", "take them for missing")
REPAIRS = (KEEP, MISSING)
# A value that comes so many times in a row, where most do not repeat at all, is a stuck meter, no measurement.
STUCK, MOST_REPEATING = 12, 0.3
# How many robust standard deviations (1.4826 median absolute deviations) a value differs from the median around it.
FAR, AROUND = 10.0, 7
FEWEST = 30
PIECE = 50_000


def marked(
    values: NDArray[np.floating[Any]], seconds: NDArray[np.int64], answers: Mapping[str, str]
) -> tuple[NDArray[np.floating[Any]], list[Finding]]:
    """Values with NaN where that was asked for, and what was found."""
    findings: list[Finding] = []
    if len(values) < FEWEST:
        return values, findings
    for id, there, said in (("constant", *_constant(values, seconds)), ("outliers", *_outliers(values, seconds))):
        if there.any():
            how = chosen(id, REPAIRS, answers)
            done = f"{said} They were {'kept' if how == 'keep' else 'taken for missing'}."
            findings.append(Finding(id, said, int(there.sum()), first(seconds, there), REPAIRS, how, done))
            values = np.where(there, np.nan, values) if how == "missing" else values
    return values, findings


def _constant(values: NDArray[np.floating[Any]], seconds: NDArray[np.int64]) -> tuple[NDArray[np.bool_], str]:
    """Where one value is repeated for long, though the series usually changes; zeros apart, which may be nights."""
    same = np.r_[False, values[1:] == values[:-1]]
    none = np.zeros(len(values), bool)
    if same.mean() > MOST_REPEATING:
        return none, ""
    edges = np.flatnonzero(np.diff(np.r_[False, same, False]))  # where repeating begins and ends, in turn
    starts, lengths = edges[::2] - 1, edges[1::2] - edges[::2] + 1
    long = (lengths >= STUCK) & (values[starts] != 0)
    if not long.any():
        return none, ""
    for start, length in zip(starts[long], lengths[long], strict=True):
        none[start : start + length] = True
    longest = int(np.argmax(np.where(long, lengths, 0)))
    stretch = f"{int(lengths[longest]):,} times {values[starts[longest]]:,.6g} from {moment(seconds[starts[longest]])}"
    times = int(long.sum())
    stretches = "One stretch is" if times == 1 else f"{times:,} stretches are"
    return (
        none,
        f"{stretches} constant, though the series usually changes ({'' if times == 1 else 'the longest: '}{stretch}).",
    )


def _apart(values: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """How far each value is from the median of those around it, some thousands at a time; NaN counts as the largest.

    Where there is nothing before or after, the values around are mirrored.
    """
    half, n = AROUND // 2, len(values)
    apart = np.empty(n)
    for at in range(0, n, PIECE):
        piece = slice(at, min(at + PIECE, n))
        mirrored = n - 1 - np.abs(n - 1 - np.abs(np.arange(piece.start - half, piece.stop + half)))
        windows = np.lib.stride_tricks.sliding_window_view(values[mirrored], AROUND)
        apart[piece] = np.abs(values[piece] - np.partition(windows, half, axis=1)[:, half])
    return apart


def _outliers(values: NDArray[np.floating[Any]], seconds: NDArray[np.int64]) -> tuple[NDArray[np.bool_], str]:
    """Single values far from the median of the values around them."""
    apart = _apart(values)
    known = apart[:: max(1, len(apart) // PIECE)]
    known = known[known > 0]  # no NaN is
    spread = 1.4826 * float(np.median(known)) if len(known) else 0.0
    there = apart > FAR * spread if spread else np.zeros(len(values), bool)
    if not there.any():
        return there, ""
    farthest = int(np.argmax(np.where(there, apart, 0)))
    values_far = "One value lies" if there.sum() == 1 else f"{int(there.sum()):,} values lie"
    example = f"{values[farthest]:,.6g} at {moment(seconds[farthest])}"
    return there, f"{values_far} far from those around ({'' if there.sum() == 1 else 'the farthest: '}{example})."
