"""The convolution stepper: a kernel slides over the series, forwards to its map and backwards to its gradient."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once, extent
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN
from dashboard.views.scales import colour, reach, signed
from dashboard.views.sliding import CHANNEL, STEP, from_zero, line
from dashboard.views.windows import dates, nothing, steps, time_axis
from dashboard.views.words import which_window

WAYS = {"forward": "forward: from the series to the map", "backward": "backward: from the map to the kernel"}
MAP = (4, 5)
"""The lines of the map, by number of their traces: before them come the input's three and the bars."""
WITHOUT = "No kernel slides over the series itself in this model. A CNN without gates or a CNN-RNN has one."


def options(scene: Scene) -> dict[str, dict[str, str]]:  # noqa: ARG001 - the signature of every `options`
    return {"way": WAYS}


def picture(scene: Scene, chosen: Options) -> Picture:
    name = next((name for name in scene.offered if name.startswith("product/")), "").removeprefix("product/")
    if not name:
        return nothing(WITHOUT)
    taps, delta = _kernel(name), f"delta/{name}"
    sources = [f"product/{name}", "shown", name, delta, f"added/{taps}", f"taps/{taps}", f"gathered/{taps}"]
    scene = at_once(scene, sources)
    where = f"over {which_window(scene)}"
    zeros = "Left of step 1 there is nothing, and zeros stand for it."
    several = scene.offered["input"].shape[1] > 1
    beside = " It is shown other columns too: the bars are of all of them together." if several else ""
    if chosen.get("way", "forward") == "forward":
        return Picture(
            *_forward(scene, name),
            f"The picked channel's kernel as it slides over your series, {where}",
            "Above is what the network is shown; the bracket marks the values under the kernel at the dotted time "
            f"step. Below it is each value times its weight.{beside} Their sum and the bias, where it is above zero, "
            f"is the next point of the feature map. {zeros} Move along the window with the inner clock. The second "
            "figure has the kernel itself and the maps of all channels. Point at the map: what it saw is marked above.",
            sweeps=("x", "x3"),
            reaches=dict.fromkeys(MAP, _size(scene, name)),
            beside=_all(scene, f"taps/{_kernel(name)}", name, "feature maps"),
        )
    return Picture(
        *_backward(scene, name),
        f"The gradient on its way back through the picked channel's kernel, {where}",
        "Below is how much this window's error changes with each of the channel's sums, zero where relu let nothing "
        "through. At the dotted time step it is multiplied with the values under the bracket: that is what this step "
        "adds to the gradient of each weight. The second figure has what all steps from there to the end have added: "
        f"with the clock at step 1, the whole gradient. {zeros} Move the inner clock from right to left.",
        sweeps=("x", "x3"),
        beside=_all(scene, f"gathered/{_kernel(name)}", f"delta/{name}", "gradient of every channel"),
    )


def _kernel(name: str) -> str:
    return f"kernel.{name.rpartition('.')[2]}"


def _size(scene: Scene, name: str) -> int:
    return scene.offered[f"product/{name}"].shape[2]


