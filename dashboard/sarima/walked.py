"""The Kalman filter at one time step, as arithmetic and as a picture beside a network's. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.views.drawing import calm
from dashboard.views.palette import DIVERGING, NAIVE, TRAINING, UNSEEN
from dashboard.views.words import stamp_format
from engine.nouns.frame import Array
from engine.nouns.series import Series

AROUND = 40  # steps that are shown before the one looked at
AFTER = 8
ROW = 15  # pixels of one number of a state


@dataclass(frozen=True)
class Reading:
    """A network's hidden states while it reads one window, (T, H): its first value is number `start` of the series."""

    title: str
    start: int
    states: Array


def picture(
    found: Mapping[str, Array], names: Sequence[str], series: Series, at: int, dark: bool, reading: Reading | None
) -> go.Figure:
    """What was expected and came, the filter's state and a network's, one below the other: one line is the moment."""
    shown = slice(max(0, at - AROUND), min(len(series), at + AFTER + 1))
    heights = [220, ROW * len(names) + 20, *([ROW * reading.states.shape[1] + 20] if reading else [])]
    titles = ["", "The Kalman filter's state", *([f"The {reading.title}'s hidden state"] if reading else [])]
    drawn = make_subplots(
        len(heights), 1, shared_xaxes=True, vertical_spacing=28 / sum(heights), row_heights=heights,
        subplot_titles=titles,
    )  # fmt: skip
    scale = DIVERGING["dark" if dark else "light"]
    _around(drawn, found, series, at, shown)
    updated = found["walk/updated"][shown].T
    _heat(drawn, 2, series, shown.start, updated, _swings(updated), names, scale)
    if reading:
        units = [f"unit {unit}" for unit in range(1, reading.states.shape[1] + 1)]
        read = max(0, min(shown.stop - reading.start, len(reading.states)))
        held = reading.states[:read].T
        _heat(drawn, 3, series, reading.start, held, held, units, scale)
    calm(drawn, font={"color": None}, height=sum(heights) + 90, hovermode="closest")
    drawn.update_annotations(x=0, xanchor="left", font={"size": 13})
    drawn.add_vline(x=series.index[at], line={"color": UNSEEN, "width": 2}, row="all", col=1)
    half = (series.index[1] - series.index[0]) / 2  # so that the first and the last column are whole
    ends = [series.index[shown.start] - half, series.index[shown.stop - 1] + half]
    drawn.update_xaxes(range=ends, showticklabels=False)
    drawn.update_xaxes(showticklabels=True, row=len(heights))
    for row in range(2, len(heights) + 1):
        drawn.update_yaxes(autorange="reversed", showgrid=False, row=row)
    return drawn


def _around(drawn: go.Figure, found: Mapping[str, Array], series: Series, at: int, shown: slice) -> None:
    """What was expected of each value and what came, near the step that is looked at."""
    values, x = found["values"], series.index[shown]
    expected = (values - found["walk/innovation"])[shown]
    one, other = {"color": NAIVE, "width": 1.6}, {"color": UNSEEN, "width": 1.6, "dash": "dot"}
    drawn.add_scatter(x=x, y=values[shown], name="came", line=one, mode="lines", row=1, col=1)
    drawn.add_scatter(x=x, y=expected, name="expected one step before", line=other, mode="lines", row=1, col=1)
    marker = {"size": 9, "color": TRAINING}
    drawn.add_scatter(
        x=[series.index[at]], y=[values[at]], mode="markers", marker=marker, showlegend=False, row=1, col=1
    )


def _swings(states: Array) -> Array:
    """Each number of a state about its mean, in its own range."""
    swing = states - states.mean(axis=1, keepdims=True)
    largest = np.abs(swing).max(axis=1, keepdims=True)
    return np.asarray(swing / np.where(largest == 0, 1.0, largest))


def _heat(
    drawn: go.Figure, row: int, series: Series, start: int, states: Array, shade: Array, names: Sequence[str],
    scale: list[tuple[float, str]],
) -> None:  # fmt: skip
    """One row a number of the state, one column a time step."""
    stamp = stamp_format(series.index)
    drawn.add_heatmap(
        x=series.index[start : start + states.shape[1]], y=list(names), z=shade, zmin=-1, zmax=1, colorscale=scale,
        showscale=False, customdata=states, row=row, col=1,
        hovertemplate=f"%{{x|{stamp}}}<br>%{{y}} <b>%{{customdata:.5g}}</b><extra></extra>",
    )  # fmt: skip


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
