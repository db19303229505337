"""Do 90 % intervals hold 90 %? `python -m benchmarks.coverage`

The last 1,200 values of vic_electricity (half hours) and of nyc_taxi (half hours), each forecast one step ahead from
everything before it by forecasters that were fitted once, before the first of them. Adaptive conformal intervals from
the errors seen by then; the first nine have none. It needs the shared data, and says so.

2026-11-24: vic_electricity last value .910, seasonal naive .912, Theta .898, ETS .896, their averages .898; nyc_taxi
.903, .895, .902, .899, .902. By chance .882 to .917.
"""

from __future__ import annotations

import os
import sys
import tempfile

import numpy as np

from engine.comparing import conformal
from engine.comparing.board import said
from engine.comparing.metrics import inside
from engine.comparing.plan import plan
from engine.comparing.rolled import rolled
from engine.comparing.running import run
from engine.nouns.series import Series
from engine.opening import series_of
from tests.makers import SHARED

FILES = {
    "vic_electricity": (SHARED / "skforecast_datasets" / "vic_electricity.csv", "Demand"),
    "nyc_taxi": (SHARED / "NAB" / "nyc_taxi.csv", "value"),
}
ORIGINS = 1_200
LEVEL = 90.0


def measured(series: Series, models: list[str]) -> None:
    chosen = plan(series, models, 1, ORIGINS, 1, refit=0, seeds=1)
    for event in run(series, chosen):
        if event.state == "failed":
            print(f"  failed: {event.message}")
    found = rolled(series, chosen)
    for name in found.whole:
        within = inside(said(found, name, (), LEVEL))
        count = int(np.isfinite(within).sum())
        low, high = conformal.band(count, LEVEL)
        share = np.nanmean(within)
        chance = f"by chance {low:.3f} to {high:.3f}"
        print(f"  {name:16} {share:.3f} of {count:,} ({chance})   MAE {found.loss(name).mean():,.1f}", flush=True)


def main() -> None:
    models = sys.argv[1].split(",") if len(sys.argv) > 1 else ["last_value", "seasonal_naive", "theta", "ets"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNROLLED_RUNS"] = folder
        for name, (file, column) in FILES.items():
            if not file.exists():
                print(f"{name}: the file is not there")
                continue
            series = series_of(str(file), column)
            print(f"{name}: {len(series):,} values, season of {series.period}")
            measured(series, models)


if __name__ == "__main__":
    main()
