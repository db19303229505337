"""Series whose truth is known because we made them, and small runs on them. Knows no page."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from engine import runs
from engine.deciding import decide
from engine.nouns.covariates import Covariates
from engine.nouns.run import Run
from engine.nouns.series import Series

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"


def wave(n: int = 120, freq: str = "MS", period: int = 12, noise: float = 0.1, seed: int = 0) -> Series:
    """A sine wave around 10 with a little noise."""
    random = np.random.default_rng(seed)
    values = 10 + 3 * np.sin(2 * np.pi * np.arange(n) / period) + noise * random.normal(size=n)
    return Series("wave", pd.date_range("2000-01-01", periods=n, freq=freq), values)


def holed(n: int = 200) -> Series:
    """A week's wave with holes, one of them two days long, and a wild value."""
    series = wave(n, "D", 7)
    values = np.array(series.values)
    values[[20, 21, 60]] = np.nan
    values[100] = 90
    return dataclasses.replace(series, values=values)


def accompanied(n: int = 120, ahead: int = 3, seed: int = 0, known: bool = True) -> Series:
    """A series that a switch, known `ahead` of its end, lifts by 4, and some weather that nobody knows ahead."""
    series, random = wave(n, seed=seed), np.random.default_rng(seed + 1)
    switch, weather = random.integers(0, 2, n + ahead).astype(float), random.normal(5, 2, n + ahead)
    weather[n:] = np.nan
    beside = Covariates(("switch", "weather"), np.stack([switch, weather], axis=1), (known, False))
    return Series("shop", series.index, series.values + 4 * switch[:n], covariates=beside)


def small(series: Series, model: str = "lstm", settings: dict[str, Any] | None = None, **changes: Any) -> Run:
    """A run that trains in a blink."""
    sizes = {"window": 12, "horizon": 3, "validation": 12, **changes}
    network = {} if model == "sarima" else {"hidden": 4, "updates": 20, "batch": 8}
    return decide(series, model, {**network, **(settings or {})}, **sizes)


def kept(series: Series, run: Run, folder: Path) -> Path:
    """The run's file in a folder of the test's own."""
    path = folder / f"{run.id}.run"
    runs.create(path, run, series)
    return path
