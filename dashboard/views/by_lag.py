"""How much of a gradient is left by how far it travelled: this run's, what its own steps leave, and the runs beside it.

Knows no triangle: it is given its margin.
"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Picture, Scene
from dashboard.views.drawing import calm
from dashboard.views.filling import extent
from dashboard.views.palette import ENDED, MANY, NAIVE, TRAINING, UNDONE
from dashboard.views.scales import FLOOR, logarithmic
from dashboard.views.words import title
from engine.contract import models

OWN = {
    "jacobians": ("its steps' Jacobians, multiplied", "no share through this layer alone can be larger"),
    "radius": ("|λ|<sup>lag</sup> of W<sub>h</sub>", "the largest eigenvalue of W_h, once for each step"),
    "kept": ("its forget gates, multiplied", "what the cell's own way leaves, apart from all others"),
}
"""What a layer's own steps leave of a gradient, by lag; each where a run offers it."""
BESIDE = (MANY[1], MANY[4], MANY[3])
"""The lines of up to three other runs: solid, and of no hue that a line above has."""
LOWEST = 1e-6
"""As far down as a line beside its own makes the axis reach."""
GUIDES = (0.5, 0.8, 0.95)
"""Per step: what is left of a gradient that is multiplied by this at each step."""


def by_lag(scene: Scene, name: str) -> Picture:
    """The figure for one signal, of this run and, on the same clock, of those beside it."""
    (T,) = scene.offered[f"decay/{name}"].shape
    figure = go.Figure([_guide(factor, T) for factor in GUIDES])
    bindings = [Binding(len(GUIDES), "y", f"decay/{name}", "frame", floor=FLOOR, grows=True)]
    said = f"A {_model(scene)}" if scene.others else title(name)
    figure.add_scatter(
        x=np.arange(T), mode="lines+markers", name=said, line={"color": TRAINING, "width": 2}, marker={"size": 4},
        showlegend=True, hovertemplate="%{x} steps back<br><b>%{y:.4g}</b> of the start<extra></extra>",
    )  # fmt: skip
    low, high = extent(scene, bindings[0]) or (FLOOR, 1.0)
    for word, hue in zip(OWN, (ENDED, UNDONE, ENDED), strict=True):
        if f"{word}/{name}" in scene.offered:
            bindings.append(Binding(len(figure.data), "y", f"{word}/{name}", "frame", floor=FLOOR, grows=True))
            figure.add_trace(_own(np.arange(T), *OWN[word], hue))
            ends = extent(scene, bindings[-1]) or (1.0, 1.0)
            low, high = min(low, max(ends[0], LOWEST)), max(high, ends[1])
    for number, (letter, hue, other) in enumerate(zip("BCD", BESIDE, scene.others, strict=False), 1):
        theirs = _theirs(other, name)
        if theirs:
            # It does not make the axis grow: one run that forgets all would press the others to the top.
            bindings.append(Binding(len(figure.data), "y", f"decay/{theirs}", "frame", floor=FLOOR, run=number))
            figure.add_trace(_beside(other, theirs, letter, hue))
            ends = extent(other, bindings[-1]) or (1.0, 1.0)
            low, high = min(low, max(ends[0], LOWEST)), max(high, ends[1])
    calm(
        figure,
        xaxis={"title": "steps travelled back", "range": [-0.5, T - 0.5]},
        yaxis=logarithmic(max(low, FLOOR), max(high, 1), title="share of the start"),
        margin={"r": 38},  # for the names of the guides that leave there
    )
    for factor in GUIDES:
        _label(figure, factor, T, max(low, FLOOR))
    return Picture(figure, tuple(bindings), "", "")


def _guide(factor: float, T: int) -> go.Scatter:
    lags = np.arange(T)
    return go.Scatter(
        x=lags, y=np.maximum(factor**lags, FLOOR), mode="lines", showlegend=False,
        line={"color": NAIVE, "width": 1, "dash": "dot"},
        hovertemplate=f"{factor:g} at every step<br>lag %{{x}}: %{{y:.3g}}<extra></extra>",
    )  # fmt: skip


def _own(lags: np.ndarray, words: str, meaning: str, hue: str) -> go.Scatter:
    return go.Scatter(
        x=lags, mode="lines", name=words, line={"color": hue, "width": 1.5, "dash": "dash"},
        hovertemplate=f"{words}:<br>{meaning}<br>%{{x}} steps back<br><b>%{{y:.4g}}</b> of the start<extra></extra>",
    )  # fmt: skip


def _theirs(other: Scene, name: str) -> str:
    """The signal of another run that compares with this one: of the same name, or the first of its states."""
    found = [one.removeprefix("decay/") for one in other.offered if one.startswith("decay/")]
    same = [one for one in found if one == name]
    states = [one for kind in ("hidden", "encoder", "map") for one in found if one.partition(".")[0] == kind]
    return next(iter([*same, *states]), "")


def _model(scene: Scene) -> str:
    run = scene.trace.run
    return f"{models()[run.model].title}{' with LayerNorm' * bool(run.settings.get('layer_norm'))}"


def _beside(other: Scene, theirs: str, letter: str, hue: str) -> go.Scatter:
    (T,) = other.offered[f"decay/{theirs}"].shape
    words = f"{letter} {_model(other)}"
    return go.Scatter(
        x=np.arange(T), mode="lines", name=words, line={"color": hue, "width": 2},
        hovertemplate=f"{words}, {title(theirs)}<br>%{{x}} steps back<br><b>%{{y:.4g}}</b> of the start"
        "<extra></extra>",
    )  # fmt: skip


def _label(figure: go.Figure, factor: float, T: int, low: float) -> None:
    """Names a guide where it leaves the figure."""
    leaves = np.log(low) / np.log(factor)
    lag = min(T - 1, int(leaves))
    figure.add_scatter(
        x=[lag], y=[factor**lag], mode="text", text=[f" {factor:g}<sup>lag</sup>\u2003"], cliponaxis=False,
        textposition="middle right" if lag == T - 1 else "middle left",
        textfont={"size": 10}, hoverinfo="skip", showlegend=False,
    )  # fmt: skip
