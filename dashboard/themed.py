"""Plotly figures on a page of their own, without the stage: what is drawn in ink follows the page's theme."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from dashboard.views.palette import INK, INKED

LIGHT_INK = "#dfe5ea"
"""What INK is on dark paper."""


def paper() -> str:
    """What the visitor's theme draws on: "light" or "dark", as palettes are named."""
    return "dark" if st.context.theme.type == "dark" else "light"


def inked(figure: go.Figure) -> go.Figure:
    """The figure in the ink of the visitor's theme; text in the theme's own colour."""
    figure.update_layout(font={"color": None})
    if paper() == "light":
        return figure
    for trace in figure.data:
        if trace.meta == INKED:
            for part in (trace.line, trace.marker, getattr(trace.marker, "line", None)):
                if part is not None and part.color == INK:
                    part.color = LIGHT_INK
    return figure
