"""Any moment, timed: `python -m benchmarks.moments`. Medians of interleaved rounds, one thread, hidden 32.

A run of 2,000 updates (or as many as the first argument says) per network: any update restored, one update and 120
updates of a window that was not recorded looked at, the triangle of one update, one question from a page, and any
number of an update explained, its whole update recomputed first or already there.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from engine.deciding import decide
from engine.explaining.moment import SUBSTEPS, Moment
from engine.looking import look_at
from engine.nouns.explanation import Place
from engine.nouns.runfile import create
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.nursery import Nursery
from engine.replaying import restore
from engine.worker import work

ROUNDS = 15
TOP = {"rnn": "hidden.1", "lstm": "hidden.1", "cnn": "map.4"}


def trained(model: str, updates: int, folder: Path) -> Path:
    values = 10 + 3 * np.sin(np.arange(3000) / 7 * 2 * np.pi) + np.random.default_rng(0).normal(size=3000)
    series = Series("days", pd.date_range("2000-01-01", periods=3000, freq="D"), values)
    settings = {"hidden": 32, "batch": 32, "updates": updates}
    run = decide(series, model, settings, window=56, horizon=7, validation=56)
    path = folder / f"{run.id}.run"
    create(path, run, series)
    work(path)
    return path


def milliseconds(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return (time.perf_counter() - start) * 1e3


def place(moment: Moment, chance: random.Random) -> Place:
    """Any number of any array of an update."""
    number = chance.choice([one for substep in SUBSTEPS for one in moment.numbers(substep)])
    index = tuple(chance.randrange(size) for size in number.shape)
    if number.axes[:1] == ("window",):
        return Place(number.array, index[1:], number.axes[1:], number.part, index[0])
    return Place(number.array, index, number.axes, number.part)


def measure(model: str, updates: int, folder: Path, nursery: Nursery) -> None:
    path, moments = trained(model, updates, folder), random.Random(0)
    top = TOP[model]
    names = [top, f"gradient/{top}"]
    gates = [*names, "input_gate.1", "forget_gate.1", "candidate.1", "output_gate.1"] if model == "lstm" else names
    with Trace(path) as trace:

        def some(count: int) -> list[int]:
            return moments.sample(range(updates + 1), count)

        questions: dict[str, Callable[[], object]] = {
            "any update restored": lambda: restore(trace, some(1)[0]),
            "one update, states, gates and gradients": lambda: look_at(trace, some(1), 900, gates),
            "120 updates of the same": lambda: look_at(trace, some(120), 900, gates),
            "one update's triangle": lambda: look_at(trace, some(1), 900, [f"triangle/{top}"]),
            "one update, asked by a page": lambda: nursery.ask("look", path, steps=some(1), start=900, names=gates),
        }
        there = Moment(trace, updates // 2)
        questions |= {
            "an update recomputed and held to its record": lambda: Moment(trace, some(1)[0] or 1).differences(),
            "a number of it explained": lambda: there.explain(place(there, moments)),
        }
        for ask in questions.values():
            ask()
        times: dict[str, list[float]] = {name: [] for name in questions}
        for _ in range(ROUNDS):
            for name, ask in questions.items():
                times[name].append(milliseconds(ask))
    size = path.stat().st_size / updates / 1024
    numbers = sum(int(np.prod(one.shape)) for substep in SUBSTEPS for one in there.numbers(substep))
    print(f"{model}: {updates} updates, {size:.1f} KB and {numbers:,} explained numbers each")
    for name, found in times.items():
        print(f"  {name:42s} median {statistics.median(found):7.1f} ms, longest {max(found):7.1f} ms")


def main() -> None:
    updates = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    nursery = Nursery()
    try:
        with tempfile.TemporaryDirectory() as folder:
            for model in TOP:
                measure(model, updates, Path(folder), nursery)
    finally:
        nursery.close()


if __name__ == "__main__":
    main()
