"""The BPTT triangle: from the loss at each time step, how much gradient arrives at every step before it.

Where a decoder writes the forecast, from the loss at each step ahead to every step of the window, and of the decoder.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.views.by_lag import OWN, by_lag
from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once, extent
from dashboard.views.palette import NAIVE, UNSEEN
from dashboard.views.scales import FLOOR, colour, powers
from dashboard.views.windows import dates, nothing, picked, series_line, time_axis
from dashboard.views.words import stamps_ahead, title, which_window

KINDS = ("hidden", "cell", "map", "encoder", "encoder_cell", "decoder", "decoder_cell")
WITHOUT = (
    "There is no triangle here: this model reads no forecast from a time step of its window, so no step has a loss of "
    "its own to send back. An RNN, an LSTM, a GRU, a CNN-RNN, a plain CNN or an encoder-decoder has one."
)


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """The states that a triangle can be drawn of."""
    names = [name.removeprefix("triangle/") for name in scene.offered if name.startswith("triangle/")]
    found = {name: title(name) for kind in KINDS for name in names if name.partition(".")[0] == kind}
    return {"signal": found} if found else {}


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen)
    if not name:
        return nothing(WITHOUT)
    own = [word for word in OWN if f"{word}/{name}" in scene.offered]
    scene = at_once(scene, [f"{word}/{name}" for word in ("triangle", "total", "decay", *own)])
    rows, columns = scene.offered[f"triangle/{name}"].axes[0], scene.offered[name].axes[0]
    figure, bindings = _triangle(scene, name, rows, columns)
    below = (
        "below, the row of the dotted time step: which of your values that loss listens to"
        if rows == "time"
        else f"below, each column's part of a row, on average over all rows: which {columns}s the forecast listens to"
    )
    return Picture(
        figure,
        bindings,
        f"How much of each loss's gradient reaches each {_step(columns)} before it, over {which_window(scene)}: "
        f"{title(name)}",
        f"One row is the loss at one {_step(rows)}, one column the {_step(columns)} its gradient travelled back to; "
        + ("the diagonal is where it starts, and " if rows == columns else "it starts at the right, and ")
        + f"colour is its size in powers of ten. {_trained(scene, rows)} To the right, all of a row together; {below}. "
        "The second figure is the mean by how far the gradient travelled, as a share of where it began: a straight "
        "line down is a gradient that shrinks by the same factor at every step; dotted are such factors, dashed is "
        "what this layer's own steps leave, and the lines of runs put beside this one are on the same clock. "
        f"Magnitudes below {FLOOR:g} are drawn as {FLOOR:g}.",
        sweeps=("x", "x3") if columns == "time" else (),
        beside=by_lag(scene, name),
    )


def _step(axis: str) -> str:
    return "time step" if axis == "time" else axis


def _trained(scene: Scene, rows: str) -> str:
    """Which of these losses the model learns from."""
    if rows != "time" or scene.trace.run.settings.get("topology") == "sequence-to-sequence":
        return "The model learns from all of these losses together."
    return (
        "The model itself learns from the last row alone; the rows above say what an earlier loss, read by its own "
        "head, would have sent."
    )


def _triangle(scene: Scene, name: str, rows: str, columns: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    cell = Binding(0, "z", f"triangle/{name}", "frame", "log10", FLOOR, grows=True)
    total = Binding(1, "x", f"total/{name}", "frame", floor=FLOOR)
    part = (
        Binding(2, "y", f"share/{name}", "frame", at={"time": "time"})
        if rows == "time"
        else Binding(2, "y", f"listened/{name}", "frame")
    )
    L, S = scene.offered[f"triangle/{name}"].shape
    losses, sources = np.arange(1, L + 1), np.arange(1, S + 1)
    when = dates(scene) if columns == "time" else stamps_ahead(scene.trace, scene.start)
    figure = go.Figure(
        [
            go.Heatmap(
                x=sources, y=losses, coloraxis="coloraxis", hoverongaps=False,
                hovertemplate=f"loss at {_step(rows)} %{{y}}, arriving at {_step(columns)} %{{x}}<br>"
                "<b>%{customdata[0]:.4g}</b><br>%{customdata[1]:.3g} of what it began with,<br>"
                "× %{customdata[2]:.3g} at each step<extra></extra>",
            ),
            go.Bar(
                y=losses, orientation="h", xaxis="x2", marker={"color": NAIVE}, showlegend=False,
                hovertemplate=f"loss at {_step(rows)} %{{y}}<br>all together <b>%{{x:.4g}}</b><extra></extra>",
            ),
            go.Bar(
                x=sources, xaxis="x3", yaxis="y3", marker={"color": UNSEEN}, opacity=0.75, showlegend=False,
                customdata=when,
                hovertemplate="%{customdata} (step %{x})<br>share of the row <b>%{y:.2%}</b><extra></extra>",
            ),
        ]
    )  # fmt: skip
    if columns == "time":
        figure.add_trace(series_line(scene, xaxis="x3", yaxis="y4"))
    lowest, highest = extent(scene, total) or (FLOOR, 1.0)
    span = [np.log10(lowest) - 0.3, np.log10(highest) + 0.1]
    across = _across(scene, columns, S)
    calm(
        figure,
        xaxis={**across, "title": None, "showticklabels": False, "anchor": "y"},
        yaxis={"title": f"loss at {'step' if rows == 'time' else rows}", "range": [L + 0.5, 0.5], "domain": [0.34, 1],
               "showgrid": False} | _counted(L),
        xaxis2={"domain": [0.86, 1], "type": "log", "range": span, "showticklabels": False, "showgrid": False,
                "anchor": "y", "fixedrange": True},
        xaxis3={**across, "anchor": "y3", "matches": "x"},
        yaxis3={"domain": [0, 0.27], "anchor": "x3", "rangemode": "tozero", "tickformat": ".0%", "nticks": 3},
        yaxis4={"overlaying": "y3", "side": "right", "showgrid": False, "visible": False, "anchor": "x3"},
        bargap=0.1,
        margin={"l": 8, "r": 8, "t": 22, "b": 42},
    )  # fmt: skip
    heading(figure, "all of it", 2, yref="y domain")
    values = "your values; " if columns == "time" else ""
    heading(figure, f"{values}{'the dotted row' if rows == 'time' else 'the mean row'}'s shares", 3)
    bar = {"len": 0.66, "y": 1, "yanchor": "top"}
    colour(figure, {"coloraxis": ("sequential", powers(scene, cell, **bar))})
    way = Binding(0, "customdata", f"way/{name}", "frame")
    return figure, (cell, way, total, part)


def _across(scene: Scene, columns: str, count: int) -> dict[str, Any]:
    if columns == "time":
        return time_axis(scene, domain=[0, 0.84])
    return {"range": [0.5, count + 0.5], "title": columns, "showgrid": False, "domain": [0, 0.84]} | _counted(count)


def _counted(count: int) -> dict[str, Any]:
    """Ticks at whole steps, where there are so few that Plotly would put some between them."""
    return {"dtick": 1} if count <= 8 else {}  # noqa: PLR2004


VIEW = View(
    "triangle",
    "Back through time",
    ("triangle/*",),
    picture,
    options,
    "The gradient of",
    WITHOUT,
    {"gated": False},
)
