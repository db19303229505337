"""Calendar: columns beside the series that are known ahead: day type, weekday, month, hour, holidays. Sees no value."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import Field

from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.preparing.steps.contract import Step

AHEAD = 1000  # steps beyond the end, as far as any run forecasts
Columns = dict[str, NDArray[np.float64]]


class Calendar(Decisions):
    """Decisions of what is told of each moment."""

    day_type: bool = True
    """Three columns, one of them 1: weekday, Saturday, Sunday or holiday."""
    weekday: bool = False
    """Seven columns, one of them 1."""
    month: bool = False
    """Sine and cosine of the time of year, so that December lies beside January."""
    hour: bool = False
    """Sine and cosine of the time of day, so that 23 lies beside 0."""
    country: str = Field("", max_length=40, pattern=r"^$|^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,10})?$")
    """Public holidays of this country, such as US, DE-BY or AU-VIC, as a column of their own; nothing is none."""


def apply(decisions: Calendar, series: Series) -> tuple[Series, str]:
    """Columns of the same names are replaced. The old ones keep what is known of them beyond the end."""
    stamps = pd.DatetimeIndex(series.index.append(series.future(AHEAD)))
    columns = _columns(decisions, stamps, series.index)
    if not columns:
        raise Lesson("Nothing was chosen of the calendar.", "Each choice is a column beside the series.", "Choose one.")
    others = [name for name in series.covariates.names if name not in columns]
    table = np.column_stack([series.covariates.take(others, len(stamps)), *columns.values()])
    known = (*(name in series.covariates.known_among(others) for name in others), *[True] * len(columns))
    beside = Covariates((*others, *columns), table, known)
    said = f"{', '.join(columns)}: told of every step and of the {AHEAD:,} after the last."
    return dataclasses.replace(series, covariates=beside), said


def _columns(decisions: Calendar, stamps: pd.DatetimeIndex, index: pd.DatetimeIndex) -> Columns:
    found: dict[str, Any] = {}
    days = decisions.day_type or decisions.weekday or decisions.country.strip()
    if days and _step(index) > pd.Timedelta(days=1.5):
        raise Lesson(
            "A step of this series is longer than a day.",
            "Weekdays and holidays are told of days, or of parts of them.",
            "Choose the time of year alone.",
        )
    if decisions.hour and _step(index) > pd.Timedelta(hours=12):
        raise Lesson(
            "A step of this series is half a day or longer.", "The time of day would always be the same.",
            "Leave it out.",
        )  # fmt: skip
    holiday = _holidays(decisions.country.strip(), stamps)
    if decisions.day_type:
        rest = (stamps.day_of_week == 6) | holiday
        saturday = (stamps.day_of_week == 5) & ~rest
        found |= {"weekday": ~rest & ~saturday, "Saturday": saturday, "Sunday or holiday": rest}
    if decisions.country.strip():
        found["holiday"] = holiday
    if decisions.weekday:
        found |= {name: stamps.day_of_week == day for day, name in enumerate(DAYS)}
    if decisions.month:
        found |= _circle("year", (stamps.day_of_year - 1 + stamps.hour / 24) / 365.25)
    if decisions.hour:
        found |= _circle("day", (stamps.hour + stamps.minute / 60) / 24)
    return {name: np.asarray(column, np.float64) for name, column in found.items()}


DAYS = ("is Monday", "is Tuesday", "is Wednesday", "is Thursday", "is Friday", "is Saturday", "is Sunday")


def _circle(of: str, turn: Any) -> Columns:
    angle = 2 * np.pi * np.asarray(turn, np.float64)
    return {f"time of {of}, sine": np.sin(angle), f"time of {of}, cosine": np.cos(angle)}


def _step(index: pd.DatetimeIndex) -> pd.Timedelta:
    return pd.Timedelta((index[-1] - index[0]) / max(1, len(index) - 1))


def _holidays(country: str, stamps: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Which stamps lie on a public holiday. Raises Lesson for a country that is not known."""
    if not country:
        return np.zeros(len(stamps), bool)
    import holidays  # 0.1 s, for those who ask

    name, _, part = country.upper().partition("-")
    try:
        found = holidays.country_holidays(name, subdiv=part or None, years=range(stamps[0].year, stamps[-1].year + 1))
    except NotImplementedError as error:
        raise Lesson(
            f"No holidays are known of “{country}”.",
            "A country is written in two letters, such as US or FR, and a part of it after a dash, such as DE-BY.",
            "Choose another, or none.",
        ) from error
    return np.asarray(stamps.normalize().isin(pd.DatetimeIndex(sorted(found))))


def suited(series: Series) -> dict[str, Any]:
    """What changes from step to step."""
    step = _step(series.index)
    daily = step < pd.Timedelta(days=1.5)
    return {"day_type": daily, "month": not daily, "hour": step <= pd.Timedelta(hours=12)}


STEP = Step(
    "calendar", "Add the calendar", "Columns that are known ahead: day type, time of year and day, holidays.",
    Calendar, apply, suited, order=60,
)  # fmt: skip
