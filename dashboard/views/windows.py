"""What views of one window share: its time steps with their dates, and what the network is shown. Knows no view."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.views.contract import Options, Picture, Scene
from dashboard.views.drawing import message
from dashboard.views.palette import INK, INKED
from dashboard.views.words import stamps
from engine.preparing.prepare import prepare


def steps(scene: Scene) -> NDArray[np.int64]:
    """The window's time steps, counted from 1."""
    return np.arange(1, scene.trace.run.window + 1)


def dates(scene: Scene) -> list[str]:
    """Of each of them."""
    return stamps(scene.trace, scene.trace.run.window, scene.start)


def series_line(scene: Scene, **more: Any) -> go.Scatter:
    """The window's own values, in the unit of the series."""
    T, values = scene.trace.run.window, prepare(scene.trace.run, scene.trace.series).series.values
    return go.Scatter(
        x=steps(scene), y=values[scene.start : scene.start + T], mode="lines", name="series", showlegend=False,
        line={"color": INK, "width": 1.4}, meta=INKED, customdata=dates(scene),
        hovertemplate="%{customdata} (step %{x})<br><b>%{y:.6g}</b><extra></extra>", **more,
    )  # fmt: skip


def time_axis(scene: Scene, **more: Any) -> dict[str, Any]:
    """An x axis that counts the window's steps and says to which date they lead."""
    T, until = scene.trace.run.window, dates(scene)[-1]
    return {"range": [0.5, T + 0.5], "title": f"time step (to {until})", "showgrid": False, **more}


def picked(options: Mapping[str, Mapping[str, str]], chosen: Options, option: str = "signal") -> str:
    """What a person chose, or the first there is; "" where there is nothing to choose from."""
    offered = options.get(option, {})
    return chosen[option] if chosen.get(option) in offered else next(iter(offered), "")


def nothing(why: str) -> Picture:
    """In place of a picture, the sentence that says what the run lacks."""
    return Picture(message(why), (), "Nothing to see in this run", why)
