"""What the training benchmarks share: one series, and clocks that neighbours on the machine cannot bend.

Cases take turns within each round, in random order; what counts is the median over rounds, on the clock of the
process (which stands still while another process has the core) and on the wall. A forced OPENBLAS_CORETYPE is
dropped: OpenBLAS chooses its kernels by the processor, as torch does. Knows neither engine nor peers.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

os.environ.pop("OPENBLAS_CORETYPE", None)  # before scipy is loaded, which reads it


@dataclass(frozen=True)
class Took:
    """Seconds: of the processor, and on the wall."""

    processor: float
    wall: float


def took(work: Callable[[], object]) -> Took:
    processor, wall = time.process_time(), time.perf_counter()
    work()
    return Took(time.process_time() - processor, time.perf_counter() - wall)


def median(times: list[Took]) -> Took:
    return Took(statistics.median(t.processor for t in times), statistics.median(t.wall for t in times))


def interleaved(cases: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Took]:
    """The median time of each case."""
    times: dict[str, list[Took]] = {name: [] for name in cases}
    order, chance = list(cases), random.Random(0)
    for _ in range(rounds):
        chance.shuffle(order)
        for name in order:
            times[name].append(took(cases[name]))
    return {name: median(found) for name, found in times.items()}


def daily(points: int = 7000, freq: str = "D") -> pd.Series[float]:
    """A synthetic series with a week, a year and noise that remembers."""
    chance, t = np.random.default_rng(0), np.arange(points)
    noise = chance.normal(size=points)
    for n in range(1, min(points, 10_000)):
        noise[n] += 0.7 * noise[n - 1]
    values = 20 + 3 * np.sin(2 * np.pi * t / 7) + 5 * np.sin(2 * np.pi * t / 365.25) + 0.5 * noise
    return pd.Series(values, pd.date_range("1900-01-01", periods=points, freq=freq))
