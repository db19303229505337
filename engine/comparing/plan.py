"""What a comparison has decided, and the cells it is made of. Knows forecasters by name only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from pydantic import Field

from engine.comparing.origins import rolling
from engine.errors import Lesson
from engine.forecasting import forecaster
from engine.nouns.past import past
from engine.nouns.run import Decisions
from engine.nouns.series import Series

ENGINE = Path(__file__).resolve().parents[1]
BITS_OF = ("numpy", "scipy", "statsmodels", "torch")  # libraries whose version changes bits


class Cell(NamedTuple):
    """One forecaster with one seed, fitted once: at the first of its origins; it forecasts at each of them."""

    model: str
    seed: int
    origins: tuple[int, ...]
    horizon: int
    levels: tuple[float, ...]

    @property
    def title(self) -> str:
        """What a person is told that is being worked on."""
        seed = f", seed {self.seed}" if forecaster(self.model).seeded else ""
        return f"{forecaster(self.model).title}{seed}, fitted on {self.origins[0]:,} values"


class Plan(Decisions):
    """A comparison: every forecaster on the same origins of one series."""

    series: str
    """The hash of the series."""
    models: tuple[str, ...] = Field(min_length=1)
    """The forecasters, by name."""
    horizon: int = Field(ge=1, le=1000)
    """How many values ahead."""
    origins: tuple[int, ...] = Field(min_length=1)
    """How many values are known at each."""
    refit: int = Field(1, ge=0)
    """A forecaster is fitted anew at every so many origins, and in between shown the grown past; 0 is once."""
    seeds: int = Field(3, ge=1, le=100)
    """How often a forecaster with random numbers is fitted, each time with another seed."""
    levels: tuple[float, ...] = (80.0, 90.0)
    """Of the intervals, in percent."""
    code: str
    """The program that it is computed by: another one computes it anew."""

    @property
    def id(self) -> str:
        """The hash of its JSON."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    @property
    def policy(self) -> str:
        """The refit policy in words."""
        if not self.refit:
            return "fitted once, before the first origin"
        return "fitted anew at every origin" if self.refit == 1 else f"fitted anew at every {self.refit}th origin"

    def cells(self) -> Iterator[Cell]:
        """All cells; the first origins come first, so that every forecaster has something to show early."""
        size = self.refit or len(self.origins)
        for first in range(0, len(self.origins), size):
            block = self.origins[first : first + size]
            for model in self.models:
                for seed in range(self.seeds if forecaster(model).seeded else 1):
                    yield Cell(model, seed, block, self.horizon, self.levels)


def keys(series: Series, chosen: Plan) -> dict[str, Cell]:
    """The cells by what was decided of each: the past that it sees, what is done with it, and by which code."""
    seen = {origin: past(series, origin, chosen.horizon).hash for origin in chosen.origins}
    written = ((json.dumps([seen[cell.origins[-1]], *cell, chosen.code]), cell) for cell in chosen.cells())
    return {hashlib.sha256(text.encode()).hexdigest()[:32]: cell for text, cell in written}


def plan(
    series: Series,
    models: Sequence[str],
    horizon: int,
    origins: int = 20,
    step: int | None = None,
    refit: int = 1,
    seeds: int = 3,
    levels: Sequence[float] = (80.0, 90.0),
) -> Plan:
    """A comparison on rolling origins. Raises Lesson for what cannot be compared."""
    chosen = tuple(dict.fromkeys(models))
    for name in chosen:
        forecaster(name)
    if not chosen:
        raise Lesson("No forecaster was chosen.", "A comparison needs one at least.", "Choose some.")
    if not all(0 < level < 100 for level in levels):
        raise Lesson("An interval's level is not between 0 and 100 %.", "Usual are 80 and 90.", "Ask for such a level.")
    return Plan(
        series=series.hash,
        models=chosen,
        horizon=horizon,
        origins=rolling(series, horizon, origins, step),
        refit=refit,
        seeds=seeds,
        levels=tuple(sorted(map(float, levels))),
        code=code(),
    )


@cache
def code() -> str:
    """The program: what the engine's files say, and the libraries whose version changes bits."""
    digest = hashlib.sha256(repr([version(library) for library in BITS_OF]).encode())
    for file in sorted(ENGINE.rglob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
