"""A picture of a run as it stands at one update. Knows no test."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Picture, Scene, parts, views
from dashboard.views.filling import picture_at
from engine.nouns.frame import Array


def filled(scene: Scene, view: str, part: int = 0, step: int = 4, time: int = 7, unit: int = 2, **chosen: str) -> tuple:
    return picture_at(scene, parts(views()[view].picture(scene, chosen))[part], step, time, unit).data


def holds(
    figure: go.Figure, scene: Scene, part: Picture, step: int,
    wanted: Callable[[Array, tuple[str, ...], Binding], Array], of: str,
) -> None:  # fmt: skip
    """Asserts that the figure has in each of its frame bindings what is wanted of the stored array, by its axes."""
    for binding in (b for b in part.bindings if b.mode == "frame"):
        stored = scene.look([step], [binding.source])[binding.source][0]
        should = wanted(stored, scene.offered[binding.source].axes, binding)
        there = figure.data[binding.trace]
        for name in binding.attribute.split("."):
            there = there[name]
        np.testing.assert_array_equal(np.asarray(there, should.dtype), should, err_msg=of)
