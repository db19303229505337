"""Iterative: one step is forecast, taken for true, and fed back; errors are inherited. Knows no network.

    y_(n+j) = f(y_(n+j-T) ... y_(n+j-1)), with its own forecasts in the place of values that are not known yet

Fed the true past instead, the same model makes its own error at every step and inherits none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.strategies.asked import BATCH, Asked, Numbers, Origins


def iterate(asked: Asked, origins: Origins, true_past: bool = False, batch: int = BATCH) -> Numbers:
    """Forecasts (N, horizon), scaled. true_past: fed the true values that it could not have known.

    Of a model that tells several steps only the first is taken.
    """
    _check(asked)
    T, rows = asked.run.window, asked.rows(origins)
    told = np.empty((len(origins), asked.horizon))
    for j in range(asked.horizon):
        told[:, j] = asked.answer(rows[:, j : j + T], origins - T + j, batch=batch)[:, 0]
        if not true_past:
            rows[:, T + j] = told[:, j]
    return told


@dataclass(frozen=True)
class Fed:
    """What a model was fed at each step of one horizon.

    values: (horizon, T), in the unit of the series. own: whether each was its own forecast.
    """

    values: Numbers
    own: NDArray[np.bool_]


def fed(asked: Asked, origin: int, true_past: bool = False) -> Fed:
    """The window at each step ahead of one origin."""
    T, h, at = asked.run.window, asked.horizon, np.array([origin])
    after = asked.truth(at) if true_past else asked.to_unit(iterate(asked, at), at)
    path = np.append(asked.prepared.series.values[origin - T : origin], after[0])
    places = np.arange(h)[:, None] + np.arange(T)
    return Fed(path[places], (places >= T) & (not true_past))


def _check(asked: Asked) -> None:
    """Raises Lesson where the model would have to be fed a column that nobody knows ahead."""
    unknown = [name for name in asked.run.covariates if name not in asked.run.known_ahead]
    if unknown and asked.horizon > 1:
        raise Lesson(
            f"To go on from its own forecast, the model would need “{unknown[0]}” at times yet to come.",
            "An iterative forecast is fed the value it forecast, and beside it the columns that are known ahead.",
            f"Leave “{unknown[0]}” out, or forecast all steps at once.",
        )
