"""The loss over the updates: is it learning, and does it beat the forecast nobody had to train?"""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import LOGARITHMIC, calm, now, rug, tick
from dashboard.views.happening import legend, possible
from dashboard.views.palette import EVENTS, NAIVE, TRAINING, UNSEEN
from dashboard.views.words import estimated
from engine.preparing.prepare import Prepared, naive_loss, prepare


def picture(scene: Scene, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    trace = scene.trace
    unit = str(trace.facts.get("loss", "training loss"))
    shared = not estimated(trace)  # a likelihood and an error have no axis in common
    lower = "y" if shared else "y2"
    events = possible(trace)
    figure = go.Figure(
        [
            _line("training", TRAINING, "y", dash="solid"),
            _line("validation", UNSEEN, lower, dash="solid"),
            now(TRAINING, yaxis="y"),
            now(UNSEEN, yaxis=lower),
            *(tick(EVENTS[name], name, yaxis="y3", showlegend=False) for name in events),
        ]
    )
    bindings = [
        Binding(0, "y", "loss", "history"),
        Binding(1, "y", "validation", "history"),
        Binding(2, "y", "loss", "now"),
        Binding(3, "y", "validation", "now"),
        *(Binding(4 + i, "y", f"event/{name}", "history") for i, name in enumerate(events)),
    ]
    calm(figure, xaxis={"title": "update"}, hovermode="closest")
    prepared = prepare(trace.run, trace.series)
    if shared:
        figure.update_layout(yaxis={**LOGARITHMIC, "title": unit, "domain": [0.07, 1]})
        sentence = f"Training and validation: {unit}, validation {_judged(prepared, trace.facts.get('origins'))}"
        how = (
            "Down is better, and each gridline is a factor. Training is the loss of each update's batch before the "
            "update, validation is measured after it. Below the grey line the model beats the naive forecast."
        )
    else:
        figure.update_layout(
            yaxis={"title": "−log-likelihood", "domain": [0.57, 1]},
            yaxis2={**LOGARITHMIC, "title": "squared error", "domain": [0.07, 0.49], "anchor": "x"},
        )
        figure.update_yaxes(gridcolor="rgba(128,128,128,.18)", automargin=True, zeroline=False, title_standoff=10)
        sentence = f"Training: {unit}; validation: mean squared error of one forecast (scaled)"
        how = (
            "Above, how unlikely the model finds the data it learns from; below, its error on data it has not seen, "
            "both with the parameters of that update."
        )
    _naive_line(figure, prepared, trace.facts.get("origins"), lower)
    figure.update_layout(yaxis3={"domain": [0, 0.05], "anchor": "x"}, xaxis={"anchor": "y3"})
    rug(figure, "yaxis3")
    return Picture(figure, tuple(bindings), sentence, f"{how} {legend(trace)}", cursors=("x",))


def _judged(prepared: Prepared, origins: int | None) -> str:
    """Over how many forecasts the validation is averaged, in words."""
    judged, there = len(prepared.judged_starts[:origins]), len(prepared.validation_starts)
    if judged == 1:
        return "of one forecast"
    return f"over all {judged} forecasts" if judged == there else f"over {judged} forecasts, evenly chosen of {there:,}"


def _line(name: str, colour: str, axis: str, dash: str) -> go.Scatter:
    return go.Scatter(
        mode="lines", name=name, yaxis=axis, connectgaps=True, line={"color": colour, "width": 1.8, "dash": dash},
        hovertemplate=f"update %{{x}}<br>{name} %{{y:.5g}}<extra></extra>",
    )  # fmt: skip


def _naive_line(figure: go.Figure, prepared: Prepared, origins: int | None, axis: str) -> None:
    """The naive forecast's error over the same windows as the model's validation."""
    height = naive_loss(prepared, origins)
    if not np.isfinite(height) or height <= 0:
        return
    # On an axis of its own from 0 to 1, so that it spans the plot however long the run gets.
    figure.add_scatter(
        x=[0, 1], y=[height, height], xaxis="x2", yaxis=axis, mode="lines", name="naive forecast",
        line={"color": NAIVE, "width": 1.4, "dash": "dash"}, hovertemplate="naive forecast %{y:.5g}<extra></extra>",
    )  # fmt: skip
    figure.update_layout(
        xaxis2={"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "anchor": axis}
    )


VIEW = View("loss", "Loss", (), picture, zoom="run")
