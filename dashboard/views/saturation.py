"""The saturation lens: where the sums that each activation is given lie on its curve, and how steep it is there."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import extent
from dashboard.views.palette import CLIPPED, INK, INKED
from dashboard.views.scales import colour, share
from dashboard.views.windows import dates, nothing, picked, steps
from dashboard.views.words import stamps_ahead, title, which_window
from engine.curves import CURVES, Curve

FIRST = ("hidden", "map", "layer", "filter", "encoder", "decoder", "candidate", "forget_gate", "update_gate",
         "input_gate", "reset_gate", "output_gate", "gate", "cell")  # fmt: skip
STEPS = {"time": "time step", "step ahead": "step ahead"}
EDGE = "rgba(128,128,128,.5)"
WITHOUT = "Nothing in this model bends a sum: it adds and multiplies alone. Every network has curves to look at."


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
    kind, relu = name.partition(".")[0], scene.trace.run.settings.get("activation") == "relu"
    if kind == "map" or (kind in ("hidden", "layer") and relu):
        return CURVES["relu"]
    return CURVES["sigmoid" if kind.endswith("gate") else "tanh"]


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen)
    if not name:
        return nothing(WITHOUT)
    curve, (*along, row) = curve_of(scene, name), scene.offered[f"given/{name}"].axes
    cut = {row: "unit"} if along else {}
    return Picture(
        _curve(scene, name, curve),
        (
            Binding(1, "y", f"spread/{name}", "frame"),
            Binding(2, "x", f"given/{name}", "frame", at=cut),
        ),
        f"Where the sums given to {curve.formula} lie, over {which_window(scene)}: {_words(name)}",
        _how(curve, row, *along),
        beside=_slopes(scene, name, curve) if along else _slopes_at_once(scene, name, curve),
    )


def _how(curve: Curve, row: str, along: str = "") -> str:
    """How to read it, with a time step or a step ahead, or where there is none."""
    whose, second = (
        (
            "the picked",
            f"every {row} and {STEPS[along]}, and at its right the share of these steps at which the {row} is "
            f"saturated: its output {curve.saturated}",
        )
        if along
        else ("every", f"every {row}; one is saturated where its output is {curve.saturated}")
    )
    return (
        f"Above is the curve, below how many of the sums lie where; ticks are those of {whose} {row}. Colour is how "
        "steep the curve is: where it is pale, a sum may change and nothing answers, and no gradient comes back. "
        f"The second figure has that steepness for {second}. Sums beyond ±{curve.reach:g} count in the outermost bars."
    )


def _places(scene: Scene, name: str) -> tuple[np.ndarray, list[str], str]:
    """Along what the sums are given: the steps counted from 1, their dates, and what an axis says of them."""
    signal = scene.offered[f"given/{name}"]
    if len(signal.axes) == 1:
        return np.arange(1, signal.shape[0] + 1), [f"{signal.axes[0]} {n + 1}" for n in range(signal.shape[0])], ""
    if signal.axes[0] == "time":
        return steps(scene), dates(scene), f"time step (to {dates(scene)[-1]})"
    then = stamps_ahead(scene.trace, scene.start)
    return np.arange(1, len(then) + 1), then, f"step ahead (to {then[-1]})"


def _curve(scene: Scene, name: str, curve: Curve) -> go.Figure:
    z = np.linspace(-curve.reach, curve.reach, 201)
    steep = curve.slope(curve.centres) / curve.slope(z).max()
    counted = Binding(1, "y", f"spread/{name}", "frame")
    _, most = extent(scene, counted) or (0.0, 1.0)
    low, high = curve.value(z).min(), curve.value(z).max()
    counted_from_1, then, _ = _places(scene, name)
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
                y=np.full(len(counted_from_1), 0.5), yaxis="y3", mode="markers", showlegend=False, meta=INKED,
                marker={"symbol": "line-ns", "size": 9, "line": {"width": 1, "color": INK}, "color": INK},
                customdata=then, cliponaxis=True,
                hovertemplate="%{customdata}<br>z = <b>%{x:.4g}</b><extra></extra>",
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
    along, row = scene.offered[f"slope/{name}"].axes
    (columns, then, said), rows = _places(scene, name), scene.offered[f"slope/{name}"].shape[1]
    units = np.arange(1, rows + 1)
    figure = go.Figure(
        [
            go.Heatmap(
                x=columns, y=units, transpose=True, coloraxis="coloraxis", customdata=[then] * rows,
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
        xaxis={"range": [0.5, len(columns) + 0.5], "title": said, "showgrid": False, "domain": [0, 0.76]},
        yaxis={"title": row, "range": [rows + 0.5, 0.5], "showgrid": False},
        xaxis2={"domain": [0.79, 1], "range": [0, 1], "tickformat": ".0%", "tickvals": [0.5], "anchor": "y",
                "gridcolor": "rgba(128,128,128,.3)", "showgrid": True},
        bargap=0.15,
        margin={"l": 8, "r": 8, "t": 22, "b": 42},
    )  # fmt: skip
    heading(figure, "steepness f′(z)")
    heading(figure, "saturated", "2", yref="y domain")
    colour(figure, {"coloraxis": ("sequential", {**share(), "cmax": _steepest(curve)})})
    bindings = (
        Binding(0, "z", f"slope/{name}", "frame"),
        Binding(1, "x", f"saturated by unit/{name}", "frame"),
    )
    return Picture(figure, bindings, "", "", sweeps=("x",) if along == "time" else ())


def _steepest(curve: Curve) -> float:
    return float(curve.slope(np.zeros(1))[0]) or 1.0


def _slopes_at_once(scene: Scene, name: str, curve: Curve) -> Picture:
    """Where the whole window goes in at once: one sum for each unit, and no time step."""
    ((row,), (rows,)) = scene.offered[f"slope/{name}"].axes, scene.offered[f"slope/{name}"].shape
    figure = go.Figure(
        go.Bar(
            x=np.arange(1, rows + 1), marker={"coloraxis": "coloraxis"}, showlegend=False,
            hovertemplate=f"{row} %{{x}}<br>f′ = <b>%{{y:.4g}}</b><extra></extra>",
        )
    )  # fmt: skip
    steepest = _steepest(curve)
    calm(
        figure,
        xaxis={"title": row},
        yaxis={"range": [0, 1.05 * steepest]},
        bargap=0.15,
        margin={"l": 8, "r": 8, "t": 22, "b": 42},
    )
    heading(figure, "steepness f′(z)")
    colour(figure, {"coloraxis": ("sequential", {**share(), "cmax": steepest, "showscale": False})})
    source = f"slope/{name}"
    return Picture(figure, (Binding(0, "y", source, "frame"), Binding(0, "marker.color", source, "frame")), "", "")


VIEW = View(
    "saturation",
    "Saturation",
    ("given/*",),
    picture,
    options,
    "The curve of",
    WITHOUT,
)
