"""What every model offers, and how models are found. Knows no model by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import engine.models
from engine.kernels.path import Path
from engine.nouns.frame import Array, Frame, Signal
from engine.nouns.run import Decisions, Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps


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
    origins: int | None = None
    """Over how many validation windows, from the first, the validation error is measured; None is all of them."""
    path: Path = "plain"
    """The fastest path it can be trained on. No fact of the file: which one is taken is the worker's to choose."""

    measured: int | None = None
    """After how many updates validation is measured again, and at the last one; None is at every one."""

    @property
    def facts(self) -> dict[str, object]:
        """What the run file says of this besides the signals."""
        return {
            "parameters": self.parameters, "loss": self.loss, "updates": self.updates,
            "origins": self.origins, "measured": self.measured,
        }  # fmt: skip


class Describe(Protocol):
    """Says what the frames will hold, before there is any. Light: a page asks it, so it loads no torch.

    Raises Lesson where the model cannot be fitted to the series.
    """

    def __call__(self, run: Run, series: Series) -> Description: ...


class Lens(Protocol):
    """What a network shows of any window when asked; engine/training/lens.py says what the names mean."""

    def taps(self, run: Run) -> dict[str, Signal]: ...

    def top(self, run: Run) -> str | None: ...

    def offers(self, run: Run) -> dict[str, Signal]: ...

    def look(self, run: Run, series: Series, weights: Array, start: int, names: Sequence[str]) -> dict[str, Array]: ...

    def sub_steps(self, run: Run, series: Series, before: Frame) -> SubSteps: ...

    def clipping(self, run: Run, series: Series, before: Array, update: int) -> Mapping[str, Array]: ...

    def gradient(self, run: Run, series: Series, before: Array, update: int) -> Array: ...


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
    order: int = 100
    """Where it stands among the models that are offered; the first one is the default."""
    lens: Lens | None = None
    """None where there is nothing to look into but what is recorded."""


@cache
def models() -> dict[str, Model]:
    """Every model in engine/models that declares MODELS, by name, in the order in which they are offered."""
    found: dict[str, Model] = {}
    for module in pkgutil.iter_modules(engine.models.__path__):
        declared = getattr(importlib.import_module(f"engine.models.{module.name}"), "MODELS", ())
        found.update({model.name: model for model in declared})
    return dict(sorted(found.items(), key=lambda item: item[1].order))
