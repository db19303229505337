"""What the model makes of one window, step by step or unit by unit: each unit keeps its place."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, message
from dashboard.views.palette import INK, INKED
from dashboard.views.scales import colour, reach, signed
from dashboard.views.words import estimated, stamps, stamps_ahead, title, which_window
from engine.nouns.frame import Signal

TITLES = {"map": "Feature maps", "layer": "Layers"}
"""Instead of "Memory", where a model has none."""
ROWS = ("unit", "channel", "state")
ALONG = {"time": "time step in the window", "step ahead": "step ahead"}


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """The signals that have a number for each unit, at every time step or at none."""
    found = {s.name: title(s.name) for s in scene.trace.signals.values() if _fits(s)}
    return {"signal": found} if found else {}


def _fits(signal: Signal) -> bool:
    before, row = signal.axes[:-1], signal.axes[-1]
    return row in ROWS and (not before or before[0] in ALONG) and not signal.name.startswith("gradient/")


def picture(scene: Scene, options_: Options) -> Picture:
    choices = options(scene).get("signal", {})
    name = options_.get("signal") or next(iter(choices), "")
    if name not in choices:
        return Picture(message("No hidden state was recorded in this run."), (), "Not recorded", "")
    signal = scene.offered[name]
    return _bars(scene, signal) if len(signal.axes) == 1 else _heatmap(scene, signal)


def _heatmap(scene: Scene, signal: Signal) -> Picture:
    """One row for each unit, one column for each step."""
    along, row = signal.axes
    trace, start = scene.trace, scene.start
    dates = stamps(trace, signal.shape[0], start) if along == "time" else stamps_ahead(trace, start)
    figure = go.Figure(
        go.Heatmap(
            # Recorded as (step, unit): transposed, each unit is a row. The dates are not transposed along with it.
            transpose=True, coloraxis="coloraxis", xgap=0, ygap=0,
            x=np.arange(1, signal.shape[0] + 1), y=np.arange(1, signal.shape[1] + 1),
            customdata=[dates] * signal.shape[1],
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{row} %{{y}}<br><b>%{{z:.6g}}</b><extra></extra>",
        )
    )  # fmt: skip
    binding = Binding(0, "z", signal.name, "frame", grows=True)
    calm(
        figure,
        xaxis={"title": f"{ALONG[along]} (to {dates[-1]})"},
        yaxis={"title": row, "autorange": "reversed"},
        margin={"l": 50, "r": 10, "t": 12, "b": 42},
    )
    colour(figure, {"coloraxis": ("diverging", signed(scene, binding))})
    figure.update_yaxes(showgrid=False)
    where = f"over {which_window(scene)}" if along == "time" else "as it writes the shown forecast"
    return Picture(
        figure,
        (binding,),
        f"{title(signal.name).capitalize()}, {where}",
        f"One row is one {row}, one column one step. Blue is below zero, orange above, pale is near zero. The colour "
        f"range is that of the whole run; it grows, and says so, when a value lies outside. {_whose(scene)}",
        sweeps=("x",) if along == "time" else (),
        title=_title(signal),
    )


def _bars(scene: Scene, signal: Signal) -> Picture:
    """One bar for each unit, where the window goes into it as a whole."""
    (row,) = signal.axes
    figure = go.Figure(
        go.Bar(
            x=np.arange(1, signal.shape[0] + 1), marker={"color": INK}, meta=INKED,
            hovertemplate=f"{row} %{{x}}<br><b>%{{y:.6g}}</b><extra></extra>",
        )
    )  # fmt: skip
    binding = Binding(0, "y", signal.name, "frame", grows=True)
    limit = reach(scene, binding) or 1.0
    calm(figure, xaxis={"title": row}, yaxis={"title": "value", "range": [-limit, limit]}, bargap=0.25)
    figure.update_yaxes(zeroline=True, zerolinecolor="rgba(128,128,128,.5)")
    return Picture(
        figure,
        (binding,),
        f"{title(signal.name).capitalize()}, for {which_window(scene)}",
        f"One bar is one {row}: what it makes of the whole window at once. The range is that of the whole run; it "
        f"grows, and says so, when a value lies outside. {_whose(scene)}",
        title=_title(signal),
    )


def _title(signal: Signal) -> str:
    return TITLES.get(signal.name.partition(".")[0], "")


def _whose(scene: Scene) -> str:
    return f"All of it belongs to the {'parameters of' if estimated(scene.trace) else 'weights after'} this update."


VIEW = View(
    "hidden",
    "Memory",
    ("hidden.*", "cell.*", "map.*", "layer.*", "encoder.*", "decoder.*", "state"),
    picture,
    options,
    "Inside the model",
)
