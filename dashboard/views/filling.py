"""Fills a picture with what was recorded at one update. The stage does the same in JavaScript (bindings.js).

Knows no view. A test holds both fillings to the same numbers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.views.contract import Binding, Picture
from dashboard.views.palette import NAIVE
from engine.nouns.trace import Trace

MARGIN = 0.04
"""Of its length: how far an axis reaches beyond what it grew for."""


def picture_at(trace: Trace, picture: Picture, step: int) -> go.Figure:
    """The picture's figure, filled with what was recorded at `step`; what was not recorded stays empty, and says so."""
    figure = go.Figure(picture.figure)
    missing = [b.source for b in picture.bindings if not _fill(figure, trace, b, step)]
    for axis in picture.cursors:
        line = {"color": NAIVE, "width": 1}
        figure.add_shape(
            type="line", x0=step, x1=step, y0=0, y1=1, xref=axis, yref=f"{axis} domain".replace("x", "y"), line=line
        )
    if missing:
        text = f"{missing[0]} was not recorded at update {step}"
        figure.add_annotation(text=text, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False)
    return figure


def _fill(figure: go.Figure, trace: Trace, binding: Binding, step: int) -> bool:
    """False where the recording has nothing to fill with."""
    target = figure.data[binding.trace]
    if binding.mode == "frame":
        try:
            shown = reduced(trace.stack(binding.source, [step])[0], binding)
        except KeyError:
            return False
        target[binding.attribute] = shown
        if binding.grows:
            _grow(figure, binding, shown)
        return True
    steps, numbers = trace.steps, history(trace, binding.source)
    if binding.mode == "now":
        steps, numbers = steps[steps == step], numbers[steps == step]
    target.x, target[binding.attribute] = steps, numbers
    return True


def history(trace: Trace, source: str) -> NDArray[np.float64]:
    """One number per recorded update: a column of the frames, one parameter's norm, or 1 where an event happened."""
    kind, _, name = source.partition("/")
    if kind == "before":
        return trace.history("before")[:, list(trace.parameters).index(name)]
    if kind == "event":
        happened = [step for step, event in trace.events() if event == name]
        return np.where(np.isin(trace.steps, happened), 1.0, np.nan)
    return trace.history(kind)


def reduced(array: NDArray[Any], binding: Binding) -> NDArray[Any]:
    """The array as it is drawn: itself, its norm over the last axis, or, with a floor, its magnitude; in float64."""
    if binding.reduce == "norm":
        return np.asarray(np.maximum(np.linalg.norm(array.astype(np.float64), axis=-1), binding.floor))
    if not binding.floor:
        return array
    return np.asarray(np.maximum(np.abs(array.astype(np.float64)), binding.floor))


def extent(trace: Trace, binding: Binding, looked_at: int = 200) -> tuple[float, float] | None:
    """The lowest and highest number drawn over the run, from `looked_at` updates evenly through it; None for none."""
    steps = trace.recorded(binding.source, trace.steps)
    chosen = steps[np.unique(np.linspace(0, len(steps) - 1, min(len(steps), looked_at)).astype(int))]
    low, high = np.inf, -np.inf
    for step in chosen:
        shown = reduced(trace.stack(binding.source, [step])[0], binding)
        finite = shown[np.isfinite(shown)]
        low, high = min(low, finite.min(initial=np.inf)), max(high, finite.max(initial=-np.inf))
    return (float(low), float(high)) if low <= high else None


def _grow(figure: go.Figure, binding: Binding, shown: NDArray[Any]) -> None:
    finite = shown[np.isfinite(shown)]
    if binding.attribute == "z":
        axis = figure.layout.coloraxis
        limit = max(float(axis.cmax or 0), float(np.abs(finite).max(initial=0)))
        axis.update(cmin=-limit, cmax=limit)
    elif finite.size:
        axis = figure.layout[(figure.data[binding.trace].yaxis or "y").replace("y", "yaxis")]
        there = axis.range or (np.inf, -np.inf)
        drawn = np.log10(finite) if axis.type == "log" else finite
        low, high = min(there[0], drawn.min()), max(there[1], drawn.max())
        margin = MARGIN * (high - low)
        axis.range = [low - margin * (low < there[0]), high + margin * (high > there[1])]
