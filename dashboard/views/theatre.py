"""The horizon theatre: one origin, a lane for each strategy, a frame for each step ahead. Reads no run file.

Filled squares are values a model is fed that were known at the origin, hollow ones its own forecasts fed back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray
from plotly.subplots import make_subplots

from dashboard.views.bands import band
from dashboard.views.drawing import calm
from dashboard.views.lanes import Lane, Numbers
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING
from dashboard.views.words import stamp_format
from engine.nouns.series import Series

LANE = 190  # pixels
SHOWN = 60  # values before the origin, at most: further back the squares would be too small to see


@dataclass(frozen=True)
class Scenery:
    """What all lanes stand before: the series, the origin (how many values are known), and steps ahead."""

    series: Series
    origin: int
    horizon: int
    before: int

    @property
    def stamps(self) -> pd.DatetimeIndex:
        """Of the values shown before the origin and of the whole horizon, also beyond the data."""
        index = self.series.index.append(self.series.future(self.horizon))
        return pd.DatetimeIndex(index[self.origin - self.before : self.origin + self.horizon])

    @property
    def values(self) -> Numbers:
        """What they were; NaN where nothing came yet."""
        known = np.append(self.series.values, np.full(self.horizon, np.nan))
        return np.asarray(known[self.origin - self.before : self.origin + self.horizon])


def theatre(series: Series, origin: int, row: int, lanes: Sequence[Lane], guided: bool = False) -> go.Figure:
    """The play. row: of the origin among the lanes' origins. guided: fed the truth instead of their own forecasts."""
    horizon = lanes[0].point.shape[1]
    scenery = Scenery(series, origin, horizon, min(origin, SHOWN, max(lane.window for lane in lanes)))
    figure = make_subplots(
        len(lanes), 1, shared_xaxes=True, vertical_spacing=0.09, subplot_titles=[lane.title for lane in lanes]
    )
    moving: list[int] = []
    for number, lane in enumerate(lanes, 1):
        _stand(figure, number, scenery)
        moving += range(len(figure.data), len(figure.data) + 4)
        for trace in _at(scenery, lane, row, horizon, guided, legend=number == 1):
            figure.add_trace(trace, number, 1)
    figure.frames = [
        go.Frame(
            name=str(step),
            data=[_moved(t) for lane in lanes for t in _at(scenery, lane, row, step, guided)],
            traces=moving,
        )
        for step in range(horizon + 1)
    ]
    _dress(figure, scenery, len(lanes))
    return figure


def _stand(figure: go.Figure, number: int, scenery: Scenery) -> None:
    """What does not move in a lane: the truth, pale where it was not known yet, and the origin."""
    stamps, values, before = scenery.stamps, scenery.values, scenery.before
    hover = f"%{{x|{stamp_format(scenery.series.index)}}}<br>truth <b>%{{y:.6g}}</b><extra></extra>"
    common = {"mode": "lines", "meta": INKED, "hovertemplate": hover, "showlegend": False}
    figure.add_scatter(
        x=stamps[:before], y=values[:before], line={"color": INK, "width": 1}, opacity=0.45, row=number, col=1, **common
    )
    figure.add_scatter(
        x=stamps[before - 1 :], y=values[before - 1 :], line={"color": INK, "width": 1, "dash": "dot"}, opacity=0.6,
        row=number, col=1, **{**common, "name": "what then came", "showlegend": number == 1},
    )  # fmt: skip
    figure.add_vline(x=stamps[before - 1], line={"color": NAIVE, "width": 1, "dash": "dot"}, row=number, col=1)


def _at(
    scenery: Scenery, lane: Lane, row: int, step: int, guided: bool, legend: bool = False
) -> tuple[go.Scatter, ...]:
    """A lane's four moving traces after `step` steps: interval, squares known, squares fed back, forecasts made."""
    stamps, before = scenery.stamps, scenery.before
    told = (lane.guided if guided else lane.point)[row]
    made = scenery.horizon if lane.strategy == "direct" and step else step
    ahead, values = stamps[before:], scenery.values
    known, back, back_values = _fed(lane, scenery, told, step, guided)
    stamp = stamp_format(scenery.series.index)

    def dots(name: str, x: Any, y: Any, marker: dict[str, Any]) -> go.Scatter:
        hover = f"%{{x|{stamp}}}<br>{name} <b>%{{y:.6g}}</b><extra></extra>"
        return go.Scatter(
            x=x, y=y, mode="markers", name=name, marker=marker, hovertemplate=hover, showlegend=legend, legendgroup=name
        )

    size = [9 if j + 1 == step else 6 for j in range(made)]
    fed_colour = TRAINING if guided else lane.colour
    return (
        _band(ahead[:made], told[:made], lane.radius[row][:made], lane.colour, legend and not guided),
        dots("fed: known", stamps[known], values[known], {"symbol": "square", "size": 5, "color": TRAINING}),
        dots(
            "fed: the truth, later" if guided else "fed: its own forecast", ahead[back], back_values,
            {"symbol": "square" if guided else "square-open", "size": 10, "color": fed_colour, "line": {"width": 1.6}},
        ),
        # Plotly draws marks of several sizes pale.
        dots("forecast", ahead[:made], told[:made],
             {"size": size or 6, "color": lane.colour, "opacity": 1, "line": {"width": 0}}),
    )  # fmt: skip


