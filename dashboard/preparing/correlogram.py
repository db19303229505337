"""Autocorrelations as sticks, with the bands they lie in where there is no memory. Knows no page and computes none."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.views.drawing import calm
from dashboard.views.palette import NAIVE, TRAINING

Found = dict[str, NDArray[np.float64]]
TITLES = {"acf": "autocorrelation", "pacf": "partial"}


def figure(found: Found, season: int) -> go.Figure:
    """Lag 0 is left out: it is always 1. Whole seasons are ticked."""
    drawn = make_subplots(2, 1, shared_xaxes=True, vertical_spacing=0.08)
    lags = np.arange(1, len(found["acf"]))
    for row, (name, title) in enumerate(TITLES.items(), start=1):
        values, band = found[name][1:], found[f"{name} band"][1:]
        for edge, fill in ((band, None), (-band, "tonexty")):
            drawn.add_scatter(
                x=lags, y=edge, mode="lines", line={"width": 0}, fill=fill, fillcolor="rgba(128,128,128,.18)",
                hoverinfo="skip", showlegend=False, row=row, col=1,
            )  # fmt: skip
        outside = np.abs(values) > band
        drawn.add_bar(
            x=lags, y=values, marker={"color": np.where(outside, TRAINING, NAIVE).tolist()}, name=title, width=0.55,
            hovertemplate=f"lag %{{x}}<br>{title} <b>%{{y:.3f}}</b><extra></extra>", row=row, col=1,
        )  # fmt: skip
    calm(drawn, height=380, showlegend=False, hovermode="closest")
    for row, title in enumerate(TITLES.values(), start=1):
        drawn.update_yaxes(title=title, row=row, col=1)
    if 1 < season <= len(lags):
        drawn.update_xaxes(tickvals=list(range(season, len(lags) + 1, season)))
    drawn.update_xaxes(title="steps back", row=2, col=1)
    return drawn.update_layout(font={"color": None})


def sentence(found: Found, season: int) -> str:
    """How many lags stand out of the band, where one in twenty would by chance, and whether the season does."""
    values, band = found["acf"][1:], found["acf band"][1:]
    outside = int((np.abs(values) > band).sum())
    said = (
        f"{outside} of {len(values)} autocorrelations lie outside their band; without any memory about "
        f"{len(values) / 20:.0f} would."
    )
    if 1 < season <= len(values):
        at = values[season - 1]
        stands = "stands out" if abs(at) > band[season - 1] else "does not stand out"
        said += f" One season back, {season} steps, it is {at:.2f} and {stands}."
    return said
