"""The pictures of a recommendation: how far ahead it leads, and what it says comes next. Pure functions."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.bands import band
from dashboard.views.drawing import calm
from dashboard.views.palette import INK, INKED, NAIVE, UNSEEN
from dashboard.views.words import stamp_format
from engine.comparing.advising import Advice
from engine.comparing.rolled import title
from engine.nouns.forecast import Forecast
from engine.nouns.series import Series

HEIGHT = 300
BEFORE = 5  # horizons of the past beside the forecast


def lead(advice: Advice, unit: str) -> go.Figure:
    """Mean |error| at each step of the recommended one, with what chance may make of its lead, and of its rival."""
    steps = np.arange(1, len(advice.errors) + 1)
    marked = "lines+markers" if len(steps) < 4 else "lines"
    drawn = calm(go.Figure(), height=HEIGHT, hovermode="x unified", font={"color": None})
    low, high = np.maximum(advice.errors - advice.margin, 0), advice.errors + advice.margin
    drawn.add_trace(band(steps, low, high, UNSEEN, showlegend=False))
    drawn.add_scatter(
        x=steps, y=advice.rival_errors, mode=marked, name=title(advice.rival), line={"color": NAIVE, "dash": "dash"},
        hovertemplate="%{y:,.4~g}",
    )  # fmt: skip
    drawn.add_scatter(
        x=steps, y=advice.errors, mode=marked, name=title(advice.choice.name), line={"color": UNSEEN, "width": 2},
        hovertemplate="%{y:,.4~g}",
    )  # fmt: skip
    drawn.update_xaxes(title="steps ahead", dtick=1 if len(steps) <= 14 else None)
    return drawn.update_yaxes(title=f"mean |error|{f', {unit}' if unit else ''}", rangemode="tozero")


def ahead(said: Forecast, series: Series, level: float) -> go.Figure:
    """The last values, what is expected after them, and where it lies `level` times of 100."""
    shown = slice(-max(BEFORE * len(said.point), 2 * series.period, 20), None)
    stamp = stamp_format(series.index)
    drawn = calm(go.Figure(), height=HEIGHT, font={"color": None}, hovermode="x unified", xaxis={"hoverformat": stamp})
    drawn.add_scatter(
        x=series.index[shown], y=series.values[shown], mode="lines", name="truth", meta=INKED,
        line={"color": INK, "width": 1.6}, hovertemplate="%{y:,.6~g}",
    )  # fmt: skip
    if level in said.intervals:
        drawn.add_trace(band(said.index, *said.intervals[level], UNSEEN, name=f"{level:g} % interval"))
    drawn.add_scatter(
        x=said.index, y=said.point, name="forecast", line={"color": UNSEEN, "width": 2},
        mode="lines+markers" if len(said.point) < 4 else "lines", hovertemplate="%{y:,.6~g}",
    )  # fmt: skip
    return drawn.update_yaxes(title=series.unit or series.name)
