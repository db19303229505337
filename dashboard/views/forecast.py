"""The forecast at this update beside what then came: dates across, the unit of the series upwards."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, message
from dashboard.views.palette import INK, INKED, NAIVE, UNSEEN
from dashboard.views.scales import spanning
from dashboard.views.words import ahead, estimated, stamp_format, which_window
from engine.preparing.prepare import Prepared, naive, prepare


def picture(scene: Scene, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    trace = scene.trace
    signals = trace.signals
    if not {"forecast", "ahead"} & signals.keys():
        return Picture(message("No forecast was recorded in this run."), (), "Not recorded", "")
    prepared = prepare(trace.run, trace.series)
    figure, origin = go.Figure(), scene.start + trace.run.window
    _known(figure, prepared, origin, ahead(trace, scene.start))
    bindings = []
    for name, (words, dates, dash) in {
        "forecast": ("forecast", ahead(trace, scene.start), "solid"),
        "ahead": ("beyond the data", prepared.ahead, "dot"),
    }.items():
        if name in signals:
            bindings.append(Binding(len(figure.data), "y", name, "frame", grows=True))
            figure.add_trace(_curve(words, dates, UNSEEN, dash, stamp_format(trace.series.index)))
    calm(
        figure,
        yaxis={"title": trace.series.unit or trace.series.name, "range": spanning(scene, figure, bindings)},
        hovermode="closest",
    )
    # No label: Plotly measures its text at every update, which costs as much as the curves.
    figure.add_vline(x=trace.series.index[origin - 1], line={"color": NAIVE, "width": 1, "dash": "dot"})
    return Picture(
        figure,
        tuple(bindings),
        f"The forecast of {prepared.run.horizon} steps from {which_window(scene)}, "
        f"with the {'parameters of' if estimated(trace) else 'weights after'} this update",
        "Left of the dotted upright, the origin, lies what the model sees; it saw nothing to the right. "
        "Where orange lies nearer to the truth than grey, it has "
        "learnt something the naive forecast does not know. The dotted part looks beyond the end of the data.",
    )


def _known(figure: go.Figure, prepared: Prepared, origin: int, dates: pd.DatetimeIndex) -> None:
    """The truth around the origin, to the end of the series where it is near, and the naive forecast from there."""
    series, horizon = prepared.series, prepared.run.horizon
    before, after = max(prepared.run.window, 2 * horizon), max(prepared.end - prepared.split, 2 * horizon)
    shown = slice(max(0, origin - before), origin + after)
    stamp = stamp_format(series.index)
    figure.add_scatter(
        x=series.index[shown], y=series.values[shown], mode="lines", name="truth", meta=INKED,
        line={"color": INK, "width": 1.6}, hovertemplate=_hover("truth", stamp),
    )  # fmt: skip
    if origin > 0 and np.isfinite(series.values[:origin]).all():
        figure.add_scatter(
            x=dates, y=prepared.to_unit(naive(prepared, origin), origin), mode="lines", name="naive",
            line={"color": NAIVE, "width": 1.4, "dash": "dash"}, hovertemplate=_hover("naive", stamp),
        )  # fmt: skip


def _curve(name: str, dates: object, colour: str, dash: str, stamp: str) -> go.Scatter:
    return go.Scatter(
        x=dates, mode="lines+markers", name=name, line={"color": colour, "width": 2, "dash": dash},
        marker={"size": 4.5, "color": colour}, hovertemplate=_hover(name, stamp),
    )  # fmt: skip


def _hover(name: str, stamp: str) -> str:
    return f"%{{x|{stamp}}}<br>{name} <b>%{{y:.6g}}</b><extra></extra>"


VIEW = View("forecast", "Forecast", ("forecast", "ahead"), picture)
