"""Fill: what stands where a value is missing. Looks at nothing after a gap, save a straight line, which says so."""

from __future__ import annotations

import dataclasses
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step
from engine.preparing.steps.moments import moment_of
from engine.reading.filling import moment

Floats = NDArray[np.float64]
How = Literal["last value", "season before", "mean so far", "straight line", "zero"]


class Fill(Decisions):
    """Decisions of what missing values become."""

    how: How = "last value"
    """The last value before the gap, the value one season before, the mean of all before, a straight line to the value
    after the gap, or zero."""
    until: str = ""
    """For a straight line: gaps that close before this moment, the end of the training part; later ones carry the last
    value on, so that no forecast sees what came after."""


def apply(decisions: Fill, series: Series) -> tuple[Series, str]:
    """The columns beside are filled as well; what is missing before the first value is left out."""
    missing = ~np.isfinite(series.values)
    if missing.all():
        raise Lesson("Every value is missing.", "A gap is filled from the values around it.", "Choose another column.")
    start = 0 if decisions.how == "zero" else int(np.argmin(missing))
    until = len(series)
    if decisions.how == "straight line":
        if not decisions.until.strip():
            raise Lesson(
                "A straight line looks at the value after the gap.",
                "It may not look past the end of the training part.",
                "Say until when it may look.",
            )
        until = int(series.index.searchsorted(moment_of(decisions.until)))
    period, n = series.period, len(series)
    values = _filled(series.values, decisions.how, period, until)[start:]
    beside = series.covariates
    if len(beside):
        known = np.array(beside.values)
        known[:n] = np.array([_filled(column, decisions.how, period, until) for column in known[:n].T]).T
        beside = Covariates(beside.names, known, beside.known).part(start, n)
    filled = dataclasses.replace(series, index=series.index[start:], values=values, covariates=beside)
    return filled, _said(decisions, series, missing, start)


def _said(decisions: Fill, series: Series, missing: NDArray[np.bool_], start: int) -> str:
    left_out = f" The first {start:,} have nothing before them and were left out." if start else ""
    count = int(missing[start:].sum())
    if not count:
        return "No value between the first and the last is missing." + left_out
    first = moment(series.index[start + int(np.argmax(missing[start:]))])
    words = {
        "last value": "the last value before the gap", "season before": "the value one season before",
        "mean so far": "the mean of all values before", "zero": "zero",
        "straight line": f"a straight line, or from {decisions.until} on the last value",
    }  # fmt: skip
    missing_said = f"{count:,} of {len(series):,} values were missing (the first at {first})"
    return f"{missing_said}; each became {words[decisions.how]}.{left_out}"


def _filled(values: Floats, how: How, period: int, until: int) -> Floats:
    seen = pd.Series(values)
    if how == "zero":
        filled = seen.fillna(0.0)
    elif how == "mean so far":
        filled = seen.fillna(seen.expanding().mean())
    elif how == "season before":
        filled = pd.Series(_from_the_season_before(np.array(values), period)).ffill()
    elif how == "straight line":
        head = seen[:until].interpolate("linear", limit_area="inside")  # only between two known values
        filled = pd.concat([head, seen[until:]]).ffill()
    else:
        filled = seen.ffill()
    return np.asarray(filled, np.float64)


def _from_the_season_before(values: Floats, period: int) -> Floats:
    for place in np.flatnonzero(~np.isfinite(values)):
        values[place] = values[place - period] if place >= period else np.nan
    return values


def settled(decisions: Fill) -> pd.Timestamp | None:
    return moment_of(decisions.until) if decisions.how == "straight line" else None


STEP = Step("fill", "Fill gaps", "What stands where a value is missing.", Fill, apply, settled=settled, order=50)
