"""What a step of preparation offers, and how steps are found. Knows no step by name.

A step looks at nothing later than the value it makes: what it makes of a series' beginning does not depend on its end.
The one exception says until when it looks (see `settled`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd
from pydantic import JsonValue

import engine.preparing.steps
from engine.nouns.run import Decisions
from engine.nouns.series import Series

Written = Mapping[str, JsonValue]
"""A step as JSON: its name under "step", and its decisions."""


def nothing(decisions: Any) -> pd.Timestamp | None:  # noqa: ARG001 - the answer of every step that looks at no later value
    return None


@dataclass(frozen=True)
class Step:
    """One declaration at the end of each file in engine/preparing/steps.

    apply(decisions, series) -> the new series and a sentence that says what was done. Raises Lesson where it cannot.
    """

    name: str
    title: str
    sentence: str
    """What it does, for someone who meets it for the first time."""
    decisions: type[Decisions]
    apply: Callable[[Any, Series], tuple[Series, str]]
    suited: Callable[[Series], dict[str, Any]] = lambda series: {}  # noqa: ARG005
    """Decisions that suit the series better than the defaults."""
    settled: Callable[[Any], pd.Timestamp | None] = nothing
    """Until when it may look at later values: nothing may be learned up to an earlier moment than this."""
    order: int = 100


@cache
def steps() -> dict[str, Step]:
    """Every step in engine/preparing/steps that declares STEP, by name, in the order in which they are offered."""
    found: dict[str, Step] = {}
    for module in pkgutil.iter_modules(engine.preparing.steps.__path__):
        declared = getattr(importlib.import_module(f"engine.preparing.steps.{module.name}"), "STEP", None)
        if declared is not None:
            found[declared.name] = declared
    return dict(sorted(found.items(), key=lambda item: item[1].order))
