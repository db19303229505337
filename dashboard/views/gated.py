"""The gated kernel of a WaveNet: two sums at every step of its slide, tanh of one times sigmoid of the other."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN
from dashboard.views.scales import about_zero, colour, signed
from dashboard.views.sliding import CHANNEL, STEP, from_zero, line
from dashboard.views.windows import dates, nothing, picked, steps, time_axis
from dashboard.views.words import which_window
from engine.deriving.gating import reached

HUES = {"filter": TRAINING, "gate": UNSEEN}
HERE = {**STEP, **CHANNEL}
WITHOUT = "No kernel of this model has a gate. A CNN with gates, as WaveNet has them, shows its two branches."
MAP = (6, 7)
"""The lines of the map, by number of their traces."""


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """Which layer's kernel."""
    layers = [name.removeprefix("gating/map.") for name in scene.offered if name.startswith("gating/map.")]
    return {"layer": {layer: f"layer {layer}" for layer in layers}} if layers else {}


def picture(scene: Scene, chosen: Options) -> Picture:
    layer = picked(options(scene), chosen, "layer")
    if not layer:
        return nothing(WITHOUT)
    names = [f"{word}/{branch}.{layer}" for word in ("terms", "passed") for branch in HUES]
    scene = at_once(scene, [f"stream.{layer}", f"map.{layer}", *names])
    figure, bindings = _slide(scene, layer)
    spacing = _spacing(layer)
    apart = "" if spacing == 1 else f" Its taps lie {spacing} steps apart."
    return Picture(
        figure,
        bindings,
        f"The picked channel's gated kernel as it slides over what comes into layer {layer}, {which_window(scene)}",
        "The bracket marks the columns under the kernel at the dotted time step; move it with the inner clock."
        f"{apart} What lies there is multiplied by two kernels. Blue is the filter: the tanh of its sum says what is "
        "new, between −1 and 1. Orange is the gate: the sigmoid of its sum says how much of that passes, between 0 "
        "and 1. Their product is the next point of the map. The second figure has what both sums are made of at that "
        "step, tap by tap over all channels, and the arithmetic. Click any number to open it. Left of step 1 there is "
        "nothing, and zeros stand for it.",
        sweeps=("x", "x2", "x3"),
        reaches=dict.fromkeys(MAP, reached(_size(scene, layer), spacing)),
        beside=_sums(scene, layer),
    )


def _size(scene: Scene, layer: str) -> int:
    return scene.offered[f"spots/map.{layer}"].shape[-1]


def _spacing(layer: str) -> int:
    """Time steps between two taps: twice as many in each layer."""
    return int(2 ** (int(layer) - 1))


def _hued(branch: str, text: str) -> str:
    return f'<span style="color:{HUES[branch]}">{text}</span>'


