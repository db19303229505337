"""Clip and update: one parameter's gradient as it came, as it was clipped, and the step that each weight took."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once
from dashboard.views.palette import CLIPPED, INK, INKED, NAIVE
from dashboard.views.scales import about_zero, colour, signed
from dashboard.views.windows import nothing, picked

WITHOUT = (
    "Nothing is clipped or stepped here: a likelihood is maximised as a whole, without batches and their gradients."
)
REST, BEFORE, BACK, CLIP, UPDATE = ("forward",), ("loss",), ("backward",), ("clip",), ("update",)
"""Where the clock rests, the whole update is seen."""
ROOM = 1.06
"""Of the bars' axes, beyond the longest."""
FIRST = "W_h"
"""The weights between the time steps, where there are some: what vanishes or explodes does so through them."""
KERNEL = {"row": "unit"}
"""Of a parameter with three axes the picked channel's kernel is drawn."""


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """Every parameter that takes a step."""
    names = [name for name in scene.trace.parameters if f"step/{name}" in scene.offered]
    names.sort(key=lambda name: (not name.startswith(FIRST), -prod(scene.trace.parameters[name])))
    return {"parameter": {name: name for name in names}} if names else {}


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen, "parameter")
    if not name:
        return nothing(WITHOUT)
    sources = [f"{word}/{name}" for word in ("batch gradient", "clipped gradient", "weight before", "step")]
    scene, settings = at_once(scene, [*sources, f"weight after/{name}"]), scene.trace.run.settings
    by_value = settings.get("clip_by") == "value"
    how = {
        "none": "This run clips nothing, so both gradients are the same.",
        "value": f"Every number beyond ±{settings.get('clip')} is cut to that.",
        "norm": "Where the whole gradient is too long, every number of every parameter is multiplied by the same "
        "factor, which stands between the two: the pattern stays and pales.",
    }["none" if not settings.get("clip") else "value" if by_value else "norm"]
    return Picture(
        *_gradients(scene, name, by_value=by_value),
        f"What one update does to {name}: its gradient as it came back and as it was clipped, and the step of every "
        "weight",
        "Go through the sub-steps: what comes about at one is in full colour, the rest is pale. At backward the "
        f"batch's gradient is there, at clip what is left of it. {how} At update {settings.get('optimiser')} makes a "
        "step of it: weight before + step = weight after. The bars are the picked row, number by number: grey as it "
        "came, pink as it was clipped, and below them the steps. Click a cell to pick its row and to see its "
        "arithmetic. Weights and factor are the recorded ones, the gradient is worked out again from them.",
        acts={"x": (*REST, *BACK, *CLIP), "x2": (*REST, *CLIP)},
        beside=_row(scene, name),
    )


def _cut(scene: Scene, name: str) -> dict[str, str]:
    return KERNEL if len(scene.offered[f"step/{name}"].shape) == 3 else {}


def _heatmap(scene: Scene, name: str, figure: go.Figure, number: int, word: str, axis: str) -> Binding:
    """One of several, side by side: rows down, columns across."""
    *_, rows, columns = scene.offered[f"step/{name}"].shape
    down, across = ("column", "tap") if _cut(scene, name) else ("row", "column")
    figure.add_heatmap(
        x=np.arange(1, columns + 1), y=np.arange(1, rows + 1), coloraxis=axis,
        xaxis="x" if number == 1 else f"x{number}", yaxis="y" if number == 1 else f"y{number}",
        hovertemplate=f"{down} %{{y}}, {across} %{{x}}<br>{word} <b>%{{z:.5g}}</b><extra></extra>",
    )  # fmt: skip
    source = f"{word}/{name}"
    return Binding(len(figure.data) - 1, "z", source, "frame", grows=True, at=_cut(scene, name))


def _grid(scene: Scene, name: str, count: int) -> dict[str, Any]:
    """Axes for `count` heatmaps side by side."""
    *_, rows, columns = scene.offered[f"step/{name}"].shape
    down, across = ("column", "tap") if _cut(scene, name) else ("row", "column")
    share, axes = 1 / count, {}
    for n in range(count):
        end = "" if n == 0 else str(n + 1)
        axes[f"xaxis{end}"] = {
            "domain": [n * share + 0.02 * (n > 0), (n + 1) * share - 0.02 * (n < count - 1)], "anchor": f"y{end}",
            "range": [0.5, columns + 0.5], "showgrid": False, "tickvals": _ticks(columns), "title": across,
        }  # fmt: skip
        axes[f"yaxis{end}"] = {
            "range": [rows + 0.5, 0.5], "anchor": f"x{end}", "showgrid": False, "showticklabels": n == 0,
            "tickvals": _ticks(rows), **({"title": down} if n == 0 else {}),
        }  # fmt: skip
    return axes


