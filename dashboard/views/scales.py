"""Colour scales of the drawing grammar: signed about zero, magnitudes in powers of ten, shares. Knows no signal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Scene
from dashboard.views.filling import extent
from dashboard.views.palette import SCALES

FLOOR = 1e-12
"""Below this a magnitude is drawn as this: the foot of every logarithmic scale."""
BAR = {"thickness": 8, "outlinewidth": 0, "tickfont": {"size": 10}, "xpad": 4, "ypad": 0}
"""A slim legend of colours beside a heatmap."""

Axis = dict[str, Any]


def reach(scene: Scene, binding: Binding) -> float:
    """The largest magnitude of the run; 0 where there is nothing yet, or nothing but zeros."""
    return max(map(abs, extent(scene, binding) or (0.0,)))


def about_zero(scene: Scene, binding: Binding, room: float = 1.1) -> list[float]:
    """The range of an axis about zero: `room` times as far as the first unit's numbers go; another's make it grow."""
    low, high = extent(scene, binding, unit=0) or (-1.0, 1.0)
    limit = room * max(-low, high) or 1.0
    return [-limit, limit]


def signed(scene: Scene, binding: Binding, **bar: Any) -> Axis:
    """Symmetric about zero, as far as the run goes; open before there is anything: the first numbers then set it."""
    limit = reach(scene, binding)
    ends = {"cmin": -limit, "cmax": limit} if limit else {}
    return {**ends, "colorbar": {**BAR, "nticks": 5, **bar}}


def powers(scene: Scene, binding: Binding, **bar: Any) -> Axis:
    """log10 of a magnitude, as far as the run goes, open before there is anything; ticked in powers of ten."""
    known = extent(scene, binding)
    if known is None:
        return {"colorbar": {**BAR, **powers_between(np.log10(FLOOR), -np.log10(FLOOR), 24), **bar}}
    low, high = known
    low, high = (low, high) if high - low > 1 else (high - 1, high)
    ticks = powers_between(low, high)
    return {"cmin": low, "cmax": high, "colorbar": {**BAR, **ticks, **bar}}


def powers_between(low: float, high: float, most: int = 6) -> dict[str, Any]:
    """Ticks at whole powers of ten on an axis of logarithms."""
    first, last = int(np.ceil(low)), int(np.floor(high))
    stride = max(1, -(-(last - first + 1) // most))
    exponents = [e for e in range(first, last + 1) if e % stride == 0]
    return {"tickvals": exponents, "ticktext": [f"10<sup>{str(e).replace('-', '−')}</sup>" for e in exponents]}


def logarithmic(low: float, high: float, **more: Any) -> Axis:
    """An axis from `low` to `high`, ticked at whole powers of ten, or at 1, 2, 5 where it has few of them."""
    decades = np.log10(high) - np.log10(low)
    ticks = (
        {"dtick": "D2", "tickformat": "~g"} if decades < 2 else {"dtick": -(-decades // 6), "exponentformat": "power"}
    )
    margin = 0.03 * decades + 0.02
    return {"type": "log", "range": [np.log10(low) - margin, np.log10(high) + margin], **ticks, **more}


def spanning(scene: Scene, figure: go.Figure, bindings: Iterable[Binding]) -> list[float]:
    """From the lowest to the highest of the lines drawn so far and of what fills others over the run.

    So that the axis stands still.
    """
    known = np.concatenate([np.asarray(line.y, float) for line in figure.data if line.y is not None])
    ends = [*known[np.isfinite(known)], *(end for b in bindings for end in extent(scene, b, 100) or ())]
    margin = 0.04 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - margin, max(ends) + margin]


def share(**bar: Any) -> Axis:
    """From nothing to all."""
    return {"cmin": 0, "cmax": 1, "colorbar": {**BAR, "nticks": 5, **bar}}


def colour(figure: go.Figure, axes: Mapping[str, tuple[str, Axis]]) -> None:
    """Gives a figure its colour axes: by name, the family of the palette and the range."""
    scales = {name: family for name, (family, _) in axes.items()}
    figure.update_layout(
        {name: {"colorscale": SCALES[family]["light"], **axis} for name, (family, axis) in axes.items()},
        meta={"scales": scales},
    )
