"""The forecast at this update beside what then came: dates across, the unit of the series upwards."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, View
from dashboard.views.drawing import calm, message
from dashboard.views.palette import INK, INKED, NAIVE, UNSEEN
from engine.nouns.trace import Trace
from engine.preparing.prepare import Prepared, naive, prepare


def picture(trace: Trace, options: Options) -> Picture:  # noqa: ARG001 - the signature of every view
    signals = trace.signals
    if not {"forecast", "ahead"} & signals.keys():
        return Picture(message("No forecast was recorded in this run."), (), "Not recorded", "")
    prepared = prepare(trace.run, trace.series)
    figure, bindings = go.Figure(), []
    _known(figure, prepared)
    index = trace.series.index
    if "forecast" in signals:
        bindings.append(Binding(len(figure.data), "y", "forecast", "frame"))
        figure.add_trace(_curve("forecast", index[prepared.target], UNSEEN, "solid"))
    if "ahead" in signals:
        bindings.append(Binding(len(figure.data), "y", "ahead", "frame"))
        figure.add_trace(_curve("beyond the data", prepared.ahead, UNSEEN, "dot"))
    calm(figure, yaxis={"title": trace.series.unit or trace.series.name}, hovermode="closest")
    origin = index[prepared.split - 1]
    figure.add_vline(x=origin, line={"color": NAIVE, "width": 1, "dash": "dot"})
    figure.add_annotation(
        x=origin, y=1, yref="paper", text="origin", showarrow=False, xanchor="right", yanchor="top", xshift=-4,
        font={"size": 11, "color": NAIVE},
    )  # fmt: skip
    return Picture(
        figure,
        tuple(bindings),
        f"The forecast of {prepared.run.horizon} steps from the last window before the validation part",
        "The line left of the origin is the window the model sees; it saw nothing to the right. Where orange lies nearer to the truth than grey, it has "
        "learnt something the naive forecast does not know. The dotted part looks beyond the end of the data.",
    )


def _known(figure: go.Figure, prepared: Prepared) -> None:
    series, split, target = prepared.series, prepared.split, prepared.target
    shown = slice(max(0, split - max(prepared.run.window, 2 * prepared.run.horizon)), len(series))
    figure.add_scatter(
        x=series.index[shown], y=series.values[shown], mode="lines", name="truth", meta=INKED,
        line={"color": INK, "width": 1.6}, hovertemplate=_hover("truth"),
    )  # fmt: skip
    if split > 0 and np.isfinite(prepared.scaled[:split]).all():
        figure.add_scatter(
            x=series.index[target], y=prepared.to_unit(naive(prepared, split)), mode="lines", name="naive",
            line={"color": NAIVE, "width": 1.4, "dash": "dash"}, hovertemplate=_hover("naive"),
        )  # fmt: skip


def _curve(name: str, dates: object, colour: str, dash: str) -> go.Scatter:
    return go.Scatter(
        x=dates, mode="lines+markers", name=name, line={"color": colour, "width": 2, "dash": dash},
        marker={"size": 4.5, "color": colour}, hovertemplate=_hover(name),
    )  # fmt: skip


def _hover(name: str) -> str:
    return f"%{{x|%-d %b %Y}}<br>{name} <b>%{{y:.6g}}</b><extra></extra>"


VIEW = View("forecast", "Forecast", ("forecast", "ahead"), picture)
