"""A window: any signal of any window of the series under the weights of any update, recomputed when asked."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard import session
from dashboard.views.drawing import calm
from dashboard.views.palette import DIVERGING
from engine.nouns.trace import Trace

DRAWABLE = 2  # axes of an array that a heatmap shows


def show(trace: Trace) -> None:
    """Which update, window and signal, and the picture."""
    steps = trace.steps
    if not len(steps) or trace.run.model == "sarima":
        st.write("Only a network with recorded updates can be looked into.")
        return
    offered = {one["name"]: one for one in session.nursery().ask("offered", trace.path)[0]}
    names = [name for name, one in offered.items() if len(one["shape"]) in (1, DRAWABLE)]
    series, last = trace.series, len(trace.series) - trace.run.window
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input("Update", int(steps[0]), int(steps[-1]), int(steps[-1]), width=150, key="window.step")
        name = st.selectbox("Signal", names, width=300, key="window.signal")
        start = st.number_input(
            "Window begins at value", 0, last, last - trace.run.validation, width=220, key="window.start"
        )
    ends = series.index[start + trace.run.window - 1]
    st.caption(f"{series.index[start]:%Y-%m-%d %H:%M} to {ends:%Y-%m-%d %H:%M}, under the weights after update {step}.")
    values = session.nursery().ask("look", trace.path, steps=[step], start=start, names=[name])[1][name][0]
    st.plotly_chart(figure(values, offered[name]["axes"]), key="window.picture")


def figure(values: np.ndarray, axes: list[str]) -> go.Figure:
    """One array with one or two axes: a line, or a heatmap with the first axis across."""
    if values.ndim == 1:
        drawn = go.Figure(
            go.Scatter(y=values, mode="lines+markers", hovertemplate="%{x}<br><b>%{y:.6g}</b><extra></extra>")
        )
        return calm(drawn, xaxis={"title": axes[0]}, height=320)
    limit = float(np.nanmax(np.abs(values))) or 1.0 if np.isfinite(values).any() else 1.0
    heatmap = go.Heatmap(
        z=values.T,
        coloraxis="coloraxis",
        hovertemplate=f"{axes[0]} %{{x}}<br>{axes[1]} %{{y}}<br><b>%{{z:.6g}}</b><extra></extra>",
    )
    colours = {"colorscale": DIVERGING["light"], "cmin": -limit, "cmax": limit, "colorbar": {"thickness": 9}}
    return calm(go.Figure(heatmap), coloraxis=colours, xaxis={"title": axes[0]}, yaxis={"title": axes[1]}, height=420)
