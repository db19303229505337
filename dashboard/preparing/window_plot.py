"""A window as a model is shown it: in the unit of the series above, scaled below, and the columns beside it."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.preparing.thinning import thinned
from dashboard.views.drawing import calm
from dashboard.views.palette import DIVERGING, TRAINING, UNSEEN
from dashboard.views.words import stamp_format
from engine.preparing.prepare import Prepared
from engine.preparing.shown import Shown

SIDES = {"the model sees": TRAINING, "it is to forecast": UNSEEN}


def figure(prepared: Prepared, shown: Shown) -> go.Figure:
    """Blue is what the model sees, orange what it is to forecast."""
    run, columns = prepared.run, prepared.run.covariates
    heights = [150, 150] + ([22 * len(columns) + 20] if columns else [])
    drawn = make_subplots(
        len(heights), 1, shared_xaxes=True, row_heights=heights, vertical_spacing=30 / (sum(heights) + 60)
    )
    T = len(shown.raw)
    series = ((shown.raw, shown.target), (shown.inputs[:, 0], shown.wanted))
    for row, (seen, wanted) in enumerate(series, start=1):
        sides = ((seen, shown.stamps[:T]), (wanted, shown.stamps[T:]))
        for (name, colour), (values, stamps) in zip(SIDES.items(), sides, strict=True):
            some = thinned(values)
            drawn.add_scatter(
                x=stamps[some].to_numpy(), y=values[some], mode="lines+markers", name=name, showlegend=row == 1,
                line={"color": colour, "width": 1.6}, marker={"size": 4},
                hovertemplate=f"%{{x|{stamp_format(shown.stamps)}}}<br><b>%{{y:.6g}}</b><extra></extra>",
                row=row, col=1,
            )  # fmt: skip
    calm(drawn, height=sum(heights) + 110, hovermode="closest")
    if columns:
        _beside(drawn, prepared, shown)
    anchored = "change from the window’s last value, scaled" if run.anchor == "change" else "scaled"
    drawn.update_yaxes(title=prepared.series.unit or "value", row=1, col=1)
    drawn.update_yaxes(title=anchored if len(anchored) < 10 else "change, scaled", row=2, col=1)
    return drawn.update_layout(font={"color": None})


def _beside(drawn: go.Figure, prepared: Prepared, shown: Shown) -> None:
    """The columns as the model is shown them; of the horizon only those that are known ahead."""
    run = prepared.run
    table = np.full((len(shown.stamps), len(run.covariates)), np.nan)
    table[: len(shown.raw)] = shown.inputs[:, 1:]
    table[len(shown.raw) :, [run.covariates.index(name) for name in run.known_ahead]] = shown.known
    limit = float(np.nanmax(np.abs(table), initial=1.0))
    drawn.add_heatmap(
        z=table.T, x=shown.stamps.to_numpy(), y=list(run.covariates), zmin=-limit, zmax=limit, showscale=False,
        colorscale=DIVERGING["light"], hovertemplate="%{x}<br>%{y}: %{z:.4g}, scaled<extra></extra>", row=3, col=1,
    )  # fmt: skip
