"""Does a long series make an update slower or larger? `python -m benchmarks.long_series`

Milliseconds an update (LSTM, hidden 32, batch 32, window 56, one thread) at 1,000 and at 1,000,000 hourly points,
and the memory that preparing and training add to a process that holds the series already: the largest resident size
after, less the size before (Linux). One process per measurement, in turns; medians.

Measured 2026-11-23, 2 cores (Zen 5), quiet: 0.669 ms and 3 MB at 1,000 points, 0.661 ms and 24 MB at 1,000,000.
"""

from __future__ import annotations

import ctypes
import json
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import Took, median, took

POINTS, UPDATES, ROUNDS = (1_000, 1_000_000), 500, 5


def now() -> float:
    """MB that this process holds."""
    return _status("VmRSS")


def largest() -> float:
    """MB: the most that this process has held since `forget`."""
    return _status("VmHWM")


def _status(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6


def forget() -> None:
    """Give freed memory back, and let the largest size count from here."""
    ctypes.CDLL(None).malloc_trim(0)
    Path("/proc/self/clear_refs").write_text("5")


def measure(points: int) -> None:
    from benchmarks.fitting import a_run, begun, forgetting, series

    small = series(500, "h")
    forgetting(begun("fused", small, a_run(small, "lstm", 32, 32)), 50)()  # kernels and torch's own are loaded
    of = series(points, "h")
    forget()
    before = largest()
    frames = begun("fused", of, a_run(of, "lstm", 32, 32))
    time = took(forgetting(frames, UPDATES))
    print(json.dumps([time.processor / UPDATES, time.wall / UPDATES, largest() - before]))


def main() -> None:
    found: dict[int, list[list[float]]] = {points: [] for points in POINTS}
    for round_ in range(ROUNDS):
        for points in random.Random(round_).sample(POINTS, len(POINTS)):
            command = [sys.executable, "-m", "benchmarks.long_series", str(points)]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            found[points].append(json.loads(said))
    times = {points: median([Took(p, w) for p, w, _ in rows]) for points, rows in found.items()}
    for points, t in times.items():
        added = sorted(row[2] for row in found[points])[ROUNDS // 2]
        print(
            f"{points:9} points: {t.processor * 1e3:.3f} ms an update ({t.wall * 1e3:.3f} wall), {added:.0f} MB added"
        )
    print(f"ratio {times[POINTS[1]].processor / times[POINTS[0]].processor:.2f}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        measure(int(sys.argv[1]))
    else:
        main()
