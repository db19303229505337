"""A window: any signal of any window of the series under the weights of any update, recomputed when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go
import streamlit as st
from numpy.typing import NDArray

from dashboard import session
from dashboard.themed import inked, paper
from dashboard.views.drawing import calm
from dashboard.views.palette import DIVERGING, INK, INKED
from dashboard.views.words import span, stamps, title
from engine.nouns.trace import Trace

DRAWABLE = 2  # axes of an array that a heatmap shows
OF_TIME = "time"


def show(trace: Trace) -> None:
    """Which update, window and signal, and the picture."""
    steps = trace.steps
    if not len(steps) or trace.run.model == "sarima":
        st.write("Only a network with recorded updates can be looked into.")
        return
    offered = {one["name"]: one for one in session.nursery().ask("offered", trace.path)[0]}
    names = [name for name, one in offered.items() if len(one["shape"]) in (1, DRAWABLE)]
    last = len(trace.series) - trace.run.window
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input("Update", int(steps[0]), int(steps[-1]), int(steps[-1]), width=150, key="window.step")
        name = st.selectbox(
            "Signal", names, _first(trace, names), format_func=title, width=340, key=f"window.signal.{trace.run.id}"
        )
        start = st.number_input(
            "Window begins at value", 0, last, last - trace.run.validation, width=220, key="window.start"
        )
    st.caption(f"{title(name).capitalize()}, {span(trace, start)}, under the weights after update {step}.")
    values = session.nursery().ask("look", trace.path, steps=[step], start=start, names=[name])[1][name][0]
    dates = stamps(trace, trace.run.window, start)
    picture = figure(values, offered[name]["axes"], dates, DIVERGING[paper()])
    st.plotly_chart(inked(picture), key="window.picture", config={"displayModeBar": False})


def _first(trace: Trace, names: Sequence[str]) -> int:
    """The last state that was recorded through time: what the forecast is made of."""
    recorded = trace.signals
    through = [name for name, signal in recorded.items() if OF_TIME in signal.axes[:-1] and "/" not in name]
    states = [n for n, name in enumerate(names) if name in through]
    return states[-1] if states else 0


def figure(values: NDArray[Any], axes: Sequence[str], dates: Sequence[str], colours: Any) -> go.Figure:
    """One array with one or two axes: a line, or a heatmap with the first axis across; both count from one."""
    across = np.arange(1, len(values) + 1)
    named = dates if axes[0] == OF_TIME and len(dates) == len(values) else [""] * len(values)
    if values.ndim == 1:
        line = go.Scatter(
            x=across, y=values, mode="lines+markers", customdata=named, line={"color": INK}, marker={"color": INK},
            meta=INKED, hovertemplate=f"{axes[0]} %{{x}} %{{customdata}}<br><b>%{{y:.6g}}</b><extra></extra>",
        )  # fmt: skip
        return calm(go.Figure(line), xaxis={"title": axes[0]}, height=320)
    limit = float(np.nanmax(np.abs(values))) or 1.0 if np.isfinite(values).any() else 1.0
    heatmap = go.Heatmap(
        x=across,
        y=np.arange(1, values.shape[1] + 1),
        z=values.T,
        customdata=np.broadcast_to(named, values.T.shape),
        coloraxis="coloraxis",
        hovertemplate=f"{axes[0]} %{{x}} %{{customdata}}<br>{axes[1]} %{{y}}<br><b>%{{z:.6g}}</b><extra></extra>",
    )
    scale = {"colorscale": colours, "cmin": -limit, "cmax": limit, "colorbar": _legend(limit)}
    down = {"title": axes[1], "autorange": "reversed", "showgrid": False}  # unit 1 above, as on the stage
    return calm(go.Figure(heatmap), coloraxis=scale, xaxis={"title": axes[0]}, yaxis=down, height=420)


def _legend(limit: float) -> Mapping[str, Any]:
    return {"thickness": 9, "tickvals": [-limit, 0, limit], "ticktext": [f"{-limit:.3g}", "0", f"{limit:.3g}"]}
