"""What of a run goes to the stage: its history, and arrays of its updates, recorded or recomputed. Draws nothing."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from dashboard.scenes import Ask, of_window
from dashboard.stage.packing import pack
from dashboard.views.contract import probe_start
from engine import control
from engine.errors import Lesson
from engine.nouns.frame import Array
from engine.nouns.trace import Trace

HISTORIES = ("step", "epoch", "loss", "validation", "learning_rate", "norm", "scale")
WORKING = ("waiting", "running", "paused")
LARGEST_CHUNK = 64 * 2**20  # bytes of one answer
ALIVE_FOR = 0.5  # seconds one look at a worker's lock is believed: looking holds the lock for a moment

_seen_alive: dict[Path, tuple[float, bool]] = {}


def history(path: Path, after: int) -> bytes:
    """One number per update later than `after`, with the run's state and what its frames hold."""
    with Trace(path) as trace:
        steps = trace.history("step", after)
        # The worker may write between two queries: all columns are cut to what the first one saw.
        arrays = {name: trace.history(name, after)[: len(steps)] for name in HISTORIES}
        arrays["clipped norm"] = np.linalg.norm(trace.history("after", after)[: len(steps)], axis=1)
        arrays["before"] = trace.history("before", after)[: len(steps)]
        last = steps[-1] if len(steps) else -1
        header = {
            "parameters": list(trace.parameters),
            "events": [event for event in trace.events(after) if event[0] <= last],
            "signals": {s.name: {"shape": s.shape, "dtype": s.dtype} for s in trace.signals.values()},
            "updates": trace.facts.get("updates"),
            "measured": trace.facts.get("measured"),
            **_state(trace, path),
        }
    return pack(header, arrays)


def _state(trace: Trace, path: Path) -> dict[str, Any]:
    """What the worker says of itself; where it says it works and is not there, the run was interrupted."""
    status = trace.status
    working = status.state in WORKING and alive(path)
    lost = status.state in WORKING and not working
    return {"state": "interrupted" if lost else status.state, "message": status.message, "alive": working}


def alive(path: Path) -> bool:
    """Whether a worker is on the run, asked at most every `ALIVE_FOR` seconds however many look."""
    now = time.monotonic()
    at, was = _seen_alive.get(path, (-ALIVE_FOR, False))
    if now - at >= ALIVE_FOR:
        was = control.alive(path)
        _seen_alive[path] = (now, was)
    return was


def frames(
    path: Path,
    first: int,
    count: int,
    names: list[str],
    ask: Ask,
    start: int | None = None,
    cuts: Mapping[str, int] | None = None,
    unit: int = 0,
) -> bytes:
    """Arrays of `count` updates from position `first`: per signal (known, *shape), and who is missing.

    start: of the window; the probe window's, if None. What was not recorded of it is recomputed; what cannot be is
    refused with a sentence. cuts: by name, the axis along which only `unit` is wanted; its length is 1 then.
    """
    with Trace(path) as trace:
        steps, signals, probed = trace.steps_from(max(0, first), max(0, count)), trace.signals, probe_start(trace)
        start = probed if start is None else start
        recorded = [name for name in names if name in signals and of_window(name, start, probed)]
        size = sum(signals[name].bytes for name in recorded)
        if size * len(steps) > LARGEST_CHUNK:
            raise ValueError(f"{len(steps)} updates of these signals are more than {LARGEST_CHUNK} bytes.")
        there = {name: np.isin(steps, trace.recorded(name, steps)) for name in recorded}
        arrays = {name: trace.stack(name, steps[there[name]]) for name in recorded}
        others = [name for name in names if name not in recorded]
        known = np.isin(steps, trace.recorded("weights", steps)) if others else steps < 0
        seen, refused = _recomputed(path, steps[known], start, others, ask)
        there |= dict.fromkeys(seen, known)
    missing = {name: np.flatnonzero(~found).tolist() for name, found in there.items()}
    header = {"first": first, "count": len(steps), "missing": missing, "refused": refused}
    return pack(header, {name: _cut(array, (cuts or {}).get(name), unit) for name, array in {**arrays, **seen}.items()})


def _cut(array: NDArray[Any], axis: int | None, unit: int) -> NDArray[Any]:
    """One unit of an array (updates, *shape) along an axis of the shape."""
    if axis is None:
        return array
    if not 0 <= axis < array.ndim - 1:
        raise ValueError(f"A signal of {array.ndim - 1} axes has no axis {axis}.")
    return np.take(array, [min(max(unit, 0), array.shape[axis + 1] - 1)], axis + 1)


def _recomputed(
    path: Path, steps: NDArray[np.int64], start: int, names: list[str], ask: Ask
) -> tuple[dict[str, Array], dict[str, str]]:
    """The arrays by name, and for each name that cannot be had the reason."""
    if not names or not len(steps):
        return {}, dict.fromkeys(names, "The weights were not recorded.") if names else {}
    try:
        return dict(ask("look", path, steps=steps.tolist(), start=start, names=names)[1]), {}
    except Lesson as lesson:
        if len(names) == 1:
            return {}, {names[0]: str(lesson)}
    found: dict[str, Array] = {}
    refused: dict[str, str] = {}
    for name in names:  # one that cannot be had shall not take the others with it
        arrays, reasons = _recomputed(path, steps, start, [name], ask)
        found |= arrays
        refused |= reasons
    return found, refused
