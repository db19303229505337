"""The Kalman filter at one time step, as a picture and as arithmetic. Pure functions of the recorded walk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.views.drawing import calm
from dashboard.views.palette import DIVERGING, NAIVE, TRAINING, UNSEEN
from engine.nouns.frame import Array
from engine.nouns.series import Series

AROUND = 40  # steps that are shown before the one looked at
AFTER = 8


def states(found: Mapping[str, Array], names: Sequence[str], series: Series, at: int, dark: bool) -> go.Figure:
    """The state after each step, one row a number of it, about its mean and in its own range; a line at the step."""
    shown = slice(max(0, at - AROUND), min(len(series), at + AFTER + 1))
    updated = found["walk/updated"][shown].T
    swing = updated - updated.mean(axis=1, keepdims=True)
    largest = np.abs(swing).max(axis=1, keepdims=True)
    drawn = calm(go.Figure(), font={"color": None}, height=max(220, min(560, 90 + 16 * len(names))))
    drawn.add_heatmap(
        x=series.index[shown], y=list(names), z=swing / np.where(largest == 0, 1.0, largest), zmin=-1, zmax=1,
        colorscale=DIVERGING["dark" if dark else "light"], showscale=False, customdata=updated,
        hovertemplate="%{x|%Y-%m-%d}<br>%{y} <b>%{customdata:.5g}</b><extra></extra>",
    )  # fmt: skip
    drawn.add_vline(x=series.index[at], line={"color": UNSEEN, "width": 2})
    return drawn.update_yaxes(autorange="reversed", showgrid=False)


def around(found: Mapping[str, Array], values: Array, series: Series, at: int) -> go.Figure:
    """What was expected of each value and what came, near the step that is looked at."""
    shown = slice(max(0, at - AROUND), min(len(series), at + AFTER + 1))
    expected = values - found["walk/innovation"]
    drawn = calm(go.Figure(), font={"color": None}, height=240, hovermode="x unified")
    drawn.add_scatter(x=series.index[shown], y=values[shown], name="came", line={"color": NAIVE, "width": 1.6})
    drawn.add_scatter(
        x=series.index[shown], y=expected[shown], name="expected one step before",
        line={"color": UNSEEN, "width": 1.6, "dash": "dot"},
    )  # fmt: skip
    drawn.add_scatter(
        x=[series.index[at]], y=[values[at]], mode="markers", marker={"size": 9, "color": TRAINING}, showlegend=False
    )
    return drawn.add_vline(x=series.index[at], line={"color": UNSEEN, "width": 1})


def arithmetic(found: Mapping[str, Array], values: Array, at: int) -> str:
    """The innovation of one step in numbers, as LaTeX."""
    v, F = found["walk/innovation"][at], found["walk/variance"][at]
    if not np.isfinite(values[at]):
        return r"\text{No value came: nothing is learned, the state only moves on.}"
    expected = values[at] - v
    line = rf"v = y - \hat y = {values[at]:.6g} {-expected:+.6g} = {v:.5g}"
    if not np.isfinite(F):
        return line + r",\qquad F = \infty\text{: the level is still unknown}"
    return line + rf",\qquad \sqrt F = {np.sqrt(F):.4g},\qquad v / \sqrt F = {v / np.sqrt(F):.3g}"


def table(found: Mapping[str, Array], names: Sequence[str], at: int) -> pd.DataFrame:
    """Predicted + gain x innovation = updated, one row a number of the state."""
    v = found["walk/innovation"][at]
    gain = found["walk/gain"][at]
    columns = {
        "predicted": found["walk/predicted"][at], "gain": gain, "gain × v": gain * v,
        "updated": found["walk/updated"][at],
    }  # fmt: skip
    return pd.DataFrame(columns, index=pd.Index(names, name="state"))
