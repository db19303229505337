"""Scenes of real runs: what is in the file is read from it, everything else is asked of a process that has torch.

Knows no view, and keeps nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from dashboard.views.contract import Scene, probe_start
from engine.contract import models
from engine.nouns.frame import Array, Signal
from engine.nouns.trace import Trace

Ask = Callable[..., Any]
"""As Nursery.ask: (question, path, **more) -> (answer, arrays)."""
OF_NO_WINDOW = ("weights", "ahead")
"""Recorded signals that are the same whichever window is looked at."""


class Offered(Mapping[str, Signal]):
    """What was recorded, then what can be recomputed; that is asked for only when it is needed."""

    def __init__(self, trace: Trace, more: Callable[[], Mapping[str, Signal]]) -> None:
        self._recorded, self._more = trace.signals, more
        self._known: dict[str, Signal] | None = None

    @property
    def _all(self) -> dict[str, Signal]:
        if self._known is None:
            self._known = {**self._recorded, **{n: s for n, s in self._more().items() if n not in self._recorded}}
        return self._known

    def __getitem__(self, name: str) -> Signal:
        return self._recorded[name] if name in self._recorded else self._all[name]

    def __iter__(self) -> Iterator[str]:
        yield from self._recorded
        yield from (name for name in self._all if name not in self._recorded)

    def __len__(self) -> int:
        return len(self._all)


def scene(trace: Trace, ask: Ask, start: int | None = None, more: Callable[[], Mapping[str, Signal]] = dict) -> Scene:
    """The scene of a window, by default the probe window. more: what can be recomputed."""
    start = probe_start(trace) if start is None else start
    return Scene(trace, Offered(trace, more), start, partial(_look, trace, ask, start))


def can_be_looked_into(trace: Trace) -> bool:
    """Whether anything but what was recorded can be had."""
    return models()[trace.run.model].lens is not None


def in_file(trace: Trace, name: str, start: int) -> bool:
    """Whether the run file has that signal of the window that begins there."""
    return name in trace.signals and of_window(name, start, probe_start(trace))


def of_window(name: str, start: int, probed: int) -> bool:
    """Whether a recorded signal, recorded of the window that begins at `probed`, is that of the one at `start`."""
    return name in OF_NO_WINDOW or start == probed


def offered(trace: Trace, ask: Ask) -> dict[str, Signal]:
    """What can be recomputed for a run."""
    if not can_be_looked_into(trace):
        return {}
    told = ask("offered", trace.path)[0]
    return {s["name"]: Signal(s["name"], tuple(s["axes"]), tuple(s["shape"]), s["dtype"]) for s in told}


def _look(trace: Trace, ask: Ask, start: int, steps: Sequence[int], names: Sequence[str]) -> dict[str, Array]:
    steps = [int(step) for step in steps]
    found = {name: trace.stack(name, steps) for name in names if in_file(trace, name, start)}
    others = [name for name in names if name not in found]
    if others:
        found |= ask("look", trace.path, steps=steps, start=start, names=others)[1]
    return found
