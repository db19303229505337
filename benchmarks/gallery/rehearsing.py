"""Trains the runs that the gallery shows: a few short ones for a series, once. Knows no page and no picture."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

from engine.deciding import decide
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.opening import series_of
from engine.runs import keep
from engine.strategies.names import STRATEGIES
from engine.strategies.plans import plan
from engine.worker import work
from tests.makers import SHARED

UPDATES, HIDDEN = 120, 12
ROWS = 1500  # the last ones of a longer series: enough for its seasons, and quick to train
SHORT = {"updates": UPDATES, "hidden": HIDDEN}
ON_STAGE = {
    "normed": ("lstm", {"layer_norm": True, "clip": 0.5}),
    "lstm": ("lstm", {"clip": 0.5}),
    "rnn": ("rnn", {}),
    "cnn": ("cnn", {"layers": 3}),
}
"""By the part a run plays: its model, and what is set of it."""
HOURLY = SHARED / "ETT" / "ETTh1.csv", "OT"
SERIES = ("AirPassengers", "co2", *(["ETTh1"] if HOURLY[0].exists() else []))


def opened(name: str) -> Series:
    """A sample, or a file by its path; "ETTh1" is the hourly one of the project's data."""
    series = series_of(str(HOURLY[0]), HOURLY[1]) if name == "ETTh1" else series_of(name)
    return dataclasses.replace(series, index=series.index[-ROWS:], values=series.values[-ROWS:])


def cast(series: Series) -> Iterator[tuple[str, Run]]:
    """Each part and the run that plays it."""
    for part, (model, settings) in ON_STAGE.items():
        yield part, decide(series, model, {**SHORT, **settings}, horizon=12)
    for strategy in STRATEGIES:
        yield strategy, plan(series, "lstm", strategy, 12, SHORT)
    for model in ("rnn", "lstm", "cnn"):
        yield f"{model} looked into", plan(series, model, "direct", 12, SHORT)
    short = {} if series.period <= 12 else {"order": (2, 1, 1), "seasonal": (0, 0, 0)}  # a longer season takes minutes
    yield "sarima looked into", decide(series, "sarima", short)


def rehearse(series: Series) -> dict[str, str]:
    """The ids of all of them by part, trained where they are not yet; in the runs folder, with a list for the page."""
    found = {}
    for part, run in cast(series):
        path = keep(run, series)
        with Trace(path) as trace:
            done = trace.status.state == "finished"
        if not done:
            work(path)
        found[part] = run.id
    return found


def listed(folder: Path, cast_: dict[str, str] | None = None) -> dict[str, str]:
    """Writes, or reads, which run plays which part on the page that is open."""
    file = folder / "gallery.json"
    if cast_ is not None:
        file.write_text(json.dumps(cast_), "utf-8")
    return dict(json.loads(file.read_text("utf-8")))
