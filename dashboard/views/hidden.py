"""What the model holds in memory, step by step through one window: each unit keeps its row."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, View
from dashboard.views.drawing import calm, message
from dashboard.views.filling import extent
from dashboard.views.palette import DIVERGING
from engine.nouns.frame import Signal
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare

WORDS = {
    "hidden": "hidden state", "cell": "cell state", "map": "feature map", "state": "state", "time": "every time step",
    "encoder": "encoder state", "encoder_cell": "encoder cell",
    "reset_gate": "reset gate", "update_gate": "update gate", "candidate": "candidate",
    "input_gate": "input gate", "forget_gate": "forget gate", "output_gate": "output gate",
}  # fmt: skip


def options(trace: Trace) -> dict[str, dict[str, str]]:
    """The signals that have a row per unit and a column per time step."""
    found = {s.name: title(s.name) for s in trace.signals.values() if _fits(s)}
    return {"signal": found} if found else {}


def title(name: str) -> str:
    """A signal's name in plain words: "hidden.1" is "hidden state, layer 1"."""
    kind, _, layer = name.partition(".")
    return f"{WORDS.get(kind, kind)}, layer {layer}" if layer else WORDS.get(kind, kind)


def _fits(signal: Signal) -> bool:
    return signal.name.partition(".")[0] in WORDS and len(signal.axes) == 2 and signal.axes[0] == "time"


def picture(trace: Trace, options_: Options) -> Picture:
    choices = options(trace).get("signal", {})
    name = options_.get("signal") or next(iter(choices), "")
    if name not in choices:
        return Picture(message("No hidden state was recorded in this run."), (), "Not recorded", "")
    signal = trace.signals[name]
    row = signal.axes[1]
    dates = stamps(trace, signal.shape[0])
    figure = go.Figure(
        go.Heatmap(
            # Recorded as (time, unit): transposed, each unit is a row. The dates are not transposed along with it.
            transpose=True, coloraxis="coloraxis", xgap=0, ygap=0,
            x=np.arange(1, signal.shape[0] + 1), y=np.arange(1, signal.shape[1] + 1),
            customdata=[dates] * signal.shape[1],
            hovertemplate=f"%{{customdata}} (step %{{x}})<br>{row} %{{y}}<br><b>%{{z:.6g}}</b><extra></extra>",
        )
    )  # fmt: skip
    binding = Binding(0, "z", name, "frame", grows=True)
    limit = max(map(abs, extent(trace, binding) or (1.0,))) or 1.0
    bar = {"thickness": 9, "outlinewidth": 0, "len": 1, "tickfont": {"size": 11}, "nticks": 5, "xpad": 6}
    calm(
        figure,
        coloraxis={"colorscale": DIVERGING["light"], "cmin": -limit, "cmax": limit, "colorbar": bar},
        xaxis={"title": f"time step in the window (to {dates[-1]})"},
        yaxis={"title": row, "autorange": "reversed"},
        margin={"l": 50, "r": 10, "t": 12, "b": 42},
    )
    figure.update_yaxes(showgrid=False)
    return Picture(
        figure,
        (binding,),
        f"{title(name).capitalize()}, over the window before the validation part",
        f"One row is one {row}, one column one time step. Blue is below zero, orange above, pale is near zero. "
        "The colour range is that of the whole run; it grows, and says so, when a value lies outside.",
    )


def stamps(trace: Trace, length: int) -> list[str]:
    """The dates of the window's last `length` steps, as text that a person reads."""
    split = prepare(trace.run, trace.series).split
    index = trace.series.index[max(0, split - length) : split]
    return [""] * (length - len(index)) + [_readable(stamp, trace.series.freq) for stamp in index]


def _readable(stamp: pd.Timestamp, freq: str) -> str:
    if freq.startswith(("MS", "ME", "Q")):
        return stamp.strftime("%b %Y")
    fine = stamp.floor("D") != stamp or freq.endswith(("h", "min", "s"))
    return stamp.strftime("%-d %b %Y %H:%M" if fine else "%-d %b %Y")


VIEW = View("hidden", "Memory", ("hidden.*", "cell.*", "map.*", "encoder.*", "state"), picture, options)