def _forward(scene: Scene, name: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    figure, bindings = _input(scene, name)
    bindings += _bars(figure, f"product/{name}", f"place/{name}", "weight × value =")
    bindings += [
        line(scene, figure, Binding(0, "y", name, "frame", at=CHANNEL), NAIVE, 1.0),
        line(scene, figure, Binding(0, "y", name, "frame", at={**CHANNEL, "time": "until"}), TRAINING, 2.4),
    ]
    _layout(scene, name, figure, f"product/{name}")
    heading(figure, "each value × its weight", "2")
    heading(figure, "feature map", "3")
    from_zero(scene, figure, "yaxis3", name)
    return figure, tuple(bindings)


def _backward(scene: Scene, name: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    figure, bindings = _input(scene, name)
    added, delta = f"added/{_kernel(name)}", f"delta/{name}"
    bindings += _bars(figure, added, f"place/{name}", "gradient × value =")
    bindings += [
        line(scene, figure, Binding(0, "y", delta, "frame", at=CHANNEL), NAIVE, 1.0),
        line(scene, figure, Binding(0, "y", delta, "frame", at={**CHANNEL, "time": "from"}), UNSEEN, 2.4),
    ]
    _layout(scene, name, figure, added)
    heading(figure, "what this step adds to the kernel's gradient", "2")
    heading(figure, "gradient with respect to each sum", "3")
    from_zero(scene, figure, "yaxis3", delta)
    return figure, tuple(bindings)


def _input(scene: Scene, name: str) -> tuple[go.Figure, list[Binding]]:
    """What the network is shown, the values under the kernel, and the bracket above them."""
    low, high = extent(scene, Binding(0, "y", "shown", "frame")) or (-1.0, 1.0)
    top, margin = high + 0.22 * (high - low), 0.1 * (high - low)
    bracket = {"size": 9, "symbol": "line-ns", "line": {"width": 3, "color": UNSEEN}}
    figure = go.Figure(
        [
            go.Scatter(
                x=steps(scene), mode="lines", line={"color": INK, "width": 1.5}, meta=INKED, showlegend=False,
                customdata=dates(scene),
                hovertemplate="%{customdata} (step %{x})<br>shown as <b>%{y:.5g}</b> (scaled)<extra></extra>",
            ),
            go.Scatter(
                mode="markers", marker={"size": 8, "color": UNSEEN}, showlegend=False,
                hovertemplate="under the kernel: step %{x}<br><b>%{y:.5g}</b><extra></extra>",
            ),
            go.Scatter(
                y=np.full(_size(scene, name), top), mode="lines+markers", line={"color": UNSEEN, "width": 4},
                marker=bracket, showlegend=False, hoverinfo="skip",
            ),
        ]
    )  # fmt: skip
    figure.update_layout(yaxis={"range": [low - margin, top + margin]})
    place = f"place/{name}"
    return figure, [
        Binding(0, "y", "shown", "frame"),
        Binding(1, "x", place, "frame", at=STEP),
        Binding(1, "y", f"seen/{name}", "frame", at=STEP),
        Binding(2, "x", place, "frame", at=STEP),
    ]


def _bars(figure: go.Figure, source: str, place: str, label: str) -> list[Binding]:
    number = len(figure.data)
    figure.add_bar(
        xaxis="x2", yaxis="y2", marker={"coloraxis": "coloraxis"}, showlegend=False, width=0.8,
        hovertemplate=f"on step %{{x}}: {label} <b>%{{y:.5g}}</b><extra></extra>",
    )  # fmt: skip
    here = {**STEP, **CHANNEL}
    return [
        Binding(number, "x", place, "frame", at=STEP),
        Binding(number, "y", source, "frame", grows=True, at=here),
        Binding(number, "marker.color", source, "frame", at=here),
    ]


def _layout(scene: Scene, name: str, figure: go.Figure, bars: str) -> None:
    across = time_axis(scene, range=[1.5 - _size(scene, name), scene.trace.run.window + 0.5])
    silent = {**across, "showticklabels": False, "title": None, "matches": "x3"}
    calm(
        figure,
        xaxis={**silent, "anchor": "y"},
        yaxis={"domain": [0.68, 0.95], "nticks": 3},
        xaxis2={**silent, "anchor": "y2"},
        yaxis2={"domain": [0.36, 0.57], "anchor": "x2", "nticks": 3, "zeroline": True},
        xaxis3={**across, "anchor": "y3"},
        yaxis3={"domain": [0, 0.25], "anchor": "x3", "nticks": 3, "zeroline": True},
        margin={"l": 42, "r": 8, "t": 22, "b": 42},
    )
    figure.update_yaxes(zerolinecolor="rgba(128,128,128,.5)")
    heading(figure, "what the network is shown, and the kernel on it")
    low, high = extent(scene, Binding(0, "y", bars, "frame", at=CHANNEL), unit=0) or (-1.0, 1.0)
    limit = max(-low, high) or 1.0
    # The first channel's; another's bars make the axis grow.
    colour(figure, {"coloraxis": ("diverging", {"cmin": -limit, "cmax": limit, "showscale": False})})
    figure.update_layout(yaxis2={"range": [-1.1 * limit, 1.1 * limit]})


def _all(scene: Scene, taps: str, maps: str, said: str) -> Picture:
    """The picked channel's kernel, or its gradient, by tap; and every channel's map."""
    T, rows = scene.offered[maps].shape
    K = scene.offered[taps].shape[-1]
    at = CHANNEL if len(scene.offered[taps].shape) == 2 else {**STEP, **CHANNEL}
    lags = [f"{K - 1 - k} back" if k < K - 1 else "now" for k in range(K)]
    figure = go.Figure(
        [
            go.Bar(
                x=lags, marker={"coloraxis": "coloraxis2"}, showlegend=False,
                hovertemplate="%{x}<br><b>%{y:.5g}</b><extra></extra>",
            ),
            go.Heatmap(
                x=steps(scene), y=np.arange(1, rows + 1), transpose=True, coloraxis="coloraxis", xaxis="x2", yaxis="y2",
                customdata=[dates(scene)] * rows,
                hovertemplate="%{customdata} (step %{x})<br>channel %{y}<br><b>%{z:.5g}</b><extra></extra>",
            ),
        ]
    )  # fmt: skip
    bindings = (
        Binding(0, "y", taps, "frame", at=at),
        Binding(0, "marker.color", taps, "frame", at=at),
        Binding(1, "z", maps, "frame", grows=True),
    )
    limit = reach(scene, replace(bindings[0], at={})) or 1.0
    calm(
        figure,
        xaxis={"anchor": "y", "tickfont": {"size": 10}},
        yaxis={"domain": [0.72, 0.95], "nticks": 3, "zeroline": True, "range": [-1.1 * limit, 1.1 * limit],
               "zerolinecolor": "rgba(128,128,128,.5)"},
        xaxis2=time_axis(scene, anchor="y2"),
        yaxis2={"domain": [0, 0.54], "range": [rows + 0.5, 0.5], "anchor": "x2", "showgrid": False},
        margin={"l": 42, "r": 8, "t": 22, "b": 42},
        bargap=0.35,
    )  # fmt: skip
    bar = {"len": 0.58, "y": 0, "yanchor": "bottom"}
    family = "weights" if taps.startswith("taps/") else "diverging"
    colour(
        figure,
        {
            "coloraxis": ("diverging", signed(scene, bindings[2], **bar)),
            "coloraxis2": (family, {"cmin": -limit, "cmax": limit, "showscale": False}),
        },
    )
    heading(figure, "kernel" if family == "weights" else "the kernel's gradient so far")
    heading(figure, said, "2")
    return Picture(figure, bindings, "", "", sweeps=("x2",))


VIEW = View(
    "convolution",
    "The sliding kernel",
    ("product/*",),
    picture,
    options,
    "Which way",
    WITHOUT,
    {"gated": False},
)