def _ticks(count: int) -> list[int]:
    """The first, the middle and the last, counted from 1."""
    return sorted({1, (count + 1) // 2, count})


def _gradients(scene: Scene, name: str, *, by_value: bool) -> tuple[go.Figure, tuple[Binding, ...]]:
    figure = go.Figure()
    bindings = [
        _heatmap(scene, name, figure, number, word, "coloraxis")
        for number, word in ((1, "batch gradient"), (2, "clipped gradient"))
    ]
    if not by_value:
        bindings.append(Binding(2, "customdata", "clip factor", "frame"))
        figure.add_scatter(
            x=[0], y=[0], xaxis="x3", yaxis="y3", mode="text", texttemplate="× %{customdata:.3g} =", hoverinfo="skip",
            textposition="middle right", textfont={"size": 12, "color": CLIPPED}, showlegend=False, cliponaxis=False,
        )  # fmt: skip
    lane = {"visible": False, "fixedrange": True, "range": [0, 1]}
    factor = {"xaxis3": {**lane, "domain": [0.52, 1], "anchor": "y3"}, "yaxis3": {**lane, "range": [-1, 1],
              "domain": [0.95, 1], "anchor": "x3"}}  # fmt: skip
    grid = _grid(scene, name, 2)
    for axis in ("yaxis", "yaxis2"):
        grid[axis]["domain"] = [0, 0.86]
    calm(figure, **grid, **({} if by_value else factor), margin={"l": 44, "r": 8, "t": 22, "b": 42})
    colour(figure, {"coloraxis": ("diverging", signed(scene, bindings[0]))})
    heading(figure, "gradient")
    heading(figure, "clipped", "2")
    return figure, tuple(bindings)


def _row(scene: Scene, name: str) -> Picture:
    """The picked row, as bars: the gradient before and after, and the steps made of it."""
    shape, axes = scene.offered[f"step/{name}"].shape, scene.offered[f"step/{name}"].axes
    at = {axes[-1]: "unit"} if axes[-1] == "alone" else dict.fromkeys(axes[:-1], "unit")
    counted = "row" if axes[-1] == "alone" else axes[-1]
    count = shape[0] if axes[-1] == "alone" else shape[-1]
    figure, bindings = go.Figure(), []
    for word, hue, width in (("batch gradient", NAIVE, 0.9), ("clipped gradient", CLIPPED, 0.5), ("step", INK, 0.6)):
        bindings.append(Binding(len(figure.data), "y", f"{word}/{name}", "frame", grows=True, at=at))
        on = {"xaxis": "x2", "yaxis": "y2"} if word == "step" else {}
        figure.add_bar(
            x=np.arange(1, count + 1), width=width, marker={"color": hue}, showlegend=False, **on,
            meta=INKED if hue == INK else None,
            hovertemplate=f"{counted} %{{x}}<br>{word} <b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
    across = {"range": [0.4, count + 0.6], "tickvals": _ticks(count)}
    calm(
        figure,
        barmode="overlay",
        xaxis={**across, "anchor": "y", "showticklabels": False},
        yaxis={"domain": [0.5, 0.94], "range": about_zero(scene, bindings[0], ROOM), "nticks": 4, "zeroline": True},
        xaxis2={**across, "anchor": "y2", "title": counted},
        yaxis2={
            "domain": [0, 0.38],
            "range": about_zero(scene, bindings[2], ROOM),
            "anchor": "x2",
            "nticks": 4,
            "zeroline": True,
        },
        margin={"l": 44, "r": 8, "t": 22, "b": 42},
    )
    figure.update_yaxes(zerolinecolor="rgba(128,128,128,.5)")
    hue = f'<span style="color:{CLIPPED}">clipped</span>'
    row = "every row" if axes[-1] == "alone" else "the picked row"
    heading(figure, f"{row}: gradient, and {hue}")
    heading(figure, "the step of each weight", "2")
    acts = {"x": (*REST, *BACK, *CLIP), "x2": (*REST, *UPDATE)}
    return Picture(
        figure, tuple(bindings), "", "", during={1: (*REST, *CLIP, *UPDATE)}, acts=acts, beside=_weights(scene, name)
    )


def _weights(scene: Scene, name: str) -> Picture:
    """Before + step = after."""
    figure = go.Figure()
    words = (("weight before", "coloraxis"), ("step", "coloraxis2"), ("weight after", "coloraxis"))
    bindings = [_heatmap(scene, name, figure, n, word, axis) for n, (word, axis) in enumerate(words, 1)]
    grid = _grid(scene, name, 3)
    calm(figure, **grid, margin={"l": 44, "r": 8, "t": 22, "b": 42})
    upper, lower = ({"len": 0.44, "y": y, "yanchor": end} for y, end in ((1, "top"), (0, "bottom")))
    scales = {
        "coloraxis": ("weights", signed(scene, bindings[2], **lower, title={"text": "weight", "font": {"size": 11}})),
        "coloraxis2": ("diverging", signed(scene, bindings[1], **upper, title={"text": "step", "font": {"size": 11}})),
    }
    colour(figure, scales)
    for number, words_ in (("", "weight before"), ("2", "+ step"), ("3", "= weight after")):
        heading(figure, words_, number)
    acts = {"x": (*REST, *BEFORE, *UPDATE), "x2": (*REST, *UPDATE), "x3": (*REST, *UPDATE)}
    return Picture(figure, tuple(bindings), "", "", acts=acts)


VIEW = View("spending", "Clip and update", ("step/*",), picture, options, "Which weights", WITHOUT, zoom="run")
