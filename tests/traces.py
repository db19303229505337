"""Synthetic run files for tests: written as a worker writes them, with numbers nobody has to train for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from engine.nouns.frame import Frame, Signal
from engine.nouns.run import Run
from engine.nouns.runfile import Recorder, create
from engine.nouns.series import Series

PARAMETERS = {
    "input_to_hidden": (4, 1),
    "hidden_to_hidden": (4, 4),
    "bias": (4,),
    "head.weight": (12, 4),
    "head.bias": (12,),
}


def a_series(length: int = 240) -> Series:
    """Months with a trend and a season."""
    time = np.arange(length)
    values = 120 + 0.6 * time + 18 * np.sin(2 * np.pi * time / 12) + 3 * np.random.default_rng(0).normal(size=length)
    return Series("passengers", pd.date_range("2000-01-01", periods=length, freq="MS"), values, "thousand")


def a_run(series: Series, **changes: object) -> Run:
    decided = {"model": "rnn", "settings": {"clip": 1.0}, "window": 48, "horizon": 12, "validation": 24}
    return Run.model_validate({"series": series.hash, **decided, **changes})


def signals(run: Run, units: int, layers: int = 1) -> list[Signal]:
    hidden = [Signal(f"hidden.{i + 1}", ("time", "unit"), (run.window, units)) for i in range(layers)]
    gradients = [Signal(f"gradient/{s.name}", s.axes, s.shape) for s in hidden]
    horizon = [Signal(name, ("horizon",), (run.horizon,), "float64") for name in ("forecast", "ahead")]
    return [*hidden, *gradients, *horizon]


def frames(run: Run, series: Series, described: list[Signal], updates: int, first: int = 0) -> Iterator[Frame]:
    """As if training: the loss falls, memory forms, the forecast nears the truth, and some updates are clipped."""
    split = len(series) - run.validation
    truth = series.values[split : split + run.horizon]
    for step in range(first, updates):
        random = np.random.default_rng(step)
        learnt = 1 - np.exp(-step / 40)
        norm = float(np.exp(random.normal(0.4 - learnt, 0.6)))
        scale = min(1.0, 1.0 / norm)
        shares = random.dirichlet(np.ones(len(PARAMETERS))) ** 0.5
        arrays = {s.name: _array(s, step, learnt, random).astype(s.dtype) for s in described}
        arrays["forecast"] = series.values[:split].mean() * (1 - learnt) + truth * learnt
        arrays["ahead"] = np.resize(truth, run.horizon) * (0.7 + 0.3 * learnt) + 8
        validation = 0.08 + np.exp(-step / 25) if step % 5 == 0 else float("nan")
        events = (("clipped",) if scale < 1 and step else ()) + (("best validation",) if step % 20 == 0 else ())
        before = dict(zip(PARAMETERS, (shares * norm).tolist(), strict=True)) if step else {}
        yield Frame(
            step, step // 10, float("nan") if step == 0 else 0.05 + float(np.exp(-step / 20 + random.normal(0, 0.1))),
            validation, 0.01, before, {n: v * scale for n, v in before.items()}, norm if step else float("nan"),
            scale if step else 1.0, arrays, events,
        )  # fmt: skip


def _array(signal: Signal, step: int, learnt: float, random: np.random.Generator) -> np.ndarray:
    time = np.arange(signal.shape[0])[:, None] / signal.shape[0]
    if signal.name.startswith("gradient/"):
        return 10 ** (-6 * (1 - time) * (1.2 - learnt)) * random.normal(size=signal.shape) / 10
    if len(signal.axes) < 2:
        return random.normal(size=signal.shape)
    unit = np.arange(signal.shape[1])[None, :]
    return learnt * np.tanh(2 * np.sin(2 * np.pi * time * (1 + unit % 5) + unit + step / 60))


def write(
    path: Path,
    *,
    updates: int = 120,
    units: int = 32,
    layers: int = 1,
    state: str = "finished",
    measured: int = 5,
    **run: object,
) -> Path:
    """A whole run file at `path`."""
    series = a_series()
    decided = a_run(series, **run)
    create(path, decided, series)
    described = signals(decided, units, layers)
    recorder = Recorder(path)
    facts = {"loss": "mean squared error (scaled)", "updates": updates, "measured": measured}
    recorder.describe(described, parameters=PARAMETERS, **facts)
    recorder.write(frames(decided, series, described, updates))
    recorder.status(state)
    recorder.close()
    return path


def keep(folder: Path, **options: object) -> str:
    """A run file in a runs folder, under its own id, which is returned."""
    chosen = {
        name: options.pop(name) for name in ("updates", "units", "layers", "state", "measured") if name in options
    }
    run = a_run(a_series(), **options)
    write(folder / f"{run.id}.run", **chosen, **options)  # type: ignore[arg-type]
    return run.id