def _slide(scene: Scene, layer: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    """What comes in with the bracket over it, the two branches, the map."""
    stream, rows, K = f"stream.{layer}", scene.offered[f"stream.{layer}"].shape[1], _size(scene, layer)
    comes_in = Binding(0, "z", stream, "frame", grows=True)
    above = -0.02 * rows
    figure = go.Figure(
        [
            go.Heatmap(
                x=steps(scene), y=np.arange(1, rows + 1), transpose=True, coloraxis="coloraxis",
                customdata=[dates(scene)] * rows,
                hovertemplate="%{customdata} (step %{x})<br>channel %{y}<br><b>%{z:.5g}</b><extra></extra>",
            ),
            go.Scatter(
                y=np.full(K, above), mode="lines+markers", line={"color": INK, "width": 3}, meta=INKED,
                marker={"size": 9, "symbol": "triangle-down", "color": INK}, showlegend=False, cliponaxis=False,
                hovertemplate="a tap of the kernel, on step %{x}<extra></extra>",
            ),
        ]
    )  # fmt: skip
    bindings = [comes_in, Binding(1, "x", f"spots/map.{layer}", "frame", at=STEP)]
    so_far = {**CHANNEL, "time": "until"}
    lines = [(f"passed/{branch}.{layer}", hue, "2") for branch, hue in HUES.items()] + [(f"map.{layer}", INK, "3")]
    for source, hue, axis in lines:
        bindings.append(line(scene, figure, Binding(0, "y", source, "frame", at=CHANNEL), NAIVE, 1.0, axis))
        bindings.append(line(scene, figure, Binding(0, "y", source, "frame", at=so_far), hue, 2.4, axis))
    figure.data[MAP[1]].meta = INKED
    across = time_axis(scene, range=[0.5 - 0.02 * len(steps(scene)), len(steps(scene)) + 0.5])
    silent = {**across, "showticklabels": False, "title": None, "matches": "x3"}
    calm(
        figure,
        xaxis={**silent, "anchor": "y"},
        yaxis={
            "domain": [0.62, 0.93],
            "range": [rows + 0.5, 2 * above],
            "showgrid": False,
            "tickvals": sorted({1, (rows + 1) // 2, rows}),
        },
        xaxis2={**silent, "anchor": "y2"},
        yaxis2={"domain": [0.33, 0.53], "anchor": "x2", "range": [-1.1, 1.1], "nticks": 3, "zeroline": True},
        xaxis3={**across, "anchor": "y3"},
        yaxis3={"domain": [0, 0.22], "anchor": "x3", "nticks": 3, "zeroline": True},
        margin={"l": 42, "r": 8, "t": 22, "b": 42},
    )
    figure.update_yaxes(zerolinecolor="rgba(128,128,128,.5)")
    colour(figure, {"coloraxis": ("diverging", signed(scene, comes_in, len=0.36, y=0.97, yanchor="top"))})
    heading(figure, "what comes in, and the kernel on it")
    heading(figure, f"{_hued('filter', 'tanh(filter)')} and {_hued('gate', 'σ(gate)')}", "2")
    heading(figure, "feature map: their product", "3")
    from_zero(scene, figure, "yaxis3", f"map.{layer}")
    return figure, tuple(bindings)


def _sums(scene: Scene, layer: str) -> Picture:
    """At the dotted step: what each branch's sum is made of, and what becomes of both."""
    K, figure, bindings = _size(scene, layer), go.Figure(), []
    spacing = _spacing(layer)
    names = [f"{(K - 1 - k) * spacing} back" if k < K - 1 else "now" for k in range(K)]
    domains = {"": [0.68, 0.93], "2": [0.28, 0.53]}
    axes: dict[str, dict[str, object]] = {}
    for (branch, hue), (end, domain) in zip(HUES.items(), domains.items(), strict=True):
        binding = Binding(len(figure.data), "y", f"terms/{branch}.{layer}", "frame", grows=True, at=HERE)
        bindings.append(binding)
        figure.add_bar(
            x=[*names, "bias", "sum"], xaxis=f"x{end}", yaxis=f"y{end}", showlegend=False, width=0.7,
            marker={"color": hue, "opacity": [0.55] * (K + 1) + [1.0]},
            hovertemplate=f"{branch}, %{{x}}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        axes[f"xaxis{end}"] = {"anchor": f"y{end}", "tickfont": {"size": 10}}
        axes[f"yaxis{end}"] = {"domain": domain, "anchor": f"x{end}", "range": about_zero(scene, binding), "nticks": 5,
                               "zeroline": True, "zerolinecolor": "rgba(128,128,128,.5)"}  # fmt: skip
    bindings.append(Binding(2, "customdata", f"gating/map.{layer}", "frame", at=HERE))
    figure.add_scatter(
        x=[0], y=[0], xaxis="x3", yaxis="y3", mode="text", textposition="middle right", showlegend=False,
        texttemplate="tanh(%{customdata[0]:.3f}) = %{customdata[1]:.3f}<br>σ(%{customdata[2]:.3f}) = "
        "%{customdata[3]:.3f}<br>filter × gate = %{customdata[4]:.3f}",
        hoverinfo="skip", cliponaxis=False,
    )  # fmt: skip
    lane = {"visible": False, "fixedrange": True}
    calm(
        figure,
        **axes,
        xaxis3={**lane, "range": [0, 1], "anchor": "y3"},
        yaxis3={**lane, "range": [-1, 1], "domain": [0, 0.16], "anchor": "x3"},
        margin={"l": 42, "r": 8, "t": 22, "b": 42},
        bargap=0.3,
    )
    for branch, end in zip(HUES, domains, strict=True):
        heading(figure, f"{_hued(branch, branch)}: each tap over all channels, and the sum", end)
    return Picture(figure, tuple(bindings), "", "")


VIEW = View(
    "gated", "The gated kernel", ("gating/*",), picture, options, "Whose kernel", WITHOUT, {"gated": True},
)  # fmt: skip
