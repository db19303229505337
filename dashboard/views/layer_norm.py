"""LayerNorm before and after: the sums of a time step, their mean and spread, and what becomes of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once, extent
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN
from dashboard.views.scales import colour, reach, signed
from dashboard.views.windows import dates, nothing, picked, steps, time_axis
from dashboard.views.words import title, which_window

STEPS = {
    "a": "the sums a, as they come",
    "− μ": "a − μ: each column less its own mean",
    "÷ σ": "(a − μ) / σ: mean 0, deviation 1 in every column",
    "× gain + shift": "(a − μ) / σ × gain + shift, which each row has learnt",
}
"""What LayerNorm does, one after the other."""
MADE = ("", "centred/", "normalised/", "scaled/")
"""By step, what stands before the name of the sums in what comes of it."""
GATES = ("in", "forget", "write", "out")
"""The rows of an LSTM's sums, in their order."""
WITHOUT = (
    "The sums of this model are not kept apart, so nothing can be said of their mean and spread. An RNN or an LSTM, "
    "with LayerNorm or without, shows them."
)


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """What is normalised; without LayerNorm what would be."""
    names = [name.removeprefix("sigma/") for name in scene.offered if name.startswith("sigma/")]
    normed = [name for name in names if f"normalised/{name}" in scene.offered]
    return {"signal": {name: _words(name) for name in normed or names}} if names else {}


def _words(name: str) -> str:
    return title(name).replace("preactivation", "sums")


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen)
    if not name:
        return nothing(WITHOUT)
    normed = f"normalised/{name}" in scene.offered
    made = [f"{word}{name}" for word in (MADE if normed else MADE[:1])]
    scene = at_once(scene, [*made, f"mean/{name}", f"sigma/{name}"])
    before, bindings = _before(scene, name)
    where = f"over {which_window(scene)}"
    over = f"over the {scene.offered[name].shape[1]} numbers of one time step, never over time or windows"
    if not normed:
        return Picture(
            before,
            bindings,
            f"The {_words(name)} and how far their mean and spread drift from step to step, {where}",
            f"This run does not normalise. Above, one row is one sum, one column one time step; below are the mean μ "
            f"and the deviation σ that LayerNorm would take out, {over}. Train it with LayerNorm to see it done.",
            sweeps=("x", "x2"),
            beside=_column(scene, name, made),
        )
    return Picture(
        before,
        bindings,
        f"LayerNorm on the {_words(name)}, step by step, {where}",
        f"Left before: one row is one sum, one column one time step, and below them each column's mean μ and "
        f"deviation σ, taken {over}. Right the same sums as LayerNorm goes on: play it, or press a step. All steps "
        "share one scale of colours. The last figure is the dotted time step alone: every sum before (grey) and as "
        "it is now, with μ and μ ± σ of the sums as they came.",
        sweeps=("x", "x2"),
        phases=STEPS,
        beside=_after(scene, name, made),
    )


