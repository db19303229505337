"""The BPTT triangle: from the loss at each time step, how much gradient arrives at every step before it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm
from dashboard.views.filling import at_once, extent
from dashboard.views.palette import ENDED, MANY, NAIVE, TRAINING, UNDONE, UNSEEN
from dashboard.views.scales import FLOOR, colour, logarithmic, powers
from dashboard.views.windows import dates, nothing, picked, series_line, steps, time_axis
from dashboard.views.words import title, which_window
from engine.contract import models
from engine.errors import Lesson

OWN = {
    "jacobians": ("its steps' Jacobians, multiplied", "no share through this layer alone can be larger"),
    "radius": ("|λ|<sup>lag</sup> of W<sub>h</sub>", "the largest eigenvalue of W_h, once for each step"),
    "kept": ("its forget gates, multiplied", "what the cell's own way leaves, apart from all others"),
}
"""What a layer's own steps leave of a gradient, by lag; each where a run offers it."""
KINDS = ("hidden", "cell", "map", "encoder")
LOWEST = 1e-6
"""As far down as a dashed line makes the axis reach."""
GUIDES = (0.5, 0.8, 0.95)
"""Per step: what is left of a gradient that is multiplied by this at each step."""
WITHOUT = (
    "There is no triangle here: this model reads no forecast from a time step of its window, so no step has a loss of "
    "its own to send back. An RNN, an LSTM, a GRU, a CNN-RNN or a plain CNN has one."
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
    figure, bindings = _triangle(scene, name)
    every = scene.trace.run.settings.get("topology") == "sequence-to-sequence"
    trained = (
        "The model learns from all of these losses together."
        if every
        else "The model itself learns from the last row alone; the rows above say what an earlier loss, read by its "
        "own head, would have sent."
    )
    return Picture(
        figure,
        bindings,
        f"How much of each loss's gradient reaches the {title(name)} of each earlier step, over {which_window(scene)}",
        "One row is the loss at one time step, one column the step its gradient travelled back to; the diagonal is "
        f"where it starts, and colour is its size in powers of ten. {trained} To the right, all of a row together; "
        "below, the row of the dotted time step: which of your values that loss listens to. The second figure is the "
        "mean by how far the gradient travelled, as a share of where it began: a straight line down is a gradient "
        "that shrinks by the same factor at every step; dotted are such factors, dashed is what this layer's own steps "
        f"leave, and the lines of runs put beside this one are as those runs ended. Magnitudes below {FLOOR:g} are "
        f"drawn as {FLOOR:g}.",
        sweeps=("x", "x3"),
        beside=_by_lag(scene, name),
    )


def _triangle(scene: Scene, name: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    T, days = scene.trace.run.window, dates(scene)
    cell = Binding(0, "z", f"triangle/{name}", "frame", "log10", FLOOR, grows=True)
    total = Binding(1, "x", f"total/{name}", "frame", floor=FLOOR)
    part = Binding(2, "y", f"share/{name}", "frame", at={"time": "time"})
    figure = go.Figure(
        [
            go.Heatmap(
                x=steps(scene), y=steps(scene), coloraxis="coloraxis", hoverongaps=False,
                hovertemplate="loss at step %{y}, arriving at step %{x}<br><b>%{customdata[0]:.4g}</b><br>"
                "%{customdata[1]:.3g} of what it began with,<br>× %{customdata[2]:.3g} at each step<extra></extra>",
            ),
            go.Bar(
                y=steps(scene), orientation="h", xaxis="x2", marker={"color": NAIVE}, showlegend=False,
                hovertemplate="loss at step %{y}<br>all together <b>%{x:.4g}</b><extra></extra>",
            ),
            go.Bar(
                x=steps(scene), xaxis="x3", yaxis="y3", marker={"color": UNSEEN}, opacity=0.75, showlegend=False,
                customdata=days,
                hovertemplate="%{customdata} (step %{x})<br>share of the row <b>%{y:.2%}</b><extra></extra>",
            ),
            series_line(scene, xaxis="x3", yaxis="y4"),
        ]
    )  # fmt: skip
    lowest, highest = extent(scene, total) or (FLOOR, 1.0)
    span = [np.log10(lowest) - 0.3, np.log10(highest) + 0.1]
    across = time_axis(scene, domain=[0, 0.84])
    calm(
        figure,
        xaxis={**across, "title": None, "showticklabels": False, "anchor": "y"},
        yaxis={"title": "loss at step", "range": [T + 0.5, 0.5], "domain": [0.34, 1], "showgrid": False},
        xaxis2={"domain": [0.86, 1], "type": "log", "range": span, "showticklabels": False, "showgrid": False,
                "anchor": "y", "fixedrange": True},
        xaxis3={**across, "anchor": "y3", "matches": "x"},
        yaxis3={"domain": [0, 0.27], "anchor": "x3", "rangemode": "tozero", "tickformat": ".0%", "nticks": 3},
        yaxis4={"overlaying": "y3", "side": "right", "showgrid": False, "visible": False, "anchor": "x3"},
        bargap=0.1,
        margin={"l": 8, "r": 8, "t": 12, "b": 42},
    )  # fmt: skip
    bar = {"len": 0.66, "y": 1, "yanchor": "top"}
    colour(figure, {"coloraxis": ("sequential", powers(scene, cell, **bar))})
    way = Binding(0, "customdata", f"way/{name}", "frame")
    return figure, (cell, way, total, part)


def _by_lag(scene: Scene, name: str) -> Picture:
    T = scene.trace.run.window
    lags = np.arange(T)
    figure = go.Figure(
        [
            go.Scatter(
                x=lags, y=np.maximum(factor**lags, FLOOR), mode="lines", showlegend=False,
                line={"color": NAIVE, "width": 1, "dash": "dot"},
                hovertemplate=f"{factor:g} at every step<br>lag %{{x}}: %{{y:.3g}}<extra></extra>",
            )
            for factor in GUIDES
        ]
    )  # fmt: skip
    own = Binding(len(GUIDES), "y", f"decay/{name}", "frame", floor=FLOOR, grows=True)
    figure.add_scatter(
        x=lags, mode="lines+markers", name=title(name), line={"color": TRAINING, "width": 2}, marker={"size": 4},
        showlegend=True, hovertemplate="%{x} steps back<br><b>%{y:.4g}</b> of the start<extra></extra>",
    )  # fmt: skip
    low, high = extent(scene, own) or (FLOOR, 1.0)
    bindings = [own]
    for word, hue in zip(OWN, (ENDED, UNDONE, ENDED), strict=True):
        if f"{word}/{name}" in scene.offered:
            bindings.append(Binding(len(figure.data), "y", f"{word}/{name}", "frame", floor=FLOOR, grows=True))
            figure.add_trace(_own(lags, *OWN[word], hue))
            ends = extent(scene, bindings[-1]) or (1.0, 1.0)
            low, high = min(low, max(ends[0], LOWEST)), max(high, ends[1])
    for letter, hue, other in zip("BCD", MANY[2:], scene.others, strict=False):
        line = _beside(other, letter, hue)
        if line is not None:
            figure.add_trace(line)
            low, high = min(low, *line.y), max(high, *line.y)
    calm(
        figure,
        xaxis={"title": "steps travelled back", "range": [-0.5, T - 0.5]},
        yaxis=logarithmic(max(low, FLOOR), max(high, 1), title="share of the start"),
    )
    for factor in GUIDES:
        _label(figure, factor, T, max(low, FLOOR))
    return Picture(figure, tuple(bindings), "", "")


def _own(lags: np.ndarray, words: str, meaning: str, hue: str) -> go.Scatter:
    return go.Scatter(
        x=lags, mode="lines", name=words, line={"color": hue, "width": 1.5, "dash": "dash"},
        hovertemplate=f"{words}:<br>{meaning}<br>%{{x}} steps back<br><b>%{{y:.4g}}</b> of the start<extra></extra>",
    )  # fmt: skip


def _beside(other: Scene, letter: str, hue: str) -> go.Scatter | None:
    """Another run's line, as that run ended; None where it has no such gradient."""
    name, steps_ = picked(options(other), {}), other.trace.steps
    if not name or not len(steps_):
        return None
    try:
        decay = other.look([int(steps_[-1])], [f"decay/{name}"])[f"decay/{name}"][0]
    except (Lesson, KeyError):
        return None
    run = other.trace.run
    words = f"{letter} {models()[run.model].title}{' with LayerNorm' * bool(run.settings.get('layer_norm'))}"
    return go.Scatter(
        x=np.arange(len(decay)), y=np.maximum(decay.astype(np.float64), FLOOR), mode="lines", name=words,
        line={"color": hue, "width": 2},
        hovertemplate=f"{words}, {title(name)},<br>after its last update, {steps_[-1]}<br>%{{x}} steps back<br>"
        "<b>%{y:.4g}</b> of the start<extra></extra>",
    )  # fmt: skip


def _label(figure: go.Figure, factor: float, T: int, low: float) -> None:
    """Names a guide where it leaves the figure."""
    leaves = np.log(low) / np.log(factor)
    lag = min(T - 1, int(leaves))
    figure.add_scatter(
        x=[lag], y=[factor**lag], mode="text", text=[f"{factor:g}<sup>lag</sup>"], textposition="top left",
        textfont={"size": 10}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip


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
