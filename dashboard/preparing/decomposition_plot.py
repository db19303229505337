"""A series taken apart, one part below the other on one calendar. Knows no page and takes nothing apart."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.preparing.thinning import thinned
from dashboard.views.drawing import calm
from dashboard.views.palette import NAIVE, TRAINING, turn

ROW = 110  # pixels


def figure(stamps: pd.DatetimeIndex, parts: dict[str, NDArray[np.float64]]) -> go.Figure:
    """parts: (n,) each, by name; the last is what is left over. The whole, their sum, stands above them."""
    rows = {"series": np.sum(list(parts.values()), axis=0), **parts}
    drawn = make_subplots(len(rows), 1, shared_xaxes=True, vertical_spacing=0.03)
    for row, (name, values) in enumerate(rows.items(), start=1):
        some = thinned(values)
        colour = TRAINING if name == "series" else NAIVE if name == "remainder" else turn(row)
        drawn.add_scatter(
            x=stamps[some].to_numpy(), y=values[some], mode="lines", name=name, line={"color": colour, "width": 1.4},
            hovertemplate=f"{name} %{{y:.5g}}<extra></extra>", row=row, col=1,
        )  # fmt: skip
    calm(drawn, height=ROW * len(rows) + 60, showlegend=False, hovermode="x")
    for row, name in enumerate(rows, start=1):
        drawn.update_yaxes(title=name, nticks=4, row=row, col=1)
    return drawn.update_layout(font={"color": None})
