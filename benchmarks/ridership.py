"""Chicago ridership by the book's recipe and by our own recommendation: `python -m benchmarks.ridership [NAME ...]`.

Each figure is a validation MAE, the median of five seeds, beside what the book printed. Needs the file in the shared
data folder; trains for minutes.
"""

from __future__ import annotations

import sys
import time

import numpy as np
import pandas as pd

from engine.forecasters.networks import best
from engine.kernels.path import make_ready
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series
from engine.recipes.book import RECIPES, as_book, decided
from engine.recipes.scoring import score
from engine.training import device
from tests.makers import SHARED

FILE = SHARED / "ageron_data" / "CTA_-_Ridership_-_Daily_Boarding_Totals.csv"
SEEDS = range(5)
VALIDATION = 151  # days, 2019-01-01 to 2019-05-31
PUBLISHED = {
    "one unit": 102_786.95, "univariate": 29_014.97, "deep": 31_211.02, "multivariate": 22_062.30, "direct": 35_017.30,
    "seq2seq": 45_928.88,
}  # fmt: skip


def ridership(first: str = "2016-01-01", last: str = "2019-05-31", ahead: int = 28) -> Series:
    """Rail boardings a day; beside them bus boardings, and the kind of day, which is known ahead."""
    table = pd.read_csv(FILE, parse_dates=["service_date"]).drop_duplicates().sort_values("service_date")
    table = table.set_index("service_date").asfreq("D")
    beyond = table.index.get_loc(pd.Timestamp(last)) + 1 + ahead
    table = table.iloc[table.index.get_loc(pd.Timestamp(first)) : beyond]
    kinds = pd.get_dummies(table["day_type"], prefix="day_type", dtype=float)
    beside = pd.concat([table["bus"].astype(float), kinds], axis=1)
    n = len(table) - ahead
    values = beside.to_numpy(copy=True)
    values[n:, 0] = np.nan  # nobody knows tomorrow's buses
    known = tuple(name != "bus" for name in beside.columns)
    rail = table["rail_boardings"].to_numpy(float)[:n]
    return Series("rail", table.index[:n], rail, "boardings", covariates=Covariates(tuple(beside), values, known))


def book(names: list[str]) -> None:
    """Each recipe of the chapter, as it stands there."""
    series = as_book(ridership())
    for name in names:
        began = time.perf_counter()
        scores = [trained(series, name, seed) for seed in SEEDS]
        median = sorted(scores, key=lambda one: one.mean)[len(scores) // 2]
        steps = "" if len(median.errors) == 1 else f"  +1 {_median(scores, 0):,.0f}  +14 {_median(scores, -1):,.0f}"
        spread = " ".join(f"{one.mean:,.0f}" for one in scores)
        print(
            f"{name:14} {np.median([one.mean for one in scores]):10,.0f}  book {PUBLISHED[name]:10,.0f}  "
            f"naive {median.naive.mean():,.0f}{steps}  ({spread}; {time.perf_counter() - began:.0f} s)",
            flush=True,
        )


def trained(series: Series, name: str, seed: int):
    run = decided(series, name, VALIDATION, seed)
    return score(run, series, best(run, series))


def _median(scores, step: int) -> float:
    return float(np.median([one.errors[step] for one in scores]))


if __name__ == "__main__":
    make_ready()
    device.settle("plain")
    book(sys.argv[1:] or list(RECIPES))
