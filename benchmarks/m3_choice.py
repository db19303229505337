"""How good is what the product recommends, series by series? `python -m benchmarks.m3_choice [first row]`

M3 monthly, every 24th series from the first (60), the last 18 values held out: `recommend` chooses on what comes
before, is fitted on that, and forecasts 18 months. The same for each forecaster by itself. Mean MASE, m = 12; 90 %
intervals are not judged here. It needs the M3 competition's file, and says so.

2026-11-24: recommended 0.785; SARIMA with its order searched 0.788, ETS 0.823, Theta 0.850, seasonal naive 0.989; 0.83
s of a processor for a choice (median).
"""

from __future__ import annotations

import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from engine.comparing.metrics import scales
from engine.comparing.recommending import recommend
from engine.errors import Lesson
from engine.forecasting import forecaster
from engine.nouns.past import past
from tests import m3


def judged(place: int) -> tuple[str, float, dict[str, float]]:
    """What was chosen for a series, the seconds it took, and the MASE of the choice and of each forecaster alone."""
    series, horizon = m3.series("monthly")[place]
    history, truth = past(series, len(series) - horizon, horizon), series.values[-horizon:]
    scale, _ = scales(history.values, series.period)
    start = time.process_time()
    choice = recommend(history, horizon)
    errors = {"recommended": np.abs(choice.fit(history, horizon).forecast(history, horizon).point - truth).mean()}
    seconds = time.process_time() - start
    for name in choice.plan.models:
        with contextlib.suppress(Lesson):
            point = forecaster(name).fit(history, horizon, 0).forecast(history, horizon).point
            errors[name] = np.abs(point - truth).mean()
    return choice.name, seconds, {name: float(error / scale) for name, error in errors.items()}


def main() -> None:
    if not m3.FILE.exists():
        print("The M3 competition's file is not there.")
        return
    first = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNROLLED_RUNS"] = folder
        with ProcessPoolExecutor(2) as pool:
            found = list(pool.map(judged, range(first, len(m3.series("monthly")), 24)))
    chosen, scores = defaultdict(int), defaultdict(list)
    for name, _, errors in found:
        chosen[name] += 1
        for which, error in errors.items():
            scores[which].append(error)
    print(
        f"{len(found)} series; processor seconds for a choice, median {statistics.median(s for _, s, _ in found):.2f}"
    )
    for name, errors in sorted(scores.items(), key=lambda item: float(np.mean(item[1]))):
        print(f"  {name:16} mean MASE {np.mean(errors):.3f} of {len(errors)}")
    print("chosen: " + ", ".join(f"{name} {count}" for name, count in sorted(chosen.items(), key=lambda i: -i[1])))


if __name__ == "__main__":
    main()
