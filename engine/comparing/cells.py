"""Cells computed, and kept on disk so that none is ever computed twice. One npz file each; nothing is pickled."""

from __future__ import annotations

import os
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from engine import runs
from engine.comparing.plan import Cell
from engine.forecasting import forecaster
from engine.nouns.forecast import Numbers
from engine.nouns.past import past
from engine.nouns.series import Series

Arrays = Mapping[str, Numbers]
"""point: (folds, H). lower/90.0, upper/90.0: the same, where the forecaster has intervals of its own."""


def compute(series: Series, cell: Cell) -> Arrays:
    """Fit on the past of the first origin, forecast at each. Raises the forecaster's Lesson.

    Of the series, only pasts are shown to the forecaster.
    """
    fit = forecaster(cell.model).fit
    fitted = fit(past(series, cell.origins[0], cell.horizon), cell.horizon, cell.seed)
    said = [fitted.forecast(past(series, o, cell.horizon), cell.horizon, cell.levels) for o in cell.origins]
    found: dict[str, Numbers] = {"point": np.stack([one.point for one in said])}
    for level in cell.levels:
        if all(level in one.intervals for one in said):
            for side, name in enumerate(("lower", "upper")):
                found[f"{name}/{level}"] = np.stack([one.intervals[level][side] for one in said])
    return found


def file(key: str) -> Path:
    """Where a cell is kept: beside the runs."""
    return runs.folder() / "cells" / key[:2] / f"{key}.npz"


def read(key: str) -> Arrays | None:
    """The cell of that name, or None where it is not there, or not whole."""
    try:
        with file(key).open("rb") as opened, np.load(opened, allow_pickle=False) as arrays:
            return dict(arrays)
    except (OSError, ValueError, zipfile.BadZipFile):
        return None


def keep(key: str, arrays: Arrays) -> None:
    """Put a cell there, whole or not at all."""
    path = file(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as draft:
        np.savez(draft, **arrays)  # type: ignore[arg-type]
    os.replace(draft.name, path)
