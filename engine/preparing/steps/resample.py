"""Resample: one value for each hour, day, week, month, quarter or year. A period is made of its own values alone."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step

Floats = NDArray[np.float64]
PERIODS = {"hour": "h", "day": "D", "week": "W-MON", "month": "MS", "quarter": "QS", "year": "YS"}
LENGTHS = {"hour": 1 / 24, "day": 1, "week": 7, "month": 30.4, "quarter": 91.3, "year": 365.2}  # days, roughly


class Resample(Decisions):
    """Decisions of resampling."""

    to: Literal["hour", "day", "week", "month", "quarter", "year"] = "day"
    """One value for each of these; its stamp is the beginning, of weeks the Monday."""
    how: Literal["mean", "sum", "median", "lowest", "highest", "first", "last"] = "mean"
    """What the values of a period become; columns beside become their mean."""
    partly: bool = False
    """Also make a value where some of the period's are missing, out of those that are there."""


def apply(decisions: Resample, series: Series) -> tuple[Series, str]:
    freq = PERIODS[decisions.to]
    _check_coarser(decisions, series)
    beyond = max(0, len(series.covariates.values) - len(series))
    told = pd.DatetimeIndex(series.index.append(series.future(beyond)), freq=series.freq)
    (stamps, starts), (labels, all_starts) = _whole(series.index, freq), _whole(told, freq)
    if len(stamps) < 3:
        raise Lesson(
            f"“{series.name}” has {len(stamps)} whole {decisions.to}s.", "A series needs at least 3.",
            "Choose a shorter period.",
        )  # fmt: skip
    values = _made(series.values, starts, decisions.how, decisions.partly)
    columns = [_made(column, all_starts, "mean", False) for column in series.covariates.values.T]
    table = np.array(columns).T.reshape(len(labels), len(columns)) if columns else np.empty((0, 0))
    beside = Covariates(series.covariates.names, table, series.covariates.known)
    made = dataclasses.replace(series, index=stamps, values=values, covariates=beside)
    return made, (
        f"{len(series):,} values became {len(made):,}, one for each {decisions.to}: the {decisions.how} of its values"
        f"{' that are there' if decisions.partly else ''}. Periods that the series does not cover whole were left out."
    )


def _check_coarser(decisions: Resample, series: Series) -> None:
    step = (series.index[-1] - series.index[0]) / pd.Timedelta(days=1) / max(1, len(series) - 1)
    if LENGTHS[decisions.to] < 1.5 * step:
        raise Lesson(
            f"“{series.name}” has no more than one value for each {decisions.to}.",
            "Resampling makes one value out of several.",
            "Choose a longer period.",
        )


def _whole(index: pd.DatetimeIndex, freq: str) -> tuple[pd.DatetimeIndex, NDArray[np.int64]]:
    """The periods that the stamps cover from beginning to end, and where each begins; one more for where they end."""
    after = (index + index.freq)[-1]  # type: ignore[operator]
    offset = pd.tseries.frequencies.to_offset(freq)
    first = pd.Series(0, index[:1]).resample(freq, closed="left", label="left").size().index[0]
    labels = pd.date_range(first, after + offset, freq=freq).as_unit("s")
    if (index - index.freq)[0] >= labels[0]:  # type: ignore[operator]
        labels = labels[1:]  # values of this one are missing at its beginning
    labels = labels[labels <= after]
    return labels[:-1], index.searchsorted(labels)


def _made(values: Floats, starts: NDArray[np.int64], how: str, partly: bool) -> Floats:
    """One value for each period, out of nothing but its own: pandas' grouped means change in their last bit with
    what is missing in others.
    """
    inside, begins = values[starts[0] : starts[-1]], starts[:-1] - starts[0]
    there = np.isfinite(inside)
    counted = np.add.reduceat(there, begins, dtype=np.int64)
    if how in PICKED:
        known = np.split(inside[there], np.cumsum(counted)[:-1])
        made = np.array([PICKED[how](some) if len(some) else np.nan for some in known])
    else:
        reduce, nothing = REDUCED[how]
        made = reduce.reduceat(np.where(there, inside, nothing), begins)
        made = made / np.maximum(counted, 1) if how == "mean" else made
    return np.where(counted > 0 if partly else counted == np.diff(starts), made, np.nan)


REDUCED: dict[str, tuple[np.ufunc, float]] = {
    "sum": (np.add, 0.0), "mean": (np.add, 0.0), "lowest": (np.minimum, np.inf), "highest": (np.maximum, -np.inf),
}  # fmt: skip
"""All periods at once, and what stands for a missing value."""
PICKED: dict[str, Callable[[Floats], float]] = {
    "median": lambda known: float(np.median(known)),
    "first": lambda known: float(known[0]),
    "last": lambda known: float(known[-1]),
}
"""One period at a time, of the values that are there."""


def suited(series: Series) -> dict[str, Any]:
    """The next period that is longer than a step."""
    step = (series.index[-1] - series.index[0]) / pd.Timedelta(days=1) / max(1, len(series) - 1)
    return {"to": next((name for name, days in LENGTHS.items() if days >= 1.5 * step), "year")}


STEP = Step(
    "resample", "Resample", "One value for each hour, day, week, month, quarter or year.", Resample, apply, suited,
    order=20,
)  # fmt: skip
