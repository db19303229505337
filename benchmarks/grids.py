"""How much quicker is a comparison on two processors? `python -m benchmarks.grids`

Five forecasters (ETS, Theta, an RNN, an LSTM and a CNN) at 20 origins of AirPassengers, 12 months ahead, everything
fitted anew at each: in one process, one cell after the other, and in two, each time in a Python that was just started,
so that imports and the start of processes are in all of it, in turns. The cells of both are compared bit by bit. What
the machine allows: one process again, while another does the same beside it. Then: how long a comparison in a process
of its own works on after Cancel.

2026-11-24, two cores, quiet, two turns: 26.0 and 24.5 s in one process, 17.2 and 15.5 in two: 1.52 and 1.59 times as
quick, 100 of 100 cells equal; the machine allows 1.91. Cancel ended within 0.1 s, three times of three. With
two processes to fork from (note 0059) and whole updates as kernels, quiet, three turns: 24.9, 25.2 and 21.8 s in one,
16.1, 14.3 and 15.0 in two: 1.55, 1.77 and 1.45 times as quick.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

import numpy as np

from engine.comparing import cells, keeping, working
from engine.comparing.cells import Arrays
from engine.comparing.plan import keys, plan
from engine.comparing.running import run
from engine.samples import sample

MODELS = ["ets", "theta", "rnn", "lstm", "cnn"]
TURNS = 2


def work(workers: int, folder: str) -> None:
    """Computes all cells there, and prints the seconds."""
    os.environ["UNROLLED_RUNS"] = folder
    start = time.perf_counter()
    series = sample("AirPassengers")
    for event in run(series, plan(series, MODELS, 12, 20, seeds=1), workers):
        if event.state == "failed":
            print(event.message, file=sys.stderr)
    print(time.perf_counter() - start)


def begin(workers: int, folder: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "benchmarks.grids", str(workers), folder]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def timed(workers: int) -> tuple[float, dict[str, Arrays | None]]:
    """Seconds, and what was computed, in a folder and a process of their own."""
    series = sample("AirPassengers")
    with tempfile.TemporaryDirectory() as folder:
        seconds = float(begin(workers, folder).communicate()[0])
        os.environ["UNROLLED_RUNS"] = folder
        return seconds, {key: cells.read(key) for key in keys(series, plan(series, MODELS, 12, 20, seeds=1))}


def beside_each_other() -> float:
    """Seconds that one process takes while another one does the same."""
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        both = [begin(1, one), begin(1, other)]
        return max(float(process.communicate()[0]) for process in both)


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
    alone, together = [], []
    for _ in range(TURNS):
        seconds, there = timed(2)
        together.append(seconds)
        seconds, here = timed(1)
        alone.append(seconds)
        print(f"100 cells   one process {alone[-1]:6.1f} s   two {together[-1]:6.1f} s   "
              f"{alone[-1] / together[-1]:.2f} times the speed")  # fmt: skip
        print(f"equal to the bit: {sum(same(here[key], there[key]) for key in here)} of {len(here)}", flush=True)
    busy = beside_each_other()
    print(
        f"one process beside another {busy:.1f} s: at most {2 * min(alone) / busy:.2f} times the speed on this machine"
    )
    print("after Cancel it ended within " + ", ".join(f"{cancelled():.1f}" for _ in range(3)) + " s")


if __name__ == "__main__":
    work(int(sys.argv[1]), sys.argv[2]) if len(sys.argv) > 2 else main()