def _before(scene: Scene, name: str) -> tuple[go.Figure, tuple[Binding, ...]]:
    T, rows = scene.offered[name].shape
    sums = Binding(0, "z", name, "frame", grows=True)
    lines = {"mean": ("μ", TRAINING), "sigma": ("σ", UNSEEN)}
    figure = go.Figure([_heatmap(scene, rows, "%{z:.5g}")])
    ends = [0.0]
    for number, (word, (letter, hue)) in enumerate(lines.items()):
        figure.add_scatter(
            x=steps(scene), xaxis="x2", yaxis="y2", mode="lines", name=letter, line={"color": hue, "width": 1.8},
            customdata=dates(scene), showlegend=False,
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{letter} = <b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        ends += extent(scene, Binding(number + 1, "y", f"{word}/{name}", "frame")) or (0.0, 1.0)
    margin = 0.08 * (max(ends) - min(ends))
    across = time_axis(scene)
    calm(
        figure,
        xaxis={**across, "anchor": "y", "showticklabels": False, "title": None},
        yaxis=row_axis(scene, name, domain=[0.36, 1]),
        xaxis2={**across, "anchor": "y2", "matches": "x"},
        yaxis2={"domain": [0, 0.24], "anchor": "x2", "range": [min(ends) - margin, max(ends) + margin], "nticks": 3},
        margin={"l": 44, "r": 8, "t": 22, "b": 42},
    )
    colour(figure, {"coloraxis": ("diverging", signed(scene, sums, len=0.66, y=1, yanchor="top"))})
    heading(figure, "before")
    heading(figure, f'<span style="color:{TRAINING}">μ</span> and <span style="color:{UNSEEN}">σ</span>', "2")
    followed = [Binding(n + 1, "y", f"{word}/{name}", "frame", grows=True) for n, word in enumerate(lines)]
    return figure, (sums, *followed)


def row_axis(scene: Scene, name: str, **more: Any) -> dict[str, Any]:
    """Rows from above; where they are an LSTM's, named after the gates that they lie before."""
    rows = scene.offered[name].shape[1]
    side, _, layer = name.partition(".")
    axis: dict[str, Any] = {"range": [rows + 0.5, 0.5], "showgrid": False}
    if f"{side.removesuffix('preactivation')}forget_gate.{layer}" in scene.offered and "preactivation" in side:
        quarter = rows / len(GATES)
        axis |= {"tickvals": [quarter * (n + 0.5) + 0.5 for n in range(len(GATES))], "ticktext": GATES}
    return axis | more


def _heatmap(scene: Scene, rows: int, value: str) -> go.Heatmap:
    return go.Heatmap(
        x=steps(scene), y=np.arange(1, rows + 1), transpose=True, coloraxis="coloraxis",
        customdata=[dates(scene)] * rows,
        hovertemplate=f"%{{customdata}} (step %{{x}})<br>row %{{y}}<br><b>{value}</b><extra></extra>",
    )  # fmt: skip


def _after(scene: Scene, name: str, made: list[str]) -> Picture:
    """The same cells after each step, one step at a time."""
    rows = scene.offered[name].shape[1]
    bindings = tuple(Binding(number, "z", source, "frame", grows=True) for number, source in enumerate(made))
    figure = go.Figure([_heatmap(scene, rows, "%{z:.5g}") for _ in made])
    calm(
        figure,
        xaxis=time_axis(scene),
        yaxis=row_axis(scene, name),
        margin={"l": 44, "r": 8, "t": 22, "b": 42},
    )
    widest = max(bindings, key=lambda binding: reach(scene, binding))
    colour(figure, {"coloraxis": ("diverging", signed(scene, widest))})
    heading(figure, "as LayerNorm goes on")
    phased = {number: (number,) for number in range(len(made))}
    return Picture(figure, bindings, "", "", sweeps=("x",), phased=phased, beside=_column(scene, name, made))


def _column(scene: Scene, name: str, made: list[str]) -> Picture:
    """One time step by itself."""
    rows = np.arange(1, scene.offered[name].shape[1] + 1)
    figure = go.Figure()
    bindings: list[Binding] = []
    phased: dict[int, tuple[int, ...]] = {}
    hover, at = "row %{x}<br><b>%{y:.5g}</b>", {"time": "time"}
    for number, (source, step) in enumerate(zip(made, STEPS, strict=False)):
        hue, word = (INK, "now") if number else (NAIVE, "before")
        bindings.append(Binding(number, "y", source, "frame", grows=True, at=at))
        phased |= {number: (number,)} if number else {}
        figure.add_scatter(
            x=rows, mode="markers", name=word, marker={"size": 5, "color": hue}, meta=INKED if number else None,
            showlegend=len(made) > 1, hovertemplate=f"{hover}<extra>{step}</extra>",
        )  # fmt: skip
    for word, letter, dash in (("mean", "μ", "solid"), ("low", "μ − σ", "dot"), ("high", "μ + σ", "dot")):
        bindings.append(Binding(len(figure.data), "y", f"level {word}/{name}", "frame", at=at))
        figure.add_scatter(
            x=[rows[0] - 0.5, rows[-1] + 0.5], mode="lines", name=letter, showlegend=word == "mean",
            line={"color": TRAINING if word == "mean" else UNSEEN, "width": 1.4, "dash": dash},
            hovertemplate=f"{letter} = <b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
    calm(
        figure,
        xaxis=row_axis(scene, name, title="row, at the dotted time step", range=[rows[0] - 0.5, rows[-1] + 0.5]),
        yaxis={
            "range": _reach(scene, bindings[: len(made)]),
            "zeroline": True,
            "zerolinecolor": "rgba(128,128,128,.4)",
        },
        margin={"l": 44, "r": 8, "t": 30, "b": 42},
    )
    return Picture(figure, tuple(bindings), "", "", phased=phased)


def _reach(scene: Scene, bindings: list[Binding]) -> list[float]:
    """As far as the sums go over the run, before and after."""
    ends = [end for binding in bindings for end in extent(scene, binding) or ()] or [-1.0, 1.0]
    margin = 0.06 * (max(ends) - min(ends)) or 1.0
    return [min(ends) - margin, max(ends) + margin]


VIEW = View(
    "layer_norm",
    "LayerNorm, before and after",
    ("sigma/*",),
    picture,
    options,
    "What is normalised",
    WITHOUT,
    {"gated": False, "cell": "lstm"},
)
