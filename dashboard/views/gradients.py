"""Where the gradient goes: to which parameter over the updates, and how far back in time at one update."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, View
from dashboard.views.drawing import LOGARITHMIC, calm, message, now, rug, tick
from dashboard.views.filling import extent
from dashboard.views.hidden import stamps, title
from dashboard.views.palette import CLIPPED, INK, INKED, turn
from engine.nouns.trace import Trace

FLOOR = 1e-12
"""Below this a gradient is drawn at the foot of its logarithmic axis."""


def picture(trace: Trace, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    figure, bindings = go.Figure(), []
    for position, name in enumerate(trace.parameters):
        bindings.append(Binding(len(figure.data), "y", f"before/{name}", "history"))
        figure.add_scatter(
            mode="lines", name=name, line={"color": turn(position), "width": 1}, opacity=0.85, showlegend=False,
            hovertemplate=f"{name}<br>update %{{x}}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
    bindings += [
        Binding(len(figure.data), "y", "norm", "history"),
        Binding(len(figure.data) + 1, "y", "norm", "now"),
        Binding(len(figure.data) + 2, "y", "event/clipped", "history"),
    ]
    figure.add_scatter(
        mode="lines", name="all", line={"color": INK, "width": 1.6}, meta=INKED,
        hovertemplate="whole gradient<br>update %{x}<br><b>%{y:.5g}</b><extra></extra>",
    )  # fmt: skip
    figure.add_traces([now(INK, meta=INKED), tick(CLIPPED, "clipped", yaxis="y3", showlegend=False)])
    calm(
        figure,
        hovermode="closest",
        xaxis={"title": "update", "anchor": "y3"},
        yaxis={**LOGARITHMIC, "title": "norm", "domain": [0.07, 1]},
        yaxis3={"domain": [0, 0.05], "anchor": "x"},
    )
    rug(figure, "yaxis3")
    _threshold(figure, float(trace.run.settings.get("clip") or 0))  # type: ignore[arg-type]
    return Picture(
        figure,
        tuple(bindings),
        "How strong the gradient is for each parameter, and how far back through the window it reaches",
        "The first figure has one line per parameter over the updates; at the pink ticks the whole gradient was "
        "longer than the threshold and was clipped. The second shows, at this update, how much each time step still "
        "matters to the loss: a line that sinks to the left is a vanishing gradient. Values below "
        f"{FLOOR:g} are drawn at {FLOOR:g}.",
        cursors=("x",),
        beside=_through_time(trace),
    )


def _threshold(figure: go.Figure, clip: float) -> None:
    if clip <= 0:
        return
    # On an axis of its own from 0 to 1, so that it spans the plot however long the run gets.
    figure.add_scatter(
        x=[0, 1], y=[clip, clip], xaxis="x3", mode="lines", name=f"clip at {clip:g}",
        line={"color": CLIPPED, "width": 1.3, "dash": "dash"}, hoverinfo="skip",
    )  # fmt: skip
    figure.update_layout(
        xaxis3={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y"}
    )


def _through_time(trace: Trace) -> Picture:
    signals = [s for s in trace.signals.values() if s.name.startswith("gradient/") and s.axes[:1] == ("time",)]
    if not signals:
        return Picture(message("The gradient through time<br>was not recorded."), (), "", "")
    figure, bindings, low, high = go.Figure(), [], np.inf, FLOOR
    for position, signal in enumerate(signals):
        name = title(signal.name.removeprefix("gradient/"))
        figure.add_scatter(
            mode="lines+markers", name=name, showlegend=True,
            x=np.arange(1, signal.shape[0] + 1), customdata=stamps(trace, signal.shape[0]),
            line={"color": turn(position), "width": 1.8}, marker={"size": 4},
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{name}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        reduce = "norm" if len(signal.axes) == 2 else ""
        bindings.append(Binding(position, "y", signal.name, "frame", reduce, FLOOR, grows=True))  # type: ignore[arg-type]
        lowest, highest = extent(trace, bindings[-1], 100) or (low, high)
        low, high = min(low, lowest), max(high, highest)
    span = [np.log10(min(low, high)) - 0.1, np.log10(high) + 0.1]
    calm(
        figure,
        xaxis={"title": "time step in the window"},
        yaxis={"type": "log", "exponentformat": "power", "nticks": 6, "range": span},
    )
    return Picture(figure, tuple(bindings), "", "")


VIEW = View("gradients", "Gradients", (), picture)
