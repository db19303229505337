"""The series with its training, validation and test part shaded, and the window that is looked at. Knows no page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.preparing.change_plot import dots, line, made
from dashboard.views.drawing import calm
from dashboard.views.palette import CLIPPED, NAIVE, TRAINING, UNSEEN
from engine.nouns.series import Series

PARTS = {"training": TRAINING, "validation": UNSEEN, "test": CLIPPED}


def figure(series: Series, read: Series, split: int, end: int, shown: tuple[int, int, int] | None = None) -> go.Figure:
    """split, end: where validation and test begin. shown: where the window begins, its length and its horizon."""
    drawn = calm(go.Figure(), height=300, hovermode="x unified", yaxis_title=series.unit or "value")
    bounds = dict(zip(PARTS, ((0, split), (split, end), (end, len(series))), strict=True))
    for name, (first, last) in bounds.items():
        if first >= last or first < 0:
            continue
        part = slice(max(0, first - 1), last)  # joined to the one before
        line(drawn, series.index[part], series.values[part], name, PARTS[name], 1.6)
        left, right = stamp(series, first), stamp(series, last)
        drawn.add_vrect(x0=left, x1=right, fillcolor=PARTS[name], opacity=0.1, line_width=0, layer="below")
    dots(drawn, series.index, np.where(made(read, series), series.values, np.nan), "put in place by a step", NAIVE)
    if shown is not None:
        first, length, horizon = shown
        for x0, x1, dash in ((first, first + length, "solid"), (first + length, first + length + horizon, "dot")):
            drawn.add_vrect(
                x0=stamp(series, x0), x1=stamp(series, x1), fillcolor=NAIVE, opacity=0.25, layer="above",
                line={"color": NAIVE, "width": 1.5, "dash": dash},
            )  # fmt: skip
    return drawn.update_layout(font={"color": None})


def stamp(series: Series, position: int) -> pd.Timestamp:
    """The stamp of a value, also of one that comes after the last."""
    n = len(series)
    return series.index[position] if position < n else series.future(position - n + 1)[-1]
