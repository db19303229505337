"""What does a recorded update cost in the run file and in memory? `python -m benchmarks.recording`

Bytes an update of a run file (7,000 daily points, window 56) with its causes alone, and as the worker leaves it. Then
the resident size of a worker's process while an LSTM with 32 units makes 5,000 updates: it must not grow.

Measured 2026-11-23, KB an update with causes alone, and with the effects of the probe window as the worker leaves it:
RNN 5.3 and 21.3 (hidden 32), 71.0 and 130.8 (128); LSTM 19.0 and 54.8, 279.3 and 397.2.
Memory: 500 MB after 500 updates, 500 MB after 5,000.
"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.fitting import a_run, begun, keeping, recorder, series
from benchmarks.long_series import now
from engine import runs
from engine.nouns.frame import Frame
from engine.worker import work

UPDATES = 500


def causes(model: str, hidden: int) -> float:
    """Bytes an update with causes only."""
    of = series()
    run = a_run(of, model, hidden, 32)
    with recorder(of, run) as (file, path):
        keeping(islice(begun("fused", of, run), UPDATES), UPDATES, file)()
        file.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return path.stat().st_size / UPDATES


def whole(model: str, hidden: int) -> float:
    """Bytes an update in the file of a finished worker."""
    of = series()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run"
        runs.create(path, a_run(of, model, hidden, 32, updates=UPDATES), of)
        work(path)
        return path.stat().st_size / UPDATES


def growth(updates: int) -> dict[int, float]:
    """MB that a worker holds after some updates."""
    sizes: dict[int, float] = {}

    def look(frame: Frame) -> None:
        if frame.step in (updates // 10, updates // 2, updates):
            sizes[frame.step] = now()

    of = series()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run"
        runs.create(path, a_run(of, "lstm", 32, 32, updates=updates), of)
        work(path, look)
    return sizes


if __name__ == "__main__":
    for model, hidden in (("rnn", 32), ("lstm", 32), ("rnn", 128), ("lstm", 128)):
        kilobytes = causes(model, hidden) / 1e3, whole(model, hidden) / 1e3
        print(f"{model}, hidden {hidden}: {kilobytes[0]:.1f} KB an update, {kilobytes[1]:.1f} KB with effects")
    print("memory:", ", ".join(f"{size:.0f} MB after {step}" for step, size in growth(5000).items()))
