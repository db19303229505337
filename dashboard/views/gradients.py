"""Where the gradient goes: to which parameter over the updates, and how far back in time at one update."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, View
from dashboard.views.drawing import calm, now, rug, tick
from dashboard.views.hidden import stamps, title
from dashboard.views.palette import ALARM, INK, INKED, NAIVE, turn
from engine.nouns.trace import Trace

FLOOR = 1e-12
"""Below this a gradient is drawn at the foot of its logarithmic axis."""


def picture(trace: Trace, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    figure, bindings = go.Figure(), []
    for position, name in enumerate(trace.parameters):
        figure.add_scatter(
            mode="lines", name=name, line={"color": turn(position), "width": 1}, opacity=0.75, showlegend=False,
            hovertemplate=f"{name}<br>update %{{x}}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        bindings.append(Binding(position, "y", f"before/{name}", "history"))
    total = len(figure.data)
    figure.add_scatter(
        mode="lines", name="all parameters", line={"color": INK, "width": 1.8}, meta=INKED,
        hovertemplate="whole gradient<br>update %{x}<br><b>%{y:.5g}</b><extra></extra>",
    )  # fmt: skip
    figure.add_trace(now(INK, meta=INKED))
    figure.add_trace(tick(ALARM, "clipped", yaxis="y3", showlegend=False))
    bindings += [
        Binding(total, "y", "norm", "history"),
        Binding(total + 1, "y", "norm", "now"),
        Binding(total + 2, "y", "event/clipped", "history"),
    ]
    calm(figure, hovermode="closest", margin={"l": 50, "r": 12, "t": 30, "b": 42})
    _threshold(figure, float(trace.run.settings.get("clip") or 0))  # type: ignore[arg-type]
    bindings += _through_time(figure, trace)
    _axes(figure)
    return Picture(
        figure,
        tuple(bindings),
        "Gradient norms: left by parameter over the updates, right back through the window at this update",
        "Left, how strongly each parameter is pulled; pink ticks: the gradient was longer than the threshold and was "
        "clipped. Right, how much each time step still matters to the loss: a line that sinks to the left is a "
        f"vanishing gradient. Values below {FLOOR:g} are drawn at {FLOOR:g}.",
        cursors=("x",),
        narrow={
            "xaxis.domain": [0, 1], "yaxis.domain": [0.64, 1], "yaxis3.domain": [0.58, 0.62],
            "xaxis2.domain": [0, 1], "yaxis2.domain": [0, 0.37],
        },
    )  # fmt: skip


def _threshold(figure: go.Figure, clip: float) -> None:
    if clip > 0:
        # On an axis of its own from 0 to 1, so that it spans the plot however long the run gets.
        figure.add_scatter(
            x=[0, 1], y=[clip, clip], xaxis="x3", mode="lines", name=f"clip at {clip:g}",
            line={"color": ALARM, "width": 1.3, "dash": "dash"}, hoverinfo="skip",
        )  # fmt: skip


def _through_time(figure: go.Figure, trace: Trace) -> list[Binding]:
    signals = [s for s in trace.signals.values() if s.name.startswith("gradient/") and s.axes[:1] == ("time",)]
    bindings = []
    for position, signal in enumerate(signals):
        name = title(signal.name.removeprefix("gradient/"))
        figure.add_scatter(
            xaxis="x2", yaxis="y2", mode="lines+markers", name=name, showlegend=len(signals) > 1,
            x=[*range(1, signal.shape[0] + 1)], customdata=stamps(trace, signal.shape[0]),
            line={"color": turn(position), "width": 1.8}, marker={"size": 4},
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{name}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        reduce = "norm" if len(signal.axes) == 2 else ""
        bindings.append(Binding(len(figure.data) - 1, "y", signal.name, "frame", reduce, FLOOR))
    if not signals:
        figure.add_annotation(
            text="The gradient through time<br>was not recorded.", x=0.5, y=0.5, xref="x2 domain", yref="y2 domain",
            showarrow=False,
        )  # fmt: skip
        figure.add_scatter(x=[None], y=[None], xaxis="x2", yaxis="y2", showlegend=False, hoverinfo="skip")
    return bindings


def _axes(figure: go.Figure) -> None:
    figure.update_layout(
        xaxis={"domain": [0, 0.47], "title": "update", "anchor": "y3"},
        yaxis={"type": "log", "title": "norm", "domain": [0.07, 1], "exponentformat": "power"},
        xaxis2={"domain": [0.58, 1], "title": "time step in the window", "anchor": "y2"},
        yaxis2={"type": "log", "title": "", "anchor": "x2", "exponentformat": "power", "domain": [0, 1]},
        xaxis3={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y"},
        yaxis3={"domain": [0, 0.05], "anchor": "x"},
    )
    rug(figure, "yaxis3")
    look = {"zeroline": False, "showline": False, "automargin": True, "title_standoff": 6, "tickfont": {"size": 11}}
    figure.update_layout(xaxis2={**look, "showgrid": False}, yaxis2={**look, "gridcolor": NAIVE})


VIEW = View("gradients", "Gradients", (), picture)
