"""What one unit's cell holds at every time step, stacked by how long ago it was written. Knows no other picture."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.views.contract import Binding, Picture, Scene
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import extent
from dashboard.views.palette import INK, INKED
from dashboard.views.windows import dates, steps, time_axis
from engine.deriving.memory import AGES

HUES = ("#0b454c", "#1d6567", "#33888a", "#63aaa4", "#97c8bf", "#c3ddd6")
"""From what was just written to what is old: the sequential scale's, dark to pale."""
HERE = {"unit": "unit"}


def by_age_of(scene: Scene, name: str) -> Picture:
    """Bars that add up to the picked unit's cell; those below zero hang from it."""
    figure, bindings = go.Figure(), []
    for number, (age, hue) in enumerate(zip(AGES, HUES, strict=True)):
        bindings.append(Binding(number, "y", f"age {number}/{name}", "frame", grows=True, at=HERE))
        figure.add_bar(
            x=steps(scene), name=words(*age), marker={"color": hue}, customdata=dates(scene),
            hovertemplate=f"held at %{{customdata}} (step %{{x}})<br>written {words(*age)}<br><b>%{{y:.4g}}</b>"
            "<extra></extra>",
        )  # fmt: skip
    bindings.append(Binding(len(AGES), "y", name, "frame", grows=True, at=HERE))
    figure.add_scatter(
        x=steps(scene), mode="lines", name="the cell", line={"color": INK, "width": 1.6}, meta=INKED,
        customdata=dates(scene),
        hovertemplate="cell at %{customdata} (step %{x})<br><b>%{y:.4g}</b><extra></extra>",
    )  # fmt: skip
    ends = [end for binding in bindings for end in extent(scene, binding, unit=0) or ()] or [-1.0, 1.0]
    reach = 1.1 * max(-min(ends), max(ends)) or 1.0
    calm(
        figure,
        barmode="relative",
        bargap=0.08,
        xaxis=time_axis(scene, title="held at time step"),
        yaxis={"range": [-reach, reach], "zeroline": True, "zerolinecolor": "rgba(128,128,128,.5)"},
        margin={"l": 42, "r": 8, "t": 64, "b": 42},
    )
    heading(figure, "what the cell holds, by its age")
    return Picture(figure, tuple(bindings), "", "", sweeps=("x",))


def words(first: int, end: int | None) -> str:
    """An age in words."""
    if end is None:
        return f"{first} steps ago and more"
    if first == 0:
        return "now"
    return f"{first} ago" if end == first + 1 else f"{first} to {end - 1} ago"
