"""A Plotly figure with frames as one HTML file that plays where there is no internet. Draws nothing new."""

from __future__ import annotations

import html

import plotly.graph_objects as go

from dashboard.downloading import download
from dashboard.views.palette import INK

PAPER = "#ffffff"
BARE = {"displaylogo": False, "responsive": True}


def film(figure: go.Figure, title: str, told: str) -> str:
    """On white paper, with its own buttons and slider and Plotly's source. told: how to read it."""
    there = go.Figure(figure)
    there.update_layout(paper_bgcolor=PAPER, plot_bgcolor=PAPER, font={"color": INK})
    drawn = there.to_html(config=BARE, include_plotlyjs=True, full_html=False, auto_play=False)
    head = f'<meta charset="utf-8"><title>{html.escape(title)}</title>'
    body = f"<h1>{html.escape(title)}</h1>{drawn}<p>{html.escape(told)}</p>"
    return (
        f'<!doctype html><html lang="en"><head>{head}</head><body style="font-family: sans-serif">{body}</body></html>'
    )


def offer(figure: go.Figure, title: str, told: str, key: str) -> None:
    """A button that saves it; made only when it is pressed."""
    kept = go.Figure(figure)  # as it is now: on dark paper its ink is changed afterwards
    download(
        "Save as a film", lambda: film(kept, title, told), f"{key}.html", mime="text/html", icon=":material/movie:",
        key=key, type="tertiary", help="One file with the picture and its slider; it needs no internet.",
    )  # fmt: skip
