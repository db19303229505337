"""The series anyone can start with, and where each comes from. Knows no page and no model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.errors import Lesson
from engine.nouns.series import Series
from engine.reading.filling import Fill, fill_missing
from engine.samples import shipped
from engine.samples.air_passengers import THOUSANDS


@dataclass(frozen=True)
class Sample:
    """One series to start with. sentence: what is to be seen in it. load: its values on their calendar."""

    name: str
    title: str
    sentence: str
    source: str
    unit: str
    load: Callable[[], pd.Series]


def _air_passengers() -> pd.Series:
    index = pd.date_range("1949-01-01", periods=len(THOUSANDS), freq="MS", unit="s")
    return pd.Series(np.array(THOUSANDS, np.float64), index)


SAMPLES = (
    Sample(
        "AirPassengers",
        "Airline passengers",
        "A rising trend and a summer peak that grows with it: the classic first series.",
        "Box and Jenkins, Time Series Analysis, 1970, series G",
        "thousand passengers",
        _air_passengers,
    ),
    Sample(
        "sunspots",
        "Sunspots",
        "Cycles of about eleven years, uneven in height and length, since 1700.",
        "National Geophysical Data Center, shipped with statsmodels",
        "sunspot number",
        shipped.sunspots,
    ),
    Sample(
        "co2",
        "CO₂ at Mauna Loa",
        "A steady climb with a yearly breath, week by week, and 59 weeks without a measurement.",
        "Keeling and Whorf, 2004, Carbon Dioxide Information Analysis Center, shipped with statsmodels",
        "ppmv",
        shipped.co2,
    ),
    Sample(
        "elnino",
        "El Niño",
        "Pacific surface temperature: a firm yearly season, broken by warm years that come when they like.",
        "NOAA, ERSST.V3B, Niño 1+2, shipped with statsmodels",
        "°C",
        shipped.elnino,
    ),
)


def samples() -> dict[str, Sample]:
    """Every sample by its name, the first one first to be tried."""
    return {sample.name: sample for sample in SAMPLES}


def sample(name: str, fill: Fill = "forward") -> Series:
    """The sample as a Series, its gaps filled as asked. Raises Lesson where there is none of that name."""
    if name not in samples():
        raise Lesson(
            f"There is no sample called “{name}”.",
            f"The samples are {', '.join(samples())}.",
            "Choose one of them.",
        )
    chosen = samples()[name]
    values, repairs = fill_missing(chosen.load(), fill)
    return Series(name, pd.DatetimeIndex(values.index), values.to_numpy(np.float64), chosen.unit, tuple(repairs))
