"""How long from the command to the first recorded frame, with a warm nursery? `python -m benchmarks.worker_start`

An LSTM with LayerNorm on 1,000 daily values; seconds from `Nursery.start` until the run file holds step 0, ten runs.

2026-11-23, two cores: median 0.09 s, worst 0.09 s; with other work on the machine 0.15 s and 0.26 s.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time

from engine import control, runs
from engine.nouns.trace import Trace
from engine.nursery import Nursery
from tests.makers import small, wave


def started(nursery: Nursery, seed: int) -> float:
    """Seconds until the first frame of a run is recorded."""
    series = wave(1000, "D", 7)
    path = runs.keep(small(series, settings={"layer_norm": True, "updates": 100_000}, seed=seed), series)
    start = time.perf_counter()
    nursery.start(path)
    with Trace(path) as trace:
        while not len(trace.steps):
            time.sleep(0.005)
        seconds = time.perf_counter() - start
        control.send(path, "stop")
        while control.alive(path):
            time.sleep(0.02)
    return seconds


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNROLLED_RUNS"] = folder
        nursery = Nursery()
        seconds = [started(nursery, seed) for seed in range(11)][1:]  # the first one waits for torch
        nursery.close()
    print(f"first frame     median {statistics.median(seconds):5.2f} s   worst {max(seconds):5.2f} s")


if __name__ == "__main__":
    main()
