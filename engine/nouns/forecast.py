"""Forecast: what a model said at one origin about the values after it. Knows no model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Forecast:
    """Points and intervals ahead, in the unit of the series.

    origin: the stamp of the last value known. index: the `h` stamps after it. point: (h,).
    intervals: by level in percent, such as 90.0, the lower and the upper bound, (h,) each.
    """

    origin: pd.Timestamp
    index: pd.DatetimeIndex
    point: Numbers
    intervals: Mapping[float, tuple[Numbers, Numbers]] = field(default_factory=dict)
