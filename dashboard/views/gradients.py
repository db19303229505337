"""Where the gradient goes: to which parameter over the updates, and to which time step at one update."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import LOGARITHMIC, calm, message, now, rug, tick
from dashboard.views.filling import extent
from dashboard.views.happening import possible
from dashboard.views.palette import CLIPPED, INK, INKED, turn
from dashboard.views.words import estimated, stamps, title
from engine.nouns.trace import Trace

FLOOR = 1e-12
"""Below this a gradient is drawn at the foot of its logarithmic axis."""


def picture(scene: Scene, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    trace = scene.trace
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
    ]
    figure.add_scatter(
        mode="lines", name="all", line={"color": INK, "width": 1.6}, meta=INKED,
        hovertemplate="all together<br>update %{x}<br><b>%{y:.5g}</b><extra></extra>",
    )  # fmt: skip
    figure.add_trace(now(INK, meta=INKED))
    calm(
        figure,
        hovermode="closest",
        xaxis={"title": "update", "anchor": "y3"},
        yaxis={**LOGARITHMIC, "title": "size of the slope" if estimated(trace) else "norm", "domain": [0.07, 1]},
        yaxis3={"domain": [0, 0.05], "anchor": "x"},
    )
    rug(figure, "yaxis3")
    if "clipped" in possible(trace):
        bindings.append(Binding(len(figure.data), "y", "event/clipped", "history"))
        figure.add_trace(tick(CLIPPED, "clipped", yaxis="y3", showlegend=False))
        _threshold(figure, trace)
    sentence, how = _of_likelihood() if estimated(trace) else _of_network(trace)
    foot = f"Values below {FLOOR:g} are drawn at {FLOOR:g}."
    return Picture(figure, tuple(bindings), sentence, f"{how} {foot}", cursors=("x",), beside=_through_time(scene))


def _of_network(trace: Trace) -> tuple[str, str]:
    """Sentence and how to read it, for weights that are trained on batches."""
    clipped = {
        "norm": " At the pink ticks it was longer than the threshold as a whole, and was clipped.",
        "value": " At the pink ticks some of its numbers were beyond the threshold, and were cut to it.",
    }
    cut = clipped[str(trace.run.settings.get("clip_by", "norm"))] if "clipped" in possible(trace) else ""
    every = " The error is that of the forecasts from every time step." if _every(trace) else ""
    return (
        "How strong the batch's gradient is for each parameter; and how strongly each time step of the shown window "
        "moves that forecast's error",
        f"The first figure has one line per parameter: the gradient of each update's batch, before the update.{cut} "
        "The second is about the forecast shown here, with the weights after the update, and its error against what "
        f"then came.{every} It shows how much that error would change if what the network holds at a time step were "
        "moved a little: a line that sinks to the left is a gradient that vanishes on its way back.",
    )


def _of_likelihood() -> tuple[str, str]:
    """The same for parameters that are estimated."""
    return (
        "How steep the loss is along each parameter; and how much each value of the shown window adds to that slope",
        "The first figure has one line per parameter: the size of the loss's slope along it. Where all are next to "
        "zero, no better parameters are near. The second shows, at this update, the size of each value's own share "
        "of the slope: a value that stands out pulls hardest at the parameters. Shares can cancel each other, so "
        "they need not become small.",
    )


def _every(trace: Trace) -> bool:
    return trace.run.settings.get("topology") == "sequence-to-sequence"


def _threshold(figure: go.Figure, trace: Trace) -> None:
    """The length beyond which the whole gradient is clipped."""
    clip = float(trace.run.settings["clip"])  # type: ignore[arg-type]
    if trace.run.settings.get("clip_by", "norm") != "norm":
        return
    # On an axis of its own from 0 to 1, so that it spans the plot however long the run gets.
    figure.add_scatter(
        x=[0, 1], y=[clip, clip], xaxis="x3", mode="lines", name=f"clip at {clip:g}",
        line={"color": CLIPPED, "width": 1.3, "dash": "dash"}, hoverinfo="skip",
    )  # fmt: skip
    figure.update_layout(
        xaxis3={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y"}
    )


def _through_time(scene: Scene) -> Picture:
    trace = scene.trace
    signals = [s for s in trace.signals.values() if s.name.startswith("gradient/") and s.axes[:1] == ("time",)]
    if not signals:
        return Picture(message("How far back the gradient reaches<br>was not recorded."), (), "", "")
    across = "share of the slope" if estimated(trace) else "effect on that forecast's error"
    figure, bindings, low, high = go.Figure(), [], np.inf, -np.inf
    for position, signal in enumerate(signals):
        name = "every value" if estimated(trace) else title(signal.name.removeprefix("gradient/"))
        figure.add_scatter(
            mode="lines+markers", name=name, showlegend=True,
            x=np.arange(1, signal.shape[0] + 1), customdata=stamps(trace, signal.shape[0], scene.start),
            line={"color": turn(position), "width": 1.8}, marker={"size": 4},
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{name}<br><b>%{{y:.5g}}</b><extra></extra>",
        )  # fmt: skip
        reduce = "norm" if len(signal.axes) == 2 else ""
        bindings.append(Binding(position, "y", signal.name, "frame", reduce, FLOOR, grows=True))  # type: ignore[arg-type]
        lowest, highest = extent(scene, bindings[-1], 100) or (low, high)
        low, high = min(low, lowest), max(high, highest)
    span = [np.log10(low) - 0.1, np.log10(high) + 0.1] if low <= high else None
    calm(
        figure,
        xaxis={"title": "time step in the shown window"},
        yaxis={"title": across, **LOGARITHMIC, "range": span},
    )
    return Picture(figure, tuple(bindings), "", "", sweeps=("x",))


VIEW = View("gradients", "Gradients", (), picture, zoom="run")
