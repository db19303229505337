"""How good are SARIMA's forecasts where the order is searched? `python -m benchmarks.m3 [first row]`

M3 monthly, every 24th series from the first (60), the last 18 values held out: mean MASE (m = 12, scale from what
comes before), coverage of the 90 % intervals, and seconds of a search and its forecast. Then an hourly series of 700
points with a day in it. It needs the M3 competition's file, and says so.

Measured 2026-11-24, 2 cores (Zen 5), busy neighbours: MASE .788, 90 % intervals hold .877, 0.21 s median, 1.15 s at
most; the airline model for all .906 and .858. 700 hours: 0.24 s. Rows from the 6th: .823 and .852; from the 13th: .732
and .902. All 1,428: .842 and .865.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from benchmarks.sixteen import hourly
from engine.comparing.metrics import scales
from engine.forecasting import forecaster
from engine.kernels import path
from engine.nouns.past import past
from engine.nouns.series import Series
from tests import m3


def judged(series: Series, horizon: int, name: str) -> tuple[float, float, float]:
    """MASE, the share inside the 90 % interval, and seconds on the wall."""
    history, truth = past(series, len(series) - horizon, horizon), series.values[-horizon:]
    begin = time.perf_counter()
    said = forecaster(name).fit(history, horizon, 0).forecast(history, horizon, [90.0])
    seconds = time.perf_counter() - begin
    low, high = said.intervals[90.0]
    scale, _ = scales(history.values, 12)
    return float(np.abs(said.point - truth).mean() / scale), float(((low <= truth) & (truth <= high)).mean()), seconds


def main() -> None:
    path.make_ready()
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    rows = m3.series("monthly")[first::24] if m3.FILE.exists() else ()
    if not rows:
        print("The M3 competition's file is not there.")
    for name in ("sarima", "auto_sarima") if rows else ():
        scores, inside, seconds = map(np.array, zip(*(judged(*row, name) for row in rows), strict=True))
        print(
            f"{name:12} {len(rows)} series: MASE {scores.mean():.3f}, 90 % intervals hold {inside.mean():.3f}, "
            f"{np.median(seconds):.2f} s median, {seconds.max():.2f} s at most"
        )
    import pandas as pd

    values = hourly(700)
    series = Series("hourly", pd.date_range("2020", periods=700, freq="h", unit="s"), values)
    print(f"700 hours, m = 24: {judged(series, 24, 'auto_sarima')[2]:.2f} s")


if __name__ == "__main__":
    main()
