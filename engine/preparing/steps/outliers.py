"""Outliers: values far from the median of those before them. Looks at nothing after a value.

Hampel's identifier (Hampel 1974) over a trailing window: x is an outlier where |x - median| > threshold * 1.4826 * MAD;
the MAD is the median, over the same window, of how far each value lay from the median before it.
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
SEASONS, SHORTEST, LONGEST = 3, 15, 1000  # of the window that suits a series


class Outliers(Decisions):
    """Decisions of what is an outlier."""

    threshold: float = Field(5.0, gt=0)
    """How many deviations from the median of the values before it."""
    window: int = Field(30, ge=5, le=5000)
    """How many values before it are looked at."""
    become: Literal["missing", "median", "limit"] = "missing"
    """What an outlier becomes: missing, the median of the values before it, or the nearest value that is none."""


def apply(decisions: Outliers, series: Series) -> tuple[Series, str]:
    values = np.array(series.values)
    middle, reach = _usual(values, decisions)
    with np.errstate(invalid="ignore"):
        far = (np.abs(values - middle) > reach) & (reach > 0)
    instead = {"median": middle, "limit": middle + np.sign(values - middle) * reach}
    values[far] = instead.get(decisions.become, np.full(len(values), np.nan))[far]
    if not far.any():
        return dataclasses.replace(series, values=values), "No value is an outlier by this rule."
    first = moment(series.index[int(np.argmax(far))])
    became = {"missing": "are now missing", "median": "became that median", "limit": "became that limit"}
    return dataclasses.replace(series, values=values), (
        f"{int(far.sum()):,} values lie more than {decisions.threshold:g} deviations from the median of the "
        f"{decisions.window} before (the first at {first}) and {became[decisions.become]}."
    )


def _usual(values: NDArray[np.float64], decisions: Outliers) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The median of the values before each, and how far from it is not yet an outlier; NaN at the start."""

    def before(of: pd.Series[float]) -> pd.Series[float]:
        return of.rolling(decisions.window, min_periods=-(-decisions.window // 2)).median().shift(1)

    seen = pd.Series(values)
    middle = before(seen)
    reach = before((seen - middle).abs()) * NORMAL * decisions.threshold
    return np.asarray(middle, np.float64), np.asarray(reach, np.float64)


def suited(series: Series) -> dict[str, Any]:
    """A window of whole seasons."""
    seasons = max(SEASONS, -(-SHORTEST // series.period))
    return {"window": int(min(LONGEST, seasons * series.period, max(5, len(series) // 3)))}


STEP = Step("outliers", "Handle outliers", "Values far from those before them.", Outliers, apply, suited, order=40)
