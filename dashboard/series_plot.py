"""A series as a picture: its line, what was missing, thinned where it is long. Knows no page and no model."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.views.drawing import calm
from dashboard.views.palette import TRAINING, UNSEEN
from engine.nouns.series import Series

MOST_POINTS = 5_000
BUCKETS = 1_600


def figure(series: Series, missing: NDArray[np.bool_]) -> go.Figure:
    """The series over time; filled values over the line, values left missing as ticks below it."""
    shown = positions(series.values, missing)
    stamps, values = series.index[shown].to_numpy(), series.values[shown]
    name = series.unit or "value"
    drawn = calm(go.Figure(), height=340, hovermode="x unified", showlegend=bool(missing.any()))
    drawn.add_scatter(x=stamps, y=values, mode="lines", name=series.name, line={"color": TRAINING, "width": 1.6})
    drawn.update_traces(hovertemplate="%{y:,.6~g}<extra></extra>")
    empty = np.isnan(values)
    filled = missing[shown] & ~empty
    if filled.any():
        _add_filled(drawn, stamps, np.where(filled, values, np.nan))
    if empty.any():
        _add_empty(drawn, stamps[empty], series.values)
    drawn.update_layout(font={"color": None}, yaxis_title=name, dragmode="zoom")
    return drawn


def _add_filled(drawn: go.Figure, stamps: NDArray[np.datetime64], values: NDArray[np.float64]) -> None:
    drawn.add_scatter(
        x=stamps,
        y=values,
        mode="lines+markers",
        name="filled",
        line={"color": UNSEEN, "width": 1.6},
        marker={"size": 4},
        hovertemplate="filled<extra></extra>",
    )


def _add_empty(drawn: go.Figure, stamps: NDArray[np.datetime64], values: NDArray[np.float64]) -> None:
    floor = np.nanmin(values) - 0.06 * max(float(np.nanmax(values) - np.nanmin(values)), 1e-12)
    tick = {"symbol": "line-ns", "size": 9, "color": UNSEEN, "line": {"color": UNSEEN, "width": 1.4}}
    drawn.add_scatter(
        x=stamps,
        y=np.full(len(stamps), floor),
        mode="markers",
        name="missing",
        marker=tick,
        hovertemplate="missing<extra></extra>",
    )


def positions(values: NDArray[np.float64], missing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Which values to draw: all, or of each of 1,600 equal stretches the lowest, the highest and the first missing."""
    if len(values) <= MOST_POINTS:
        return np.arange(len(values))
    edges = np.linspace(0, len(values), BUCKETS + 1).astype(np.int64)
    kept = {0, len(values) - 1}
    for start, end in zip(edges[:-1], edges[1:], strict=True):
        stretch = values[start:end]
        if np.isfinite(stretch).any():
            kept |= {int(start + np.nanargmin(stretch)), int(start + np.nanargmax(stretch))}
        if missing[start:end].any():
            kept.add(int(start + np.argmax(missing[start:end])))
    return np.array(sorted(kept))


def spark(values: NDArray[np.float64], height: int) -> str:
    """The shape of a series as a small SVG line in the colour that models learn from."""
    known = values[np.isfinite(values)]
    thin = known[:: max(1, len(known) // 240)]
    across = np.linspace(2, 398, len(thin))
    down = height - 4 - (thin - thin.min()) / max(np.ptp(thin), 1e-12) * (height - 8)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    line = f'<polyline points="{points}" fill="none" stroke="{TRAINING}" stroke-width="1.5" stroke-linejoin="round"/>'
    size = f'viewBox="0 0 400 {height}" width="400" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}</svg>'
