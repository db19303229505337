"""How much quicker is a comparison on two processors? `python -m benchmarks.grids`

Five forecasters (ETS, Theta, an RNN, an LSTM and a CNN) at 20 origins of AirPassengers, 12 months ahead, everything
fitted anew at each: once in this process, one cell after the other, once in two processes, their start included. The
cells of both are compared bit by bit. Then: how long a comparison in a process of its own works on after Cancel.
"""

from __future__ import annotations

import os
import tempfile
import time

import numpy as np

from engine.comparing import cells, keeping, working
from engine.comparing.cells import Arrays
from engine.comparing.plan import keys, plan
from engine.comparing.running import run
from engine.samples import sample

MODELS = ["ets", "theta", "rnn", "lstm", "cnn"]


def timed(workers: int) -> tuple[float, dict[str, Arrays | None]]:
    """Seconds, and what was computed, in a folder of its own."""
    series = sample("AirPassengers")
    chosen = plan(series, MODELS, 12, 20, seeds=1)
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNROLLED_RUNS"] = folder
        start = time.perf_counter()
        for event in run(series, chosen, workers):
            if event.state == "failed":
                print(event.message)
        return time.perf_counter() - start, {key: cells.read(key) for key in keys(series, chosen)}


def same(left: Arrays | None, right: Arrays | None) -> bool:
    return left is not None and right is not None and all(np.array_equal(left[name], right[name]) for name in left)


def cancelled() -> float:
    """Seconds from Cancel to the last sign of life."""
    series = sample("AirPassengers")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["UNROLLED_RUNS"] = folder
        kept = keeping.keep(series, plan(series, MODELS, 12, 20, seeds=1))
        working.start(kept, "compare")
        while not (progress := kept.progress("compare")) or progress.done < 3:
            time.sleep(0.05)
        kept.cancel()
        start = time.perf_counter()
        while kept.alive():
            time.sleep(0.01)
        return time.perf_counter() - start


def main() -> None:
    together, there = timed(2)
    alone, here = timed(1)
    equal = sum(same(here[key], there[key]) for key in here)
    print(f"100 cells   one process {alone:6.1f} s   two {together:6.1f} s   {alone / together:.2f} times the speed")
    print(f"equal to the bit: {equal} of {len(here)}")
    print("after Cancel it ended within " + ", ".join(f"{cancelled():.1f}" for _ in range(3)) + " s")


if __name__ == "__main__":
    main()
