"""Fills a picture with what there is of one update. The stage does the same in JavaScript (bindings.js).

Knows no view. A test holds both fillings to the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.views.contract import SUBSTEPS, Binding, Picture, Scene
from dashboard.views.palette import NAIVE
from engine.errors import Lesson
from engine.nouns.trace import Trace

MARGIN = 0.04
"""Of its length: how far an axis reaches beyond what it grew for."""
FEW = 12
"""Updates that are looked at for a range where each has to be recomputed."""
BLOCK = 16
"""Updates that are looked at together."""


def picture_at(
    scene: Scene,
    picture: Picture,
    step: int,
    time: int = -1,
    unit: int = 0,
    substep: str = SUBSTEPS[0],
    phase: int | None = None,
) -> go.Figure:
    """The picture's figure, filled with what there is of update `step`; what is not there stays empty, and says so.

    time, unit, substep, phase: what the inner clock and the person's picks stand on; no phase is the last one.
    """
    figure, phase = go.Figure(picture.figure), picture.whole if phase is None else phase
    for number in picture.during.keys() | picture.phased.keys():
        there = phase in picture.phased.get(number, (phase,))
        figure.data[number].visible = there and substep in picture.during.get(number, (substep,))
    found = _found(scene, picture, step)
    missing = [b.source for b in picture.bindings if not _fill(figure, scene, b, step, found, (time, unit))]
    for axis in picture.cursors:
        _upright(figure, axis, step)
    for axis in picture.sweeps:
        _upright(figure, axis, time % scene.trace.run.window + 1)
    if missing:
        text = f"{missing[0]} was not recorded at update {step}"
        figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    return figure


def _found(scene: Scene, picture: Picture, step: int) -> dict[tuple[int, str], NDArray[Any]]:
    """The arrays that the picture's frames need, as far as there are any: by run and name."""
    found = {}
    for run, source in dict.fromkeys((b.run, b.source) for b in picture.bindings if b.mode == "frame"):
        try:
            found[run, source] = scene.of(run).look([step], [source])[source][0]
        except (KeyError, Lesson):
            if run:  # the others need not have been trained as long
                found[run, source] = np.full(scene.of(run).offered[source].shape, np.nan)
    return found


def _fill(
    figure: go.Figure,
    scene: Scene,
    binding: Binding,
    step: int,
    found: dict[tuple[int, str], NDArray[Any]],
    picks: tuple[int, int],
) -> bool:
    """False where there is nothing to fill with."""
    target = figure.data[binding.trace]
    if binding.mode == "frame":
        if (binding.run, binding.source) not in found:
            return False
        axes = scene.of(binding.run).offered[binding.source].axes
        shown = drawn(found[binding.run, binding.source], axes, binding, *picks)
        target[binding.attribute] = shown
        if binding.grows:
            _grow(figure, binding, shown)
        return True
    steps, numbers = historical(scene.trace, binding)
    if binding.mode == "now":
        steps, numbers = steps[steps == step], numbers[steps == step]
    target.x, target[binding.attribute] = steps, numbers
    if binding.grows:
        _grow(figure, binding, numbers)
    return True


def historical(trace: Trace, binding: Binding) -> tuple[NDArray[Any], NDArray[Any]]:
    """What is drawn over what: the history over its updates, or by rank; a row for each parameter where it has many.

    Of events only those that happened.
    """
    numbers = reduced(history(trace, binding.source), binding)
    if binding.source.startswith("event/"):
        happened = np.isfinite(numbers)
        return trace.steps[happened], numbers[happened]
    if binding.reduce != "sorted":
        return trace.steps, numbers.T
    ranked = np.sort(numbers[np.isfinite(numbers)])[::-1]
    return np.arange(1, len(ranked) + 1), ranked


def _upright(figure: go.Figure, axis: str, x: float) -> None:
    line = {"color": NAIVE, "width": 1}
    across = f"{axis} domain".replace("x", "y")
    figure.add_shape(type="line", x0=x, x1=x, y0=0, y1=1, xref=axis, yref=across, line=line)


def history(trace: Trace, source: str) -> NDArray[np.float64]:
    """One number per recorded update: a column of the frames, a norm, or 1 where an event happened.

    "before" has one for each parameter: (updates, parameters).
    """
    kind, _, name = source.partition("/")
    if source == "before":
        return trace.history("before")
    if source == "clipped norm":
        return np.asarray(np.linalg.norm(trace.history("after"), axis=1))
    if kind == "before":
        return trace.history("before")[:, list(trace.parameters).index(name)]
    if kind == "event":
        happened = [step for step, event in trace.events() if event == name]
        return np.where(np.isin(trace.steps, happened), 1.0, np.nan)
    return trace.history(kind)


