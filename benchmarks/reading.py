"""A million rows of CSV: how long until they are read, understood and drawn, and how much memory that takes.

Run: python -m benchmarks.reading. Each reading is a process of its own, whose memory is counted from after the imports.
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
TIMES = 5
MOST_SECONDS, MOST_MEMORY = 6.0, 4.0


def write(path: Path, form: str) -> None:
    """A minute of load a row, for nearly two years."""
    stamps = np.datetime64("2020-01-01T00:00", "s") + np.arange(ROWS) * np.timedelta64(60, "s")
    values = 500 + 90 * np.sin(np.arange(ROWS) / 229) + np.random.default_rng(0).normal(0, 5, ROWS)
    with path.open("w", encoding="utf-8") as file:
        file.write("when,load\n" if form == "iso" else "Zeit;Last\n")
        for stamp, value in zip(stamps.tolist(), values.tolist(), strict=True):
            if form == "iso":
                file.write(f"{stamp:%Y-%m-%d %H:%M:%S},{value:.3f}\n")
            else:
                number = f"{value:.2f}".replace(".", ",")
                file.write(f"{stamp:%d.%m.%Y %H:%M};{number}\n")


def measure(path: Path) -> None:
    """Prints seconds to read, to draw, and the peak of memory above what the imports took, in bytes."""
    from dashboard import series_plot
    from engine.reading.read import read

    read(b"date,v\n" + b"".join(b"2020-01-%02d,%d\n" % (day, day) for day in range(1, 29)), "warm.csv")
    before = _now()
    began = time.perf_counter()
    found = read(path.read_bytes(), path.name)
    read_at = time.perf_counter()
    series_plot.figure(found.series, found.missing).to_json()
    drawn = time.perf_counter()
    print(read_at - began, drawn - read_at, _peak() - before, len(found.series))


def _now() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * resource.getpagesize()


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for form in ("iso", "german"):
            path = Path(folder) / f"{form}.csv"
            write(path, form)
            size = path.stat().st_size
            runs = [[float(word) for word in _run(path).split()] for _ in range(TIMES)]
            seconds = sorted(run[0] + run[1] for run in runs)
            memory = max(run[2] for run in runs) / size
            print(f"{form}: {ROWS:,} rows, {size / 1e6:.0f} MB, read, understood and drawn in", end=" ")
            print(
                f"{seconds[len(seconds) // 2]:.2f} s median, {seconds[-1]:.2f} s worst (at most {MOST_SECONDS} s);",
                end=" ",
            )
            print(f"memory {memory:.1f} times the file (at most {MOST_MEMORY}).")


def _run(path: Path) -> str:
    done = subprocess.run([sys.executable, "-m", "benchmarks.reading", str(path)], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout


if __name__ == "__main__":
    measure(Path(sys.argv[1])) if len(sys.argv) > 1 else main()
