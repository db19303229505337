"""The pictures of an estimate: forecast, what is left over, roots, weights. Pure functions of what was found."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go

from dashboard.views.bands import band
from dashboard.views.drawing import calm
from dashboard.views.palette import INK, NAIVE, TRAINING, UNSEEN, turn
from engine.nouns.frame import Array
from engine.nouns.series import Series

Arrays = Mapping[str, Array]
HEIGHT = 300
BEFORE = 6  # horizons of the past beside the forecast
PLAIN = {"color": None}  # the text takes the theme's colour


def forecast(found: Arrays, series: Series, level: float) -> go.Figure:
    """The last values, what is expected next, and where it lies `level` times of 100."""
    horizon = len(found["point"])
    shown, ahead = slice(-BEFORE * horizon, None), series.future(horizon)
    drawn = _blank(yaxis_title=series.unit or series.name, hovermode="x unified")
    drawn.add_scatter(x=series.index[shown], y=series.values[shown], name="truth", line={"color": NAIVE, "width": 1.6})
    drawn.add_trace(band(ahead, found["low"], found["high"], UNSEEN, name=f"{level:g} % interval"))
    drawn.add_scatter(x=ahead, y=found["point"], name="forecast", line={"color": UNSEEN, "width": 2})
    return drawn


def errors(found: Arrays, series: Series) -> go.Figure:
    """Each one-step error over the deviation it was expected to have."""
    drawn = _blank(yaxis_title="error / its deviation", showlegend=False)
    drawn.add_scatter(x=series.index, y=found["standardised"], mode="lines", line={"color": TRAINING, "width": 1.2})
    for bound in (-1.96, 1.96):
        drawn.add_hline(y=bound, line={"color": NAIVE, "width": 1, "dash": "dot"})
    return drawn


def autocorrelation(found: Arrays, band: float) -> go.Figure:
    """How errors hang together with those before them; noise stays between the dotted lines 95 times of 100."""
    drawn = _bars(found["autocorrelation"], "autocorrelation")
    for bound in (-band, band):
        drawn.add_hline(y=bound, line={"color": NAIVE, "width": 1, "dash": "dot"})
    return drawn


def ljung_box(found: Arrays) -> go.Figure:
    """The p-value of no autocorrelation up to each lag; below the dotted line it is doubtful."""
    drawn = _blank(yaxis_title="p-value", showlegend=False, yaxis_range=[-0.02, 1.02])
    lags = np.arange(1, len(found["p_values"]) + 1)
    drawn.add_scatter(x=lags, y=found["p_values"], mode="markers", marker={"color": TRAINING, "size": 7})
    drawn.add_hline(y=0.05, line={"color": NAIVE, "width": 1, "dash": "dot"})
    return drawn.update_xaxes(title="up to lag", range=[0.3, len(lags) + 0.7])


def quantiles(found: Arrays) -> go.Figure:
    """Errors in order against those of a normal distribution; on the line they are the same."""
    drawn = _blank(yaxis_title="error / its deviation", showlegend=False)
    ends = [float(found["normal"][0]), float(found["normal"][-1])]
    drawn.add_scatter(x=ends, y=ends, mode="lines", line={"color": NAIVE, "width": 1, "dash": "dot"}, hoverinfo="skip")
    marker = {"color": TRAINING, "size": 5}
    drawn.add_scatter(x=found["normal"], y=found["sorted"], mode="markers", marker=marker)
    return drawn.update_xaxes(title="normal quantile")


def roots(found: Arrays) -> go.Figure:
    """The inverse roots of each part: inside the circle it is stationary and invertible."""
    drawn = _blank(height=HEIGHT + 40)
    turned = np.linspace(0, 2 * np.pi, 181)
    drawn.add_scatter(
        x=np.cos(turned), y=np.sin(turned), mode="lines", line={"color": NAIVE, "width": 1}, hoverinfo="skip",
        showlegend=False,
    )  # fmt: skip
    names = ("ar", "ma", "seasonal ar", "seasonal ma")
    for place, name in enumerate(names):
        real, imaginary = found[f"roots/{name}"]
        if len(real):
            symbol = "x" if name.endswith("ma") else "circle"
            marker = {"color": turn(place), "size": 10, "symbol": symbol}
            drawn.add_scatter(x=real, y=imaginary, mode="markers", marker=marker, name=name)
    drawn.update_xaxes(range=[-1.25, 1.25], constrain="domain", title="real", showgrid=True)
    return drawn.update_yaxes(range=[-1.25, 1.25], scaleanchor="x", constrain="domain", title="imaginary")


def weights(found: Arrays, kind: str) -> go.Figure:
    """The first pi- or psi-weights, lag 1 first."""
    return _bars(found[kind], "π" if kind == "pi" else "ψ")


def _bars(values: Array, title: str) -> go.Figure:
    drawn = _blank(yaxis_title=title, showlegend=False, bargap=0.65)
    drawn.add_bar(x=np.arange(1, len(values) + 1), y=values, marker={"color": TRAINING})
    drawn.add_hline(y=0, line={"color": INK, "width": 0.6})
    return drawn.update_xaxes(title="lag")


def _blank(**layout: object) -> go.Figure:
    return calm(go.Figure(), font=PLAIN, **{"height": HEIGHT, **layout})
