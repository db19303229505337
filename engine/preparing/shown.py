"""One window as a network is shown it, in raw units and scaled. Says in numpy what engine/training/windows.py does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.preparing.prepare import Prepared

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shown:
    """The window that begins at value `start`, T long, and its horizon, h long; NaN beyond the end of the series.

    raw, target: (T,) and (h,) in the unit of the series. inputs: (T, F), the values first, then the columns beside.
    wanted: (h,), what it is to forecast, scaled. known: (h, K), columns told of the horizon.
    """

    start: int
    stamps: pd.DatetimeIndex
    raw: Floats
    target: Floats
    inputs: Floats
    wanted: Floats
    known: Floats


def window(prepared: Prepared, start: int) -> Shown:
    """Raises Lesson where no window begins there."""
    run, series = prepared.run, prepared.series
    T, h, n = run.window, run.horizon, len(series)
    lost = prepared.learned.differences.lost
    if not lost <= start <= n - T:
        raise Lesson(
            f"No window begins at value {start}.",
            f"A window has {T} of the {n} values" + (f", and the first {lost} have no difference." if lost else "."),
            f"Choose a start from {lost} to {n - T}.",
        )
    stamps = pd.DatetimeIndex(series.index.append(series.future(h)))[start : start + T + h]
    unknown = np.full(h, np.nan)
    raw, scaled = (np.append(values, unknown)[start : start + T + h] for values in (series.values, prepared.scaled))
    level = scaled[T - 1] if run.anchor == "change" else 0.0
    beside = prepared.covariates[start : start + T + h]
    told = [run.covariates.index(name) for name in run.known_ahead]
    inputs = np.column_stack([scaled[:T] - level, beside[:T]])
    return Shown(start, stamps, raw[:T], raw[T:], inputs, scaled[T:] - level, beside[T:, told])
