"""What a view is: a pure function from a Trace to a Plotly figure and what fills it. Knows no view by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

import plotly.graph_objects as go

import dashboard.views
from engine.nouns.trace import Trace


@dataclass(frozen=True)
class Binding:
    """Which recorded array fills which attribute of which trace of a figure.

    mode "frame": the array `source` at the clock's step. "history": one number per recorded update, over the
    updates as x. "now": the one point of that history at the clock's step.
    source of a history: "loss", "validation", "norm", "scale", "learning_rate", "epoch", "before/<parameter>",
    or "event/<name>", which is 1 at the updates where that happened.
    """

    trace: int
    attribute: str
    source: str
    mode: Literal["frame", "history", "now"]
    reduce: Literal["", "norm"] = ""
    """"norm": the Euclidean norm over the last axis, no smaller than `floor`."""
    floor: float = 0.0
    grows: bool = False
    """The range of "z" (symmetric about zero) or "y" is that of the whole run, and grows when a value lies outside."""


@dataclass(frozen=True)
class Picture:
    """A figure, what fills it, and words. `picture_at` fills it in Python, the stage in the browser."""

    figure: go.Figure
    bindings: tuple[Binding, ...]
    sentence: str
    """What is shown."""
    how: str
    """How to read it."""
    cursors: tuple[str, ...] = ()
    """The x axes, such as "x2", on which a line marks the clock's step."""
    beside: Picture | None = None
    """A second figure in the same panel, beside this one or below it where there is little width."""
    title: str = ""
    """Where this run has a better one than its view."""


Options = Mapping[str, str]


def no_options(trace: Trace) -> dict[str, dict[str, str]]:  # noqa: ARG001 - the signature of every `options`
    return {}


@dataclass(frozen=True)
class View:
    """One declaration at the end of each file in dashboard/views."""

    name: str
    title: str
    needs: tuple[str, ...]
    """Names of signals, or their beginning followed by "*"; one of them has to be recorded. Empty: none."""
    picture: Callable[[Trace, Options], Picture]
    options: Callable[[Trace], dict[str, dict[str, str]]] = no_options
    """What a person may choose: by option, each value with its title in plain words. The first is the default."""
    asks: str = ""
    """The question before the options."""


@cache
def views() -> dict[str, View]:
    """Every view in dashboard/views that declares VIEW, by name."""
    found: dict[str, View] = {}
    for module in pkgutil.iter_modules(dashboard.views.__path__):
        declared = getattr(importlib.import_module(f"dashboard.views.{module.name}"), "VIEW", None)
        if declared is not None:
            found[declared.name] = declared
    return found
