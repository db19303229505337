"""What a view is: a pure function from a Scene to a Plotly figure and what fills it. Knows no view by name."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from typing import Literal

import plotly.graph_objects as go
from pydantic import JsonValue

import dashboard.views
from engine.nouns.frame import Array, Signal
from engine.nouns.trace import Trace
from engine.preparing.prepare import split_of


@dataclass(frozen=True)
class Scene:
    """A run and a window of its series, as a view meets them.

    Raises Lesson, or KeyError for an update that was not recorded, where it looks.
    """

    trace: Trace
    offered: Mapping[str, Signal]
    """What was recorded, and what can be recomputed from the recorded weights, by name."""
    start: int
    """The index of the value where the window begins that is looked at; usually that of the probe window."""
    look: Callable[[Sequence[int], Sequence[str]], dict[str, Array]]
    """(steps, names) -> arrays (len(steps), *shape) by name."""
    others: tuple[Scene, ...] = ()
    """The runs that a person put beside this one, for a view that draws them into the same figure."""

    def of(self, run: int) -> Scene:
        """The scene itself for 0, else that of a run beside it."""
        return self.others[run - 1] if run else self

    @property
    def recorded(self) -> bool:
        """Whether the window is the one of which signals were recorded."""
        return self.start == probe_start(self.trace)


def probe_start(trace: Trace) -> int:
    """The index of the value where the window begins of which signals are recorded: the last before the split."""
    return split_of(trace.run, trace.values) - trace.run.window


@dataclass(frozen=True)
class Binding:
    """Which array fills which attribute of which trace of a figure.

    mode "frame": the array `source`, a name that the scene offers, at the clock's step. "history": one number per
    recorded update, over the updates as x. "now": the one point of that history at the clock's step.
    source of a history: "loss", "validation", "norm", "clipped norm", "scale", "learning_rate", "epoch",
    "before/<parameter>", or "event/<name>", which is 1 at the updates where that happened; or "before" for a heatmap
    with a row for each parameter.
    """

    trace: int
    attribute: str
    source: str
    mode: Literal["frame", "history", "now"]
    reduce: Literal["", "norm", "log10", "sorted"] = ""
    """"norm": the Euclidean norm over the last axis, no smaller than `floor`. "log10": of the magnitude, likewise.

    "sorted": a history's numbers from the largest down, over their rank from 1.
    """
    floor: float = 0.0
    grows: bool = False
    """The range of "z" (about zero, save of logarithms) or "y" is that of the run, and grows with a value outside."""
    at: Mapping[str, str] = field(default_factory=dict)
    """Axis -> "time" (the inner clock) or "unit" (the one picked): there the array is cut before it is reduced.

    Axis -> "until" or "from": nothing is drawn after, or before, the inner clock's time step.
    """
    run: int = 0
    """Whose array: 0 the scene's own, n that of the n-th run beside it, at the same update; NaN where it has none."""


@dataclass(frozen=True)
class Picture:
    """A figure, what fills it, and words. `picture_at` fills it in Python, the stage in the browser."""

    figure: go.Figure
    bindings: tuple[Binding, ...]
    sentence: str
    """What is shown."""
    how: str
    """How to read it. The first sentence is what a beginner is told; the others are a press away."""
    cursors: tuple[str, ...] = ()
    """The x axes, such as "x2", on which a line marks the clock's step."""
    sweeps: tuple[str, ...] = ()
    """The x axes that count the window's steps from 1, on which a line marks the time step of the inner clock."""
    during: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    """By number of a trace, the only sub-steps at which it is there; all other traces always are."""
    acts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By x axis, such as "x2", the sub-steps at which what is drawn over it comes about; at others it is pale."""
    phases: Mapping[str, str] = field(default_factory=dict)
    """Of a picture that is made step by step, what each step is called and what it does: one is shown at a time."""
    phased: Mapping[int, tuple[int, ...]] = field(default_factory=dict)
    """By number of a trace, the only phases, counted from 0, at which it is there; all other traces always are."""
    reaches: Mapping[int, int] = field(default_factory=dict)
    """By number of a trace, how many values, the last at its own time step, a point of it depends on.

    While a pointer is over it the stage marks them on the figure's first axes.
    """
    beside: Picture | None = None
    """A second figure in the same panel, beside this one or below it where there is little width."""
    title: str = ""
    """Where this run has a better one than its view."""

    @property
    def whole(self) -> int:
        """The phase it opens on: the last one, when all is done."""
        return max((phase for some in self.phased.values() for phase in some), default=0)


def parts(picture: Picture) -> list[Picture]:
    """The picture and what stands beside it."""
    return [picture, *(parts(picture.beside) if picture.beside else [])]


SUBSTEPS = ("forward", "loss", "backward", "clip", "update")
"""What an update is made of, in order; clock.js has them too."""
Options = Mapping[str, str]


def no_options(scene: Scene) -> dict[str, dict[str, str]]:  # noqa: ARG001 - the signature of every `options`
    return {}


@dataclass(frozen=True)
class View:
    """One declaration at the end of each file in dashboard/views."""

    name: str
    title: str
    needs: tuple[str, ...]
    """Names of signals, or their beginning followed by "*"; one of them has to be offered. Empty: none."""
    picture: Callable[[Scene, Options], Picture]
    options: Callable[[Scene], dict[str, dict[str, str]]] = no_options
    """What a person may choose: by option, each value with its title in plain words. The first is the default."""
    asks: str = ""
    """The question before the options."""
    without: str = ""
    """What is said of a run that offers none of `needs`: what the model lacks, and which setting would give it."""
    with_settings: Mapping[str, JsonValue] = field(default_factory=dict)
    """Settings under which a model that has them offers what is needed."""
    zoom: Literal["run", "window"] = "window"
    """How near it looks: at all updates of the run, or into the window at one."""

    def lacking(self, scene: Scene) -> str:
        """Why there is nothing to see, in a sentence; "" where there is something."""
        if not self.needs or any(fnmatchcase(name, need) for need in self.needs for name in scene.offered):
            return ""
        return self.without or f"This model has no {self.title.lower()}: it has no signal such as {self.needs[0]}."

    def would_need(self, scene: Scene) -> dict[str, JsonValue]:
        """The settings that this run would have to be trained with; empty where none of its model's would do."""
        own = scene.trace.run.settings
        wanted = {name: value for name, value in self.with_settings.items() if name in own and own[name] != value}
        return wanted if self.lacking(scene) else {}


@cache
def views() -> dict[str, View]:
    """Every view in dashboard/views that declares VIEW, by name."""
    found: dict[str, View] = {}
    for module in pkgutil.iter_modules(dashboard.views.__path__):
        declared = getattr(importlib.import_module(f"dashboard.views.{module.name}"), "VIEW", None)
        if declared is not None:
            found[declared.name] = declared
    return found
