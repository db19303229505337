"""The lag lens: how much each past value moves the next forecast, for every model on one axis. Reads no run file.

A SARIMA states its weights (the pi-weights of its AR form); a network has none, so its derivatives stand for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.views.bands import band
from dashboard.views.drawing import calm
from dashboard.views.lanes import Numbers
from dashboard.views.palette import INK, NAIVE, turn

HEIGHT = 470


@dataclass(frozen=True)
class Influence:
    """One model's: mean, low and high over windows, each (frames, lags), lag 1 first. at: each frame in words.

    left: how its errors one step ahead hang together at the end, (lags,), noise within +-band; none: not asked.
    """

    title: str
    mean: Numbers
    low: Numbers
    high: Numbers
    at: tuple[str, ...]
    left: Numbers = field(default_factory=lambda: np.empty(0))
    band: float = 0.0


def lag_lens(models: Sequence[Influence], period: int) -> go.Figure:
    """x = lag, y = d forecast / d value; a frame for each moment of training, the last one shown.

    Beneath, what is left over: as it is at the end of training, whichever moment is shown above.
    """
    heights = [3, 2] if any(len(model.left) for model in models) else [1]
    figure = make_subplots(len(heights), 1, shared_xaxes=True, vertical_spacing=0.11, row_heights=heights)
    last = len(models[0].at) - 1
    for number, model in enumerate(models):
        for trace in _curves(model, last, turn(number)):
            figure.add_trace(trace, 1, 1)
    figure.frames = [
        go.Frame(
            name=str(at),
            data=[
                {"type": "scatter", "x": trace.x, "y": trace.y}
                for number, model in enumerate(models)
                for trace in _curves(model, at, turn(number))
            ],
        )
        for at in range(last + 1)
    ]
    _dress(figure, models, period)
    if len(heights) > 1:
        _left_over(figure, models)
    return figure


def _left_over(figure: go.Figure, models: Sequence[Influence]) -> None:
    """The autocorrelation of each one's errors, on the axis of lags; noise stays between the dotted lines."""
    longest = _longest(models)  # as far as the figure goes: a line that leaves it says nothing
    for number, model in enumerate(models):
        name = f"{model.title}, left over"
        figure.add_scatter(
            x=np.arange(1, len(model.left) + 1)[:longest], y=model.left[:longest], mode="lines+markers", name=name,
            legendgroup=model.title,
            showlegend=False, line={"color": turn(number), "width": 1.2}, marker={"size": 4}, row=2, col=1,
            hovertemplate=f"lag %{{x}}<br>{name} <b>%{{y:.3f}}</b><extra></extra>",
        )  # fmt: skip
    band = max(model.band for model in models)
    for bound in (-band, band):
        figure.add_hline(y=bound, line={"color": NAIVE, "width": 1, "dash": "dot"}, row=2, col=1)
    figure.update_yaxes(title="autocorrelation of errors", zeroline=True, zerolinecolor="rgba(128,128,128,.5)", row=2)
    figure.update_yaxes(range=None, row=2)
    figure.update_layout(height=HEIGHT + 200)
    figure.update_xaxes(title=None, row=1)


def _longest(models: Sequence[Influence]) -> int:
    return max(len(model.mean[0]) for model in models)


def _curves(model: Influence, at: int, colour: str) -> tuple[go.Scatter, go.Scatter]:
    """The band over windows, and the mean."""
    lags = np.arange(1, model.mean.shape[1] + 1)
    low, high = model.low[at], model.high[at]
    around = band(lags, low, high, colour, showlegend=False, legendgroup=model.title, opacity=0.15)
    line = go.Scatter(
        x=lags, y=model.mean[at], mode="lines+markers", name=model.title, legendgroup=model.title,
        line={"color": colour, "width": 1.8}, marker={"size": 4},
        hovertemplate=f"lag %{{x}}<br>{model.title} <b>%{{y:.4f}}</b><extra></extra>",
    )  # fmt: skip
    return around, line


def _dress(figure: go.Figure, models: Sequence[Influence], period: int) -> None:
    longest = _longest(models)
    # By the last frame and the means: a wild first band would press everything else flat.
    ends = np.concatenate([np.ravel([model.low[-1], model.high[-1], model.mean.max(0), model.mean.min(0)])
                           for model in models])  # fmt: skip
    ends = ends[np.isfinite(ends)]
    margin = 0.06 * (np.ptp(ends) or 1.0)
    stride = period if longest >= 3 * period else max(1, period // 4)  # of few seasons, their quarters too
    ticks = [1, *range(stride, longest + 1, stride)] if 1 < period <= longest else None
    calm(figure, height=HEIGHT, hovermode="closest", margin={"l": 8, "r": 12, "t": 30, "b": 120})
    for lag in range(period, longest + 1, period) if period > 1 else ():
        figure.add_vline(x=lag, line={"color": NAIVE, "width": 1, "dash": "dot"}, opacity=0.6, layer="below")
    figure.update_xaxes(title="lag: how many steps back", range=[0.4, longest + 0.6])
    figure.update_xaxes(**({"tickvals": ticks} if ticks and len(ticks) < 16 else {"nticks": 12}))
    figure.update_yaxes(title="change of the next forecast", range=[ends.min() - margin, ends.max() + margin])
    figure.update_yaxes(zeroline=True, zerolinecolor="rgba(128,128,128,.5)")
    figure.update_layout(sliders=[_slider(models)], updatemenus=[_play()])


def _slider(models: Sequence[Influence]) -> dict[str, Any]:
    still = {"frame": {"duration": 0, "redraw": False}, "mode": "immediate", "transition": {"duration": 0}}
    labels = [", ".join(dict.fromkeys(words)) for words in zip(*(model.at for model in models), strict=True)]
    steps = [{"method": "animate", "label": words, "args": [[str(n)], still]} for n, words in enumerate(labels)]
    return {
        "active": len(labels) - 1, "x": 0, "len": 1, "y": 0, "pad": {"t": 58}, "steps": steps, "ticklen": 0,
        "minorticklen": 0, "borderwidth": 0, "bgcolor": "rgba(128,128,128,.3)", "font": {"color": "rgba(0,0,0,0)"},
        "currentvalue": {"font": {"size": 13, "color": INK}},
    }  # fmt: skip


def _play() -> dict[str, Any]:
    going = {"frame": {"duration": 250, "redraw": False}, "fromcurrent": True, "mode": "immediate"}
    return {
        "type": "buttons", "x": 0, "xanchor": "left", "y": 0, "yanchor": "top", "pad": {"t": 108}, "showactive": False,
        "bgcolor": "rgba(128,128,128,.12)", "borderwidth": 0, "direction": "left",
        "buttons": [
            {"label": "▶", "method": "animate", "args": [None, going | {"transition": {"duration": 0}}]},
            {"label": "❚❚", "method": "animate", "args": [[None], {"mode": "immediate", "frame": {"duration": 0}}]},
        ],
    }  # fmt: skip
