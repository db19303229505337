"""What every model offers, and how models are found. Knows no model by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import engine.models
from engine.nouns.frame import Frame, Signal
from engine.nouns.run import Decisions, Run
from engine.nouns.series import Series


class Fit(Protocol):
    """Yields a Frame after each update, step 0 first, each with its causes; closing it stops training.

    With `last`, the last recorded Frame (its state included), it goes on from there bit for bit; a model that
    cannot go on from a state starts again and yields only the frames after `last`.
    """

    def __call__(self, run: Run, series: Series, last: Frame | None = None) -> Iterator[Frame]: ...


class Observe(Protocol):
    """Completes frames with their effects (hidden states, their gradients, forecasts), recomputed from causes.

    A frame's effects do not depend, to the bit, on which frames it is observed with.
    """

    def __call__(self, run: Run, series: Series, frames: Sequence[Frame]) -> list[Frame]: ...


@dataclass(frozen=True)
class Description:
    """What a run's frames will hold: signals with axes, and the shape of each parameter in flat order."""

    signals: tuple[Signal, ...]
    parameters: dict[str, tuple[int, ...]]
    loss: str
    """What the training loss is, for the axis, such as "mean squared error (scaled)"."""
    updates: int | None = None
    """How many updates there will be; None where the model itself finds the end."""
    has_kernel: bool = False
    """Whether it can be trained on the compiled path."""


class Describe(Protocol):
    def __call__(self, run: Run, series: Series) -> Description: ...


@dataclass(frozen=True)
class Model:
    """One declaration at the end of each file in engine/models."""

    name: str
    title: str
    sentence: str
    """What it is, for someone who meets it for the first time."""
    settings: type[Decisions]
    describe: Describe
    fit: Fit
    observe: Observe


@cache
def models() -> dict[str, Model]:
    """Every model in engine/models that declares MODELS, by name."""
    found: dict[str, Model] = {}
    for module in pkgutil.iter_modules(engine.models.__path__):
        declared = getattr(importlib.import_module(f"engine.models.{module.name}"), "MODELS", ())
        found.update({model.name: model for model in declared})
    return found
