"""Outliers: values far from the median of those before them, in their place of the season. Sees nothing after a value.

Hampel's identifier (Hampel 1974) over a trailing window: x is an outlier where |x - median| > threshold * 1.4826 * MAD.
The median is of the values at the same step of the seasons before, so that a Sunday is compared with Sundays; the MAD
is the median, over all steps of those seasons, of how far each value lay from its own.
"""

from __future__ import annotations

import dataclasses
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step
from engine.reading.filling import moment

NORMAL = 1.4826  # the deviation of a normal distribution over its MAD
MANY = 30  # values before, where no season tells which of them to look at


class Outliers(Decisions):
    """Decisions of what is an outlier."""

    threshold: float = Field(5.0, gt=0)
    """How many deviations from the median of the values before it."""
    window: int = Field(9, ge=5, le=500)
    """How many values before it are looked at, each one season before the next."""
    seasonal: bool = True
    """Whether they are those at the same step of the season, or simply the last ones."""
    become: Literal["missing", "median", "limit"] = "missing"
    """What an outlier becomes: missing, the median of the values before it, or the nearest value that is none."""


def apply(decisions: Outliers, series: Series) -> tuple[Series, str]:
    values = np.array(series.values)
    period = series.period if decisions.seasonal else 1
    middle, reach = _usual(values, decisions, period)
    with np.errstate(invalid="ignore"):
        far = (np.abs(values - middle) > reach) & (reach > 0)
    instead = {"median": middle, "limit": middle + np.sign(values - middle) * reach}
    values[far] = instead.get(decisions.become, np.full(len(values), np.nan))[far]
    if not far.any():
        return dataclasses.replace(series, values=values), "No value is an outlier by this rule."
    first = moment(series.index[int(np.argmax(far))])
    became = {"missing": "are now missing", "median": "became that median", "limit": "became that limit"}
    which = " at the same step of the season" if period > 1 else ""
    return dataclasses.replace(series, values=values), (
        f"{int(far.sum()):,} values lie more than {decisions.threshold:g} deviations from the median of the "
        f"{decisions.window} before{which} (the first at {first}) and {became[decisions.become]}."
    )


def _usual(
    values: NDArray[np.float64], decisions: Outliers, period: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The median of the values before each, and how far from it is not yet an outlier; NaN at the start."""
    n, half = len(values), -(-decisions.window // 2)
    table = np.full(-(-n // period) * period, np.nan)
    table[:n] = values
    seasons = pd.DataFrame(table.reshape(-1, period))  # one row each
    middle = seasons.rolling(decisions.window, min_periods=half).median().shift(1).to_numpy(np.float64).ravel()[:n]
    lay = pd.Series(np.abs(values - middle)).rolling(decisions.window * period, min_periods=half).median().shift(1)
    return middle, np.asarray(lay * NORMAL * decisions.threshold, np.float64)


def suited(series: Series) -> dict[str, Any]:
    """More values where there is no season; fewer where few seasons are there."""
    if series.period == 1:
        return {"window": max(5, min(MANY, len(series) // 3))}
    return {"window": max(5, min(9, len(series) // series.period // 2))}


STEP = Step("outliers", "Handle outliers", "Values far from those before them.", Outliers, apply, suited, order=40)
