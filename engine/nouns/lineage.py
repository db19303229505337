"""Lineage: the Run and the Series that an update was made under, through any number of forks. Knows no file."""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

from engine.nouns.run import Run
from engine.nouns.series import Series


def made_under(run: Run, series: Series, step: int) -> tuple[Run, Series]:
    """Who decided the update `step` of this run: up to the fork its parent, with the series as that one had it."""
    while run.parent is not None and run.forked_at is not None and step <= run.forked_at:
        run, series = run.parent, dataclasses.replace(series, values=before(run, series.values))
    return run, series


def before(run: Run, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of the series as they were in the run's parent."""
    values = np.array(values)
    for change in run.changed:
        if change.what == "value":
            values[change.index] = change.was
    return values


def first(run: Run, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The values of the series as they were before any fork."""
    while run.parent is not None:
        run, values = run.parent, before(run, values)
    return values
