"""A series as a picture: its line, what was missing, thinned where it is long. Knows no model."""

from __future__ import annotations

from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from dashboard.preparing.thinning import MOST, thinned
from dashboard.views.drawing import calm
from dashboard.views.palette import TRAINING, UNSEEN
from dashboard.views.words import whole_days
from engine.nouns.series import Series

FEWEST = 10
DATE, MOMENT = "YYYY-MM-DD", "YYYY-MM-DD HH:mm"


def show(series: Series, missing: NDArray[np.bool_]) -> None:
    """The picture, and, where not every value can be drawn, a part of it to look at more closely."""
    whole = slice(0, len(series))
    shown = _ask_part(series) if len(series) > MOST else whole
    part = Series(series.name, series.index[shown], series.values[shown], series.unit)
    st.plotly_chart(figure(part, missing[shown]), config={"displaylogo": False}, key="series")
    if len(part) > MOST:
        st.caption(
            f"Of {len(part):,} values the lowest and the highest of each of many stretches are drawn: {MOST:,} points "
            "at most, as many as there are pixels. Of a shorter part more are. Training uses all."
        )


def _ask_part(series: Series) -> slice:
    """The part of a long series to be drawn."""
    first, last = series.index[0].to_pydatetime(), series.index[-1].to_pydatetime()
    step, written = (last - first) / 500, DATE if whole_days(series.index) else MOMENT
    start, end = st.slider("Part shown", first, last, (first, last), step=step, key="part", format=written)
    places = series.index.searchsorted([pd.Timestamp(start).as_unit("s"), pd.Timestamp(end).as_unit("s")])
    begin = min(int(places[0]), len(series) - FEWEST)
    return slice(begin, max(int(places[1]) + 1, begin + FEWEST))


def figure(series: Series, missing: NDArray[np.bool_]) -> go.Figure:
    """The series over time; filled values over the line, values left missing as ticks below it."""
    shown = thinned(series.values, missing)
    stamps, values = series.index[shown].to_numpy(), series.values[shown]
    name = escape(series.unit or "value")
    drawn = calm(go.Figure(), height=340, hovermode="x unified", showlegend=bool(missing.any()))
    drawn.add_scatter(
        x=stamps, y=values, mode="lines", name=escape(series.name), line={"color": TRAINING, "width": 1.6}
    )
    drawn.update_traces(hovertemplate="%{y:,.6~g}<extra></extra>")
    empty = np.isnan(values)
    filled = missing[shown] & ~empty
    if filled.any():
        beside = filled | np.r_[False, filled[:-1]]  # one without a value ends each stretch
        _add_filled(drawn, stamps[beside], np.where(filled, values, np.nan)[beside])
    if empty.any():
        _add_empty(drawn, stamps[empty], series.values)
    drawn.update_layout(font={"color": None}, yaxis_title=name, dragmode="zoom")
    return drawn


def _add_filled(drawn: go.Figure, stamps: NDArray[np.datetime64], values: NDArray[np.float64]) -> None:
    drawn.add_scatter(
        x=stamps,
        y=values,
        mode="lines+markers",
        name="filled",
        line={"color": UNSEEN, "width": 1.6},
        marker={"size": 4},
        hovertemplate="filled<extra></extra>",
    )


def _add_empty(drawn: go.Figure, stamps: NDArray[np.datetime64], values: NDArray[np.float64]) -> None:
    floor = np.nanmin(values) - 0.06 * max(float(np.nanmax(values) - np.nanmin(values)), 1e-12)
    tick = {"symbol": "line-ns", "size": 9, "color": UNSEEN, "line": {"color": UNSEEN, "width": 1.4}}
    drawn.add_scatter(
        x=stamps,
        y=np.full(len(stamps), floor),
        mode="markers",
        name="missing",
        marker=tick,
        hovertemplate="missing<extra></extra>",
    )


def spark(values: NDArray[np.float64], height: int) -> str:
    """The shape of a series as a small SVG line in the colour that models learn from."""
    known = values[np.isfinite(values)]
    thin = known[:: max(1, len(known) // 240)]
    across = np.linspace(2, 398, len(thin))
    down = height - 4 - (thin - thin.min()) / max(np.ptp(thin), 1e-12) * (height - 8)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in zip(across, down, strict=True))
    line = f'<polyline points="{points}" fill="none" stroke="{TRAINING}" stroke-width="1.5" stroke-linejoin="round"/>'
    size = f'viewBox="0 0 400 {height}" width="400" height="{height}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{line}</svg>'