def _fed(
    lane: Lane, scenery: Scenery, told: Numbers, step: int, guided: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64], Numbers]:
    """Positions of known values that are shown as fed; steps ahead that were fed back for `step`, and their values."""
    carried = max(0, step - 1) if lane.feeds_back else 0
    first = scenery.before - lane.window + (carried if lane.strategy == "iterative" else 0)
    known = np.arange(max(0, first), scenery.before)
    begin = carried - 1 if lane.strategy == "seq2seq" else carried - lane.window  # a decoder is fed one value
    back = np.arange(max(0, begin), carried)
    after = scenery.values[scenery.before :]
    return known, back, (after if guided else told)[back]


def _band(x: pd.DatetimeIndex, point: Numbers, radius: Numbers, colour: str, legend: bool) -> go.Scatter:
    more = {"name": "90 % interval", "legendgroup": "interval", "showlegend": legend, "opacity": 0.16}
    return band(x, point - radius, point + radius, colour, **more)


def _moved(trace: go.Scatter) -> dict[str, Any]:
    """What changes of a trace from frame to frame."""
    moved = {"type": "scatter", "x": trace.x, "y": trace.y}
    return moved | ({"marker": {"size": trace.marker.size}} if trace.name == "forecast" else {})


def _dress(figure: go.Figure, scenery: Scenery, lanes: int) -> None:
    """Axes that stand still, a button and a slider for the step."""
    stamps = scenery.stamps
    drawn = np.concatenate([np.asarray(trace.y, float) for trace in figure.data])
    drawn = drawn[np.isfinite(drawn)]
    margin = 0.06 * (np.ptp(drawn) or 1.0)
    calm(figure, height=LANE * lanes + 196, margin={"l": 8, "r": 12, "t": 60, "b": 8}, hovermode="closest")
    figure.update_yaxes(range=[drawn.min() - margin, drawn.max() + margin], nticks=5)
    # Turned labels of two lines would reach down to the slider.
    figure.update_xaxes(range=[stamps[0], stamps[-1] + (stamps[-1] - stamps[-2])], tickangle=0, nticks=4)
    figure.update_annotations(x=0, xanchor="left", font={"size": 13})
    figure.update_layout(
        legend={"y": 1 + 34 / (LANE * lanes), "font": {"size": 11}},
        updatemenus=[_buttons()],
        sliders=[_slider(scenery)],
    )


def _buttons() -> dict[str, Any]:
    still = {"mode": "immediate", "transition": {"duration": 0}}
    play = {"frame": {"duration": 450, "redraw": False}, "fromcurrent": True, **still}
    stop = {"frame": {"duration": 0, "redraw": False}, **still}
    return {
        "type": "buttons", "direction": "left", "x": 0, "xanchor": "left", "y": 0, "yanchor": "top",
        "showactive": False, "pad": {"t": 100}, "bgcolor": "rgba(128,128,128,.12)", "borderwidth": 0,
        "buttons": [
            {"label": "▶", "method": "animate", "args": [None, play]},
            {"label": "❚❚", "method": "animate", "args": [[None], stop]},
        ],
    }  # fmt: skip


def _slider(scenery: Scenery) -> dict[str, Any]:
    still = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate", "transition": {"duration": 0}}
    dates = scenery.stamps[scenery.before :].strftime(stamp_format(scenery.series.index))
    labels = ["the origin", *(f"step {number}, {date}" for number, date in enumerate(dates, 1))]
    steps = [
        {"method": "animate", "label": label, "args": [[str(number)], still]} for number, label in enumerate(labels)
    ]
    return {
        "active": scenery.horizon, "x": 0, "len": 1, "y": 0, "pad": {"t": 50}, "steps": steps, "ticklen": 0,
        "minorticklen": 0, "borderwidth": 0, "bgcolor": "rgba(128,128,128,.3)", "font": {"color": "rgba(0,0,0,0)"},
        "currentvalue": {"prefix": "", "font": {"size": 13, "color": INK}},
    }  # fmt: skip
