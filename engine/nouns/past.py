"""The past of a series as it was known at an origin: what a forecaster may see, and no more. Knows no forecaster."""

from __future__ import annotations

import dataclasses

import numpy as np

from engine.nouns.covariates import Covariates
from engine.nouns.series import Series


def past(series: Series, origin: int, ahead: int) -> Series:
    """The first `origin` values, and of the columns beside them those known `ahead` steps beyond.

    Columns that are not known ahead end with the values. Nothing of it shares memory with what came later.
    """
    beside = series.covariates
    if len(beside):
        rows = beside.values[: origin + ahead].copy()
        rows[origin:, [not known for known in beside.known]] = np.nan
        beside = Covariates(beside.names, rows, beside.known)
    return dataclasses.replace(series, index=series.index[:origin], values=series.values[:origin], covariates=beside)
