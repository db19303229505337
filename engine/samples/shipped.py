"""The series that come with statsmodels, read from its folder. Never imports it: that costs a second."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd


def file(dataset: str) -> Path:
    """The CSV file of one of statsmodels' data sets."""
    spec = find_spec("statsmodels")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("statsmodels is not installed")
    return Path(spec.submodule_search_locations[0], "datasets", dataset, f"{dataset}.csv")


def sunspots() -> pd.Series:
    """Yearly, 1700 to 2008."""
    table = pd.read_csv(file("sunspots"))
    return _regular(table["SUNACTIVITY"], f"{table['YEAR'].iloc[0]}-01-01", "YS")


def co2() -> pd.Series:
    """Weekly, Saturdays; 59 weeks are empty."""
    table = pd.read_csv(file("co2"), dtype={"date": str})
    return _regular(table["co2"], table["date"].iloc[0], "W-SAT")


def elnino() -> pd.Series:
    """Monthly; the file has one row a year and one column a month."""
    table = pd.read_csv(file("elnino"), index_col="YEAR")
    return _regular(pd.Series(table.to_numpy().ravel()), f"{table.index[0]}-01-01", "MS")


def _regular(values: pd.Series, start: str, freq: str) -> pd.Series:
    index = pd.date_range(start, periods=len(values), freq=freq, unit="s")
    return pd.Series(values.to_numpy(np.float64), index)