def drawn(array: NDArray[Any], axes: tuple[str, ...], binding: Binding, time: int = -1, unit: int = 0) -> NDArray[Any]:
    """What of one update's array is drawn: cut where the binding says so, then reduced."""
    for axis in sorted(binding.at, key=axes.index, reverse=True):
        place, kind = axes.index(axis), binding.at[axis]
        length, pick = array.shape[place], unit if kind == "unit" else time
        pick = pick % length if pick < 0 else min(pick, length - 1)
        array = _veiled(array, place, kind, pick) if kind in ("until", "from") else np.take(array, pick, axis=place)
    return reduced(array, binding)


def _veiled(array: NDArray[Any], place: int, kind: str, pick: int) -> NDArray[Any]:
    """Without what lies after the pick, or before it, along one axis."""
    steps = np.arange(array.shape[place])
    gone = steps > pick if kind == "until" else steps < pick
    return np.where(gone.reshape(-1, *[1] * (array.ndim - 1 - place)), np.nan, array).astype(array.dtype)


def reduced(array: NDArray[Any], binding: Binding) -> NDArray[Any]:
    """The array as it is drawn: itself, its norm over the last axis, or, with a floor, its magnitude; in float64."""
    if binding.reduce == "norm":
        return np.asarray(np.maximum(np.linalg.norm(array.astype(np.float64), axis=-1), binding.floor))
    if not binding.floor:
        return array
    magnitude = np.asarray(np.maximum(np.abs(array.astype(np.float64)), binding.floor))
    return np.log10(magnitude) if binding.reduce == "log10" else magnitude


def extent(scene: Scene, binding: Binding, looked_at: int = 200, unit: int | None = None) -> tuple[float, float] | None:
    """The lowest and highest number drawn over the run, from `looked_at` updates evenly through it; None for none.

    Where they have to be recomputed it is a few updates only. A cut array counts whole: any cut may be drawn; with
    `unit`, of that unit alone.
    """
    axes = scene.offered[binding.source].axes if unit is not None else ()
    of_unit = [1 + axes.index(axis) for axis, pick in binding.at.items() if pick == "unit" and unit is not None]
    recorded = scene.recorded and binding.source in scene.trace.signals
    chosen = _through(scene, binding.source, looked_at) if recorded else _through(scene, "weights", FEW)
    low, high = np.inf, -np.inf
    try:
        for first in range(0, len(chosen), BLOCK):
            steps = chosen[first : first + BLOCK]
            array = scene.look(steps, [binding.source])[binding.source]
            for axis in of_unit:
                array = np.take(array, unit or 0, axis=axis)
            shown = reduced(array, binding)
            finite = shown[np.isfinite(shown)]
            low, high = min(low, finite.min(initial=np.inf)), max(high, finite.max(initial=-np.inf))
    except Lesson:  # the panel says it
        return None
    return (float(low), float(high)) if low <= high else None


def _through(scene: Scene, source: str, count: int) -> list[int]:
    """Recorded updates, evenly through the run, at most `count`."""
    known = scene.trace.recorded(source, scene.trace.steps)
    return [int(known[i]) for i in np.unique(np.linspace(0, len(known) - 1, min(len(known), count)).astype(int))]


def at_once(scene: Scene, sources: Sequence[str]) -> Scene:
    """The same scene, which has looked at all of `sources` already for their ranges: one question instead of many."""
    chosen = _through(scene, "weights", FEW)
    try:
        found = scene.look(chosen, sources) if chosen else {}
    except Lesson:  # the panel says it
        return scene

    def look(steps: Sequence[int], names: Sequence[str]) -> dict[str, NDArray[Any]]:
        if list(steps) == chosen and set(names) <= found.keys():
            return {name: found[name] for name in names}
        return scene.look(steps, names)

    return replace(scene, look=look)


def _grow(figure: go.Figure, binding: Binding, shown: NDArray[Any]) -> None:
    finite = shown[np.isfinite(shown)]
    if binding.attribute == "z":
        axis = figure.layout[figure.data[binding.trace].coloraxis or "coloraxis"]
        if binding.reduce == "log10":
            ends = [end for end in (axis.cmin, axis.cmax) if end is not None]  # none before there is anything
            if finite.size:
                axis.update(cmin=min([finite.min(), *ends]), cmax=max([finite.max(), *ends]))
            return
        limit = max(float(axis.cmax or 0), float(np.abs(finite).max(initial=0)))
        axis.update(cmin=-limit, cmax=limit)
    elif finite.size:
        axis = figure.layout[(figure.data[binding.trace].yaxis or "y").replace("y", "yaxis")]
        there = axis.range or (np.inf, -np.inf)
        drawn_on = np.log10(finite) if axis.type == "log" else finite
        low, high = min(there[0], drawn_on.min()), max(there[1], drawn_on.max())
        margin = MARGIN * (high - low)
        axis.range = [low - margin * (low < there[0]), high + margin * (high > there[1])]
