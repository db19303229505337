"""What pictures of a sliding kernel share: picks of step and channel, lines that are drawn so far. Knows no view."""

from __future__ import annotations

from dataclasses import replace

import plotly.graph_objects as go

from dashboard.views.contract import Binding, Scene
from dashboard.views.filling import extent
from dashboard.views.windows import dates, steps

STEP = {"time": "time"}
CHANNEL = {"channel": "unit"}


def line(scene: Scene, figure: go.Figure, binding: Binding, hue: str, width: float, axis: str = "3") -> Binding:
    """A line over the window on the axes of that number, and the binding that fills it."""
    figure.add_scatter(
        x=steps(scene), xaxis=f"x{axis}", yaxis=f"y{axis}", mode="lines", line={"color": hue, "width": width},
        showlegend=False, customdata=dates(scene),
        hovertemplate="%{customdata} (step %{x})<br><b>%{y:.5g}</b><extra></extra>",
    )  # fmt: skip
    return replace(binding, trace=len(figure.data) - 1)


def from_zero(scene: Scene, figure: go.Figure, axis: str, source: str) -> None:
    """A y axis as far as the source goes over the run, zero among it."""
    low, high = extent(scene, Binding(0, "y", source, "frame")) or (-1.0, 1.0)
    low, high = min(low, 0.0), max(high, 0.0)
    margin = 0.08 * (high - low) or 1.0
    figure.update_layout({axis: {"range": [low - margin, high + margin]}})
