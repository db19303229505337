"""Errors over the horizon: of each strategy beside the naive line, own and inherited, and by origin. Reads no file."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.views.drawing import calm
from dashboard.views.lanes import Lane, Numbers
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN

HEIGHT = 300


def errors(lanes: Sequence[Lane], naive_error: Numbers, unit: str) -> go.Figure:
    """Mean size of the error at each step ahead, one line for each strategy and one for the naive forecast."""
    steps = np.arange(1, len(naive_error) + 1)
    figure = go.Figure()
    figure.add_scatter(
        x=steps, y=naive_error, mode="lines", name="naive", line={"color": NAIVE, "dash": "dash"}, **_hover("naive")
    )
    for lane in lanes:
        figure.add_scatter(
            x=steps, y=lane.mean_error(), mode="lines+markers", name=lane.title, marker={"size": 5},
            line={"color": lane.colour, "width": 2}, **_hover(lane.title),
        )  # fmt: skip
    return _framed(figure, unit, "mean size of the error")


def parts(lane: Lane, unit: str) -> go.Figure:
    """Mean sizes of the whole error and its two parts; sizes do not add up, since parts may cancel."""
    steps = np.arange(1, lane.point.shape[1] + 1)
    figure = go.Figure()
    for name, values, colour in (
        ("own: fed the truth", lane.mean_own(), TRAINING),
        ("inherited: from its own forecasts", lane.mean_inherited(), UNSEEN),
    ):
        figure.add_bar(x=steps, y=values, name=name, marker={"color": colour}, **_hover(name))
    figure.add_scatter(
        x=steps, y=lane.mean_error(), mode="lines+markers", name="whole error", meta=INKED, marker={"size": 5},
        line={"color": INK, "width": 1.6}, **_hover("whole error"),
    )  # fmt: skip
    return _framed(figure, unit, "mean size")


def parts_at(lane: Lane, row: int, unit: str) -> go.Figure:
    """The error from one origin, truth minus forecast, as the sum of its two parts."""
    steps = np.arange(1, lane.point.shape[1] + 1)
    own, inherited = lane.truth[row] - lane.guided[row], lane.guided[row] - lane.point[row]
    figure = go.Figure()
    for name, values, colour in (("own", own, TRAINING), ("inherited", inherited, UNSEEN)):
        figure.add_bar(x=steps, y=values, name=name, marker={"color": colour}, **_hover(name))
    figure.add_scatter(
        x=steps, y=own + inherited, mode="markers", name="their sum, the error", meta=INKED,
        marker={"size": 9, "symbol": "line-ew", "line": {"width": 2.4, "color": INK}}, **_hover("error"),
    )  # fmt: skip
    _framed(figure, unit, "truth - forecast")
    figure.update_layout(barmode="relative")
    return figure.update_yaxes(zeroline=True, zerolinecolor="rgba(128,128,128,.5)", rangemode="normal")


def by_origin(lane: Lane, origins: Sequence[str], naive: Numbers, unit: str) -> go.Figure:
    """The size of the error from every origin at every step, with the naive forecast's in the label.

    origins: the stamp of each one's last known value, as it is written.
    """
    size, grey = np.abs(lane.truth - lane.point), np.abs(lane.truth - naive)
    figure = go.Figure(
        go.Heatmap(
            z=size.T, x=list(origins), y=np.arange(1, size.shape[1] + 1), customdata=grey.T, zmin=0,
            zmax=float(np.nanquantile(size, 0.99)) or 1.0, colorscale=[(0, "rgba(224,135,28,.06)"), (1, UNSEEN)],
            colorbar={"thickness": 9, "outlinewidth": 0, "title": {"text": unit, "font": {"size": 11}}, "nticks": 5},
            hovertemplate="from %{x}, step %{y}<br>error <b>%{z:.5g}</b><br>naive %{customdata:.5g}<extra></extra>",
        )
    )  # fmt: skip
    calm(
        figure,
        height=HEIGHT,
        xaxis={"title": "last value known", "tickangle": 0, **_few(origins)},
        yaxis={"title": "step ahead"},
    )
    figure.update_layout(font={"color": None})
    return figure.update_xaxes(type="category").update_yaxes(showgrid=False)


def _few(origins: Sequence[str]) -> dict[str, list[str]]:
    """Three ticks, so that they fit a phone; a time of day stands below its day."""
    shown = list(dict.fromkeys(origins[(2 * third + 1) * len(origins) // 6] for third in range(3)))
    lines = ["<br>".join(text.rsplit(" ", 1)) if ":" in text else text for text in shown]
    return {"tickvals": shown, "ticktext": lines}


def _hover(name: str) -> dict[str, str]:
    return {"hovertemplate": f"step %{{x}}<br>{name} <b>%{{y:.5g}}</b><extra></extra>"}


def _framed(figure: go.Figure, unit: str, what: str) -> go.Figure:
    calm(figure, height=HEIGHT, hovermode="closest", bargap=0.3)
    figure.update_layout(font={"color": None}, xaxis_title="step ahead")
    figure.update_yaxes(title=f"{what}, {unit}" if unit else what, rangemode="tozero")
    return figure
