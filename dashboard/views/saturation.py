"""The saturation lens: where the sums that each activation is given lie on its curve, and how steep it is there."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import extent
from dashboard.views.palette import CLIPPED, INK, INKED
from dashboard.views.scales import colour, share
from dashboard.views.windows import dates, nothing, picked, steps, time_axis
from dashboard.views.words import title, which_window
from engine.curves import CURVES, Curve

FIRST = ("hidden", "map", "candidate", "forget_gate", "input_gate", "output_gate", "cell")
EDGE = "rgba(128,128,128,.5)"
WITHOUT = (
    "What this model's activations are given is not kept apart, so they cannot be placed on their curves. An RNN, an "
    "LSTM or a plain CNN shows it."
)


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """The activations whose sums are known."""
    names = [name.removeprefix("given/") for name in scene.offered if name.startswith("given/")]
    ordered = sorted(names, key=lambda name: _rank(name.partition(".")[0]))
    return {"signal": {name: _words(name) for name in ordered}} if names else {}


def _rank(kind: str) -> int:
    return next((i for i, first in enumerate(FIRST) if kind.endswith(first)), len(FIRST))


def _words(name: str) -> str:
    return f"what is read of the {title(name)}" if name.partition(".")[0].endswith("cell") else title(name)


def curve_of(scene: Scene, name: str) -> Curve:
    """The curve of an activation, by what comes out of it."""
    kind = name.partition(".")[0]
    if kind == "map" or (kind == "hidden" and scene.trace.run.settings.get("activation") == "relu"):
        return CURVES["relu"]
    return CURVES["sigmoid" if kind.endswith("_gate") else "tanh"]


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen)
    if not name:
        return nothing(WITHOUT)
    curve, row = curve_of(scene, name), scene.offered[name].axes[-1]
    return Picture(
        _curve(scene, name, curve),
        (
            Binding(1, "y", f"spread/{name}", "frame"),
            Binding(2, "x", f"given/{name}", "frame", at={row: "unit"}),
        ),
        f"Where the sums given to {curve.formula} lie, over {which_window(scene)}: {_words(name)}",
        "Above is the curve, below how many of the sums lie where; ticks are those of the picked unit. Colour is how "
        "steep the curve is: where it is pale, a sum may change and nothing answers, and no gradient comes back. "
        f"The second figure has that steepness for every {row} and time step, and at its right the share of time "
        f"steps at which the {row} is saturated: its output {curve.saturated}. Sums beyond ±{curve.reach:g} count "
        "in the outermost bars.",
        beside=_slopes(scene, name, curve),
    )


def _curve(scene: Scene, name: str, curve: Curve) -> go.Figure:
    z = np.linspace(-curve.reach, curve.reach, 201)
    steep = curve.slope(curve.centres) / curve.slope(z).max()
    counted = Binding(1, "y", f"spread/{name}", "frame")
    _, most = extent(scene, counted) or (0.0, 1.0)
    low, high = curve.value(z).min(), curve.value(z).max()
    figure = go.Figure(
        [
            go.Scatter(
                x=z, y=curve.value(z), mode="markers", showlegend=False, customdata=curve.slope(z),
                marker={"size": 5, "color": curve.slope(z) / curve.slope(z).max(), "coloraxis": "coloraxis"},
                hovertemplate="z = %{x:.3g}<br>f(z) = <b>%{y:.4g}</b><br>f′(z) = %{customdata:.4g}<extra></extra>",
            ),
            go.Bar(
                x=curve.centres, width=2 * curve.reach / len(curve.centres), yaxis="y2", showlegend=False,
                marker={"color": steep, "coloraxis": "coloraxis", "line": {"width": 0.5, "color": EDGE}},
                hovertemplate="z near %{x:.3g}<br><b>%{y:.2%}</b> of all sums<extra></extra>",
            ),
            go.Scatter(
                y=np.full(scene.trace.run.window, 0.5), yaxis="y3", mode="markers", showlegend=False, meta=INKED,
                marker={"symbol": "line-ns", "size": 9, "line": {"width": 1, "color": INK}, "color": INK},
                customdata=dates(scene), cliponaxis=True,
                hovertemplate="%{customdata}<br>z = <b>%{x:.4g}</b><extra>picked unit</extra>",
            ),
        ]
    )  # fmt: skip
    margin = 0.06 * (high - low)
    calm(
        figure,
        xaxis={"title": "z, what the curve is given", "range": [-curve.reach, curve.reach], "anchor": "y2",
               "ticklabelstandoff": 5},
        yaxis={"title": "f(z)", "domain": [0.55, 1], "range": [low - margin, high + margin]},
        yaxis2={"title": "share of sums", "domain": [0, 0.42], "range": [0, most * 1.05], "tickformat": ".0%",
                "nticks": 4, "anchor": "x"},
        yaxis3={"domain": [0.43, 0.5], "visible": False, "range": [0, 1], "anchor": "x", "fixedrange": True},
        bargap=0,
        margin={"l": 8, "r": 8, "t": 12, "b": 42},
    )  # fmt: skip
    colour(figure, {"coloraxis": ("sequential", {**share(), "showscale": False})})
    return figure


def _slopes(scene: Scene, name: str, curve: Curve) -> Picture:
    T, rows = scene.offered[f"slope/{name}"].shape
    row = scene.offered[name].axes[-1]
    steepest = float(curve.slope(np.zeros(1))[0]) or 1.0
    units = np.arange(1, rows + 1)
    figure = go.Figure(
        [
            go.Heatmap(
                x=steps(scene), y=units, transpose=True, coloraxis="coloraxis", customdata=[dates(scene)] * rows,
                hovertemplate=f"%{{customdata}} (step %{{x}})<br>{row} %{{y}}<br>f′ = <b>%{{z:.4g}}</b>"
                "<extra></extra>",
            ),
            go.Bar(
                y=units, orientation="h", xaxis="x2", marker={"color": CLIPPED}, showlegend=False,
                hovertemplate=f"{row} %{{y}}<br>saturated at <b>%{{x:.0%}}</b> of the steps<extra></extra>",
            ),
        ]
    )  # fmt: skip
    calm(
        figure,
        xaxis=time_axis(scene, domain=[0, 0.76]),
        yaxis={"title": row, "range": [rows + 0.5, 0.5], "showgrid": False},
        xaxis2={"domain": [0.79, 1], "range": [0, 1], "tickformat": ".0%", "tickvals": [0.5], "anchor": "y",
                "gridcolor": "rgba(128,128,128,.3)", "showgrid": True},
        bargap=0.15,
        margin={"l": 8, "r": 8, "t": 22, "b": 42},
    )  # fmt: skip
    heading(figure, "steepness f′(z)")
    heading(figure, "saturated", "2", yref="y domain")
    colour(figure, {"coloraxis": ("sequential", {**share(), "cmax": steepest})})
    bindings = (
        Binding(0, "z", f"slope/{name}", "frame"),
        Binding(1, "x", f"saturated by unit/{name}", "frame"),
    )
    return Picture(figure, bindings, "", "", sweeps=("x",))


VIEW = View(
    "saturation",
    "Saturation",
    ("given/*",),
    picture,
    options,
    "The curve of",
    WITHOUT,
    {"gated": False, "cell": "lstm"},
)
