"""A million rows of CSV: how long until they are read, understood and drawn, and how much memory that takes.

Run: python -m benchmarks.reading. Each reading is a process of its own, which has read a short file before; memory is
the highest resident set during the reading less the one before it, over the size of the file, whose bytes count too.
The third file has five columns, every two-hundredth row lost, and every hundredth value missing.

2026-11-24, two cores, a quiet machine: ISO dates 2.1 s and 3.6 times the file, German ones 1.8 s and 3.9 times, the
third file 2.7 s and 4.1 times (medians of time; the worst within 0.1 s of it).
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

ROWS = 1_000_000
HEADS = {"iso": "when,load", "german": "Zeit;Last", "gaps": "when,load,wind,sun,kind"}
TIMES = 5
MOST_SECONDS, MOST_MEMORY = 6.0, 4.0


def write(path: Path, form: str) -> None:
    """A minute a row, for nearly two years."""
    stamps = np.datetime64("2020-01-01T00:00", "s") + np.arange(ROWS) * np.timedelta64(60, "s")
    chance = np.random.default_rng(0)
    values = 500 + 90 * np.sin(np.arange(ROWS) / 229) + chance.normal(0, 5, ROWS)
    kept, known = chance.random(ROWS) > 0.005, chance.random(ROWS) > 0.01
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADS[form] + "\n")
        for place, (stamp, value) in enumerate(zip(stamps.tolist(), values.tolist(), strict=True)):
            if form == "gaps" and kept[place]:
                load = f"{value:.2f}" if known[place] else "NA"
                file.write(f"{stamp:%Y-%m-%d %H:%M:%S},{load},{value / 7:.2f},{value / 11:.2f},{place % 7}\n")
            elif form == "iso":
                file.write(f"{stamp:%Y-%m-%d %H:%M:%S},{value:.3f}\n")
            elif form == "german":
                number = f"{value:.2f}".replace(".", ",")
                file.write(f"{stamp:%d.%m.%Y %H:%M};{number}\n")


def measure(path: Path) -> None:
    """Prints seconds on the wall and of the processor, and the peak of memory above what the imports took, in bytes."""
    from dashboard import series_plot
    from engine.reading.read import read

    read(b"date,v\n" + b"".join(b"2020-01-%02d,%d\n" % (day, day) for day in range(1, 29)), "warm.csv")
    before = _now()
    began, worked = time.perf_counter(), time.process_time()
    found = read(path.read_bytes(), path.name)
    series_plot.figure(found.series, found.missing).to_json()
    print(time.perf_counter() - began, time.process_time() - worked, _peak() - before)


def _now() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for form in HEADS:
            path = Path(folder) / f"{form}.csv"
            write(path, form)
            size = path.stat().st_size
            runs = [[float(word) for word in _run(path).split()] for _ in range(TIMES)]
            wall, processor = (sorted(run[clock] for run in runs) for clock in (0, 1))
            memory = max(run[2] for run in runs) / size
            print(f"{form}: {ROWS:,} rows, {size / 1e6:.0f} MB, read, understood and drawn in", end=" ")
            print(f"{wall[TIMES // 2]:.2f} s median, {wall[-1]:.2f} s worst (at most {MOST_SECONDS} s);", end=" ")
            print(f"{processor[TIMES // 2]:.2f} s of the processor;", end=" ")
            print(f"memory {memory:.1f} times the file (at most {MOST_MEMORY}).")


def _run(path: Path) -> str:
    done = subprocess.run([sys.executable, "-m", "benchmarks.reading", str(path)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
