"""One picture less the same of another run, number by number. Knows no view by name."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Picture, Scene
from dashboard.views.filling import BLOCK, drawn
from dashboard.views.scales import BAR, colour
from engine.errors import Lesson


def difference(scene: Scene, other: Scene, picture: Picture) -> Picture | None:
    """The heatmaps of a picture, less those of the other run at the same update; None where the two do not compare."""
    maps = [b for b in picture.bindings if b.mode == "frame" and b.attribute == "z" and b.reduce == ""]
    if not maps or not all(_alike(scene, other, binding.source) for binding in maps):
        return None
    figure = go.Figure(picture.figure)
    gone = {b.trace for b in picture.bindings if b not in maps}
    for number in gone:
        figure.data[number].update(visible=False)
    axes = {figure.data[b.trace].coloraxis or "coloraxis": _limit(scene, other, b) for b in maps}
    colour(
        figure,
        {
            name: ("diverging", {"cmin": -limit, "cmax": limit, "colorbar": {**BAR, "nticks": 5}})
            for name, limit in axes.items()
        },
    )
    return replace(
        picture,
        figure=figure,
        bindings=tuple(maps),
        beside=None,
        sentence=f"The first run less the other, number by number, at the same update. {picture.sentence}",
        how="Pale is where both runs hold the same number. Orange is where the first holds the larger one, blue where "
        "it holds the smaller. Runs that began with the same seed and data differ by the one thing that was changed.",
    )


def _alike(scene: Scene, other: Scene, source: str) -> bool:
    return source in other.offered and scene.offered[source].shape == other.offered[source].shape


def _limit(scene: Scene, other: Scene, binding: Binding) -> float:
    """The largest difference at some updates that both runs have."""
    both = np.intersect1d(scene.trace.steps, other.trace.steps)
    steps = both[np.unique(np.linspace(0, len(both) - 1, min(len(both), BLOCK)).astype(int))].tolist()
    try:
        ours, theirs = (one.look(steps, [binding.source])[binding.source] for one in (scene, other))
    except (Lesson, KeyError):
        return 1.0
    axes = scene.offered[binding.source].axes
    largest = [np.abs(drawn(a.astype(np.float64) - b, axes, binding)) for a, b in zip(ours, theirs, strict=True)]
    return max((float(d[np.isfinite(d)].max(initial=0)) for d in largest), default=1.0) or 1.0
