"""Other columns of the same file, put beside a series on its own calendar. Knows no file."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from engine.nouns.covariates import Covariates
from engine.nouns.series import Series

LONGEST = 1000  # steps beyond the end, as far as any run forecasts


def beside(series: Series, others: Mapping[str, Series], known: Collection[str]) -> Series:
    """The series with the values of `others` at its own stamps; those of `known` go on beyond its end where they do.

    A stamp that another column does not have is missing there.
    """
    if not others:
        return dataclasses.replace(series, covariates=Covariates())
    last = max([series.index[-1], *(other.index[-1] for name, other in others.items() if name in known)])
    stamps = pd.DatetimeIndex(series.index.append(series.future(LONGEST)))
    stamps = stamps[: int(stamps.searchsorted(last, side="right"))]
    columns = [pd.Series(other.values, other.index).reindex(stamps) for other in others.values()]
    table = np.array(columns, np.float64).T
    unknown = [name not in known for name in others]
    table[len(series) :, unknown] = np.nan
    joined = Covariates(tuple(others), table, tuple(not one for one in unknown))
    said = f"Beside it stand {', '.join(f'“{name}”' for name in others)}, as they are in the file."
    return dataclasses.replace(series, covariates=joined, repairs=(*series.repairs, said))
