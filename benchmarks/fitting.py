"""Trainings of ours for the benchmarks to time: any network, on any path, with or without recording."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from benchmarks.measuring import daily
from engine import runs
from engine.contract import models
from engine.deciding import decide
from engine.kernels import path as kernels
from engine.nouns.frame import Frame
from engine.nouns.run import Run
from engine.nouns.runfile import Recorder
from engine.nouns.series import Series
from engine.training import device
from engine.training.loop import Training, fit_network
from engine.training.network import Network
from engine.worker import FLUSH_COUNT

BLOCK = FLUSH_COUNT  # frames that are written together, as the worker does
ENDLESS = 10_000  # updates


def series(points: int = 7000, freq: str = "D") -> Series:
    made = daily(points, freq)
    return Series("daily", made.index, made.to_numpy())


def a_run(of: Series, model: str, hidden: int, batch: int, **settings: Any) -> Run:
    """Window 56, one value ahead, Adam at 1e-3: the run that peers are compared on."""
    chosen = {"hidden": hidden, "batch": batch, "updates": ENDLESS, "learning_rate": 1e-3, **settings}
    return decide(of, model, chosen, window=56, horizon=1, validation=56)


def network(model: str) -> Network:
    found = models()[model].fit.args[0]  # type: ignore[attr-defined]
    assert isinstance(found, Network)
    return found


def begun(path: kernels.Path, of: Series, run: Run, net: Network | None = None) -> Iterator[Frame]:
    """A training on that path, ten updates old."""
    if path != "plain":
        kernels.make_ready()
    device.settle(path)
    frames = fit_network(net or network(run.model), run, of)
    for _ in itertools.islice(frames, 11):
        pass
    return frames


def forgetting(frames: Iterator[Frame], updates: int) -> Callable[[], None]:
    """Train on and record nothing: not even a Frame is made. Validation is measured, since that is training's own."""

    def no_frame(training: Training, step: int, *_: object) -> None:
        training.validation(step)

    def work() -> None:
        with mock.patch.object(Training, "frame", no_frame):
            for _ in itertools.islice(frames, updates):
                pass

    return work


def keeping(frames: Iterator[Frame], updates: int, recorder: Recorder) -> Callable[[], None]:
    """Train on and write the causes of every update into a run file."""

    def work() -> None:
        left = itertools.islice(frames, updates)
        while block := list(itertools.islice(left, BLOCK)):
            recorder.write(block)

    return work


@contextlib.contextmanager
def recorder(of: Series, run: Run) -> Iterator[tuple[Recorder, Path]]:
    """A run file that is gone afterwards."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.run"
        runs.create(path, run, of)
        found = Recorder(path)
        found.describe(models()[run.model].describe(run, of).signals)
        yield found, path
        found.close()
