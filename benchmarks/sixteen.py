"""The series that order searches are compared on, with their periods. Measures nothing.

From statsmodels' package, the shared folder beside the repository, and (austres, heartrate) pmdarima's package in the
peers' environment; synthetic days as in benchmarks.measuring.
"""

from __future__ import annotations

import csv
import importlib.util
import re
from pathlib import Path

import numpy as np

from benchmarks.measuring import daily
from engine.samples import sample
from tests.makers import SHARED

Values = np.ndarray


def column(file: str, name: str) -> Values:
    with (SHARED / file).open() as rows:
        return np.array([float(row[name]) for row in csv.DictReader(rows)])


def macro(name: str) -> Values:
    spec = importlib.util.find_spec("statsmodels")
    assert spec
    assert spec.submodule_search_locations
    with Path(spec.submodule_search_locations[0], "datasets/macrodata/macrodata.csv").open() as rows:
        return np.array([float(row[name]) for row in csv.DictReader(rows)])


def of_pmdarima(environment: Path, name: str) -> Values:
    (source,) = environment.glob(f"lib/python*/site-packages/pmdarima/datasets/{name}.py")
    numbers = re.search(r"rslt = np\.array\(\[(.*?)\]\)", source.read_text(), re.DOTALL)
    assert numbers
    return np.array([float(n) for n in numbers.group(1).split(",") if n.strip()])


def co2_by_month() -> Values:
    series = sample("co2", "line")
    months = series.index.to_period("M")
    return np.array([series.values[months == month].mean() for month in months.unique()])


def sixteen(environment: Path) -> dict[str, tuple[Values, int]]:
    air = sample("AirPassengers").values
    darts = "darts_datasets"
    return {
        "airpassengers": (air, 12),
        "log air": (np.log(air), 12),
        "wineind": (column(f"{darts}/wineind.csv", "Y"), 12),
        "woolyrnq": (column(f"{darts}/woolyrnq.csv", "Y"), 4),
        "sunspots": (sample("sunspots").values, 1),
        "lynx": (column("Rdatasets/lynx.csv", "value"), 1),
        "heartrate": (of_pmdarima(environment, "heartrate"), 1),
        "austres": (of_pmdarima(environment, "austres"), 4),
        "ausbeer": (column(f"{darts}/ausbeer.csv", "Y"), 4),
        "nile": (column("Rdatasets/Nile.csv", "value"), 1),
        "co2": (co2_by_month(), 12),
        "elnino": (sample("elnino").values, 12),
        "realgdp": (macro("realgdp"), 4),
        "unemp": (macro("unemp"), 4),
        "daily 400": (daily(400).to_numpy(), 7),
        "daily 1,000": (daily(1000).to_numpy(), 7),
    }


def large() -> dict[str, tuple[Values, int]]:
    return {"daily 7,000": (daily(7000).to_numpy(), 7), "hourly 1,000": (hourly(1000), 24)}


def hourly(points: int) -> Values:
    """A synthetic series with a day, a week and noise that remembers."""
    chance, t = np.random.default_rng(1), np.arange(points)
    noise = chance.normal(size=points)
    for n in range(1, points):
        noise[n] += 0.8 * noise[n - 1]
    return np.asarray(100 + 10 * np.sin(2 * np.pi * t / 24) + 4 * np.sin(2 * np.pi * t / 168) + noise)
