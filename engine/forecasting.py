"""What a forecaster offers, and how forecasters are found: the same for a naive line, SARIMA and a network."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import engine.forecasters
from engine.errors import Lesson
from engine.nouns.forecast import Forecast
from engine.nouns.series import Series


class Fitted(Protocol):
    """What was learned from one past; it never changes, and learns nothing from the histories it is shown."""

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:
        """The `horizon` values after the last of `history`: the past it was fitted on, or that past grown longer.

        levels: in percent. Intervals are given for those it can give by itself; none is a fair answer.
        """
        ...


@dataclass(frozen=True)
class Forecaster:
    """One way to forecast. fit(history, horizon, seed) sees the past alone, and may raise Lesson.

    A name such as "lstm-iterative" is a network and the strategy it forecasts by. light: whether fitting takes no
    noticeable time, so that it may always be in a comparison. naive: whether it is a line that every model has to
    beat. seeded: whether another seed gives other forecasts. needs: modules that fitting imports, so that a process
    which others are forked from can have them.
    """

    name: str
    title: str
    sentence: str
    """What it does, for someone who meets it for the first time."""
    fit: Callable[[Series, int, int], Fitted]
    light: bool = False
    seeded: bool = False
    naive: bool = False
    order: int = 100
    needs: tuple[str, ...] = ()


@cache
def forecasters() -> dict[str, Forecaster]:
    """Every forecaster in engine/forecasters that declares FORECASTERS, by name, in the order of their `order`."""
    found: dict[str, Forecaster] = {}
    for module in pkgutil.iter_modules(engine.forecasters.__path__):
        declared = getattr(importlib.import_module(f"engine.forecasters.{module.name}"), "FORECASTERS", ())
        found.update({one.name: one for one in declared})
    return dict(sorted(found.items(), key=lambda item: item[1].order))


DISCOVERED = "engine.discovered"
"""The module that finds every forecaster; else each process would import some eighty for its first task."""


def needs(models: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """By a task's key, what the process that it is forked from imports; models: its forecaster by the same key.

    All that have torch share processes, and all that have not: beside it the libraries of statistics are what takes
    long to import, and hardly a forecaster uses both. Raises Lesson where there is no such forecaster.
    """
    each = {name: forecaster(name).needs for name in dict.fromkeys(models.values())}
    shared = {
        torch: tuple(dict.fromkeys(one for own in each.values() if ("torch" in own) == torch for one in own))
        for torch in (False, True)
    }
    return {key: (DISCOVERED, *shared["torch" in each[name]]) for key, name in models.items()}


def forecaster(name: str) -> Forecaster:
    """The forecaster of that name. Raises Lesson where there is none."""
    known = forecasters()
    if name not in known:
        raise Lesson(f"“{name}” is no forecaster.", f"The forecasters are {', '.join(known)}.", "Choose one of them.")
    return known[name]
