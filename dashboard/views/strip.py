"""The window unrolled: the person's own values above, each time step's units below, and the weights that all share."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, message
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN, turn
from dashboard.views.reaching import reaches
from dashboard.views.scales import colour, signed, spanning
from dashboard.views.words import ahead, estimated, stamps, stamps_ahead, title, which_window
from engine.nouns.frame import Signal
from engine.preparing.prepare import prepare

FORWARD, BACKWARD = ("forward", "loss", "clip", "update"), ("backward",)
ROWS = ("unit", "channel", "state")
ERROR = "rgba(192,74,128,.35)"
HANDED_ON = ("hidden", "cell", "encoder", "state")
LANES = {"yaxis": [0.66, 1], "yaxis2": [0.56, 0.64], "yaxis3": [0.1, 0.54], "yaxis4": [0, 0.08]}
"""From above: values, what goes in, the units, what is handed on."""


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """The signals with a row of numbers at every time step."""
    found = {s.name: title(s.name) for s in scene.trace.signals.values() if _fits(s)}
    return {"signal": found} if found else {}


def _fits(signal: Signal) -> bool:
    return len(signal.axes) == 2 and signal.axes[0] == "time" and signal.axes[1] in ROWS and "/" not in signal.name


def picture(scene: Scene, options_: Options) -> Picture:
    choices = options(scene).get("signal", {})
    name = options_.get("signal") or next(iter(choices), "")
    if name not in choices:
        return Picture(message("No time steps were recorded in this run."), (), "Not recorded", "")
    figure, bindings = go.Figure(), []
    _values(figure, scene)
    during: dict[int, tuple[str, ...]] = {}
    if "forecast" in scene.offered:
        during[len(figure.data)] = ("loss",)
        bindings += [Binding(len(figure.data) + n, "y", "forecast", "frame", grows=n > 0) for n in range(2)]
    figure.update_layout(yaxis={"range": spanning(scene, figure, bindings)})
    if bindings:
        figure.add_traces([_error(scene), _forecast(scene)])
    units = scene.offered[name]
    for source, when, axis in ((name, FORWARD, "coloraxis"), (f"gradient/{name}", BACKWARD, "coloraxis2")):
        if source in scene.offered:
            during[len(figure.data)] = when
            bindings.append(Binding(len(figure.data), "z", source, "frame", grows=True))
            figure.add_trace(_units(scene, units, source, axis))
    back = BACKWARD in during.values()
    if not back:  # what went forward stays
        during = {number: when for number, when in during.items() if when != FORWARD}
    during |= _arrows(figure, scene, name, backward=back)
    _lay_out(figure, scene, units, bindings)
    seen = reaches(scene.trace, name)
    far = {one.trace: seen for one in bindings if seen and one.source == name}
    return Picture(figure, tuple(bindings), *_words(scene, name, seen), sweeps=("x",), during=during, reaches=far)


def _values(figure: go.Figure, scene: Scene) -> None:
    """What the model sees, what then came, in the unit of the series."""
    trace, start = scene.trace, scene.start
    T, horizon, series = trace.run.window, trace.run.horizon, trace.series
    scaled = prepare(trace.run, series).scaled[start : start + T]
    figure.add_scatter(
        x=np.arange(1, T + 1), y=series.values[start : start + T], mode="lines+markers", name="input",
        line={"color": TRAINING, "width": 1.6}, marker={"size": 4},
        customdata=np.array([stamps(trace, T, start), [f"{value:.4g}" for value in scaled]]).T,
        hovertemplate="%{customdata[0]} (step %{x})<br>input <b>%{y:.6g}</b>, scaled %{customdata[1]}<extra></extra>",
    )  # fmt: skip
    came = series.values[start + T : start + T + horizon]
    figure.add_scatter(
        x=np.arange(T + 1, T + 1 + len(came)), y=came, mode="lines+markers", name="target", meta=INKED,
        line={"color": INK, "width": 1.4, "dash": "dot"}, marker={"size": 4, "color": INK},
        customdata=stamps_ahead(trace, start)[: len(came)],
        hovertemplate="%{customdata}<br>target <b>%{y:.6g}</b><extra></extra>",
    )  # fmt: skip


def _forecast(scene: Scene) -> go.Scatter:
    trace, T = scene.trace, scene.trace.run.window
    return go.Scatter(
        x=np.arange(T + 1, T + 1 + len(ahead(trace, scene.start))), mode="lines+markers", name="output",
        line={"color": UNSEEN, "width": 2}, marker={"size": 4.5}, customdata=stamps_ahead(trace, scene.start),
        hovertemplate="%{customdata}<br>output <b>%{y:.6g}</b><extra></extra>",
    )  # fmt: skip


def _error(scene: Scene) -> go.Scatter:
    """At the loss, the area between what the model says and what then came: what the loss is made of."""
    T, horizon = scene.trace.run.window, len(ahead(scene.trace, scene.start))
    return go.Scatter(
        x=np.arange(T + 1, T + 1 + horizon), mode="lines", line={"width": 0}, fill="tonexty", fillcolor=ERROR,
        name="error", hoverinfo="skip",
    )  # fmt: skip


def _units(scene: Scene, units: Signal, source: str, coloraxis: str) -> go.Heatmap:
    length, rows = units.shape
    what = "gradient " if source.startswith("gradient/") else ""
    hover = f"%{{customdata}} (step %{{x}})<br>{units.axes[1]} %{{y}}<br>{what}<b>%{{z:.6g}}</b><extra></extra>"
    return go.Heatmap(
        transpose=True, coloraxis=coloraxis, yaxis="y3",
        x=np.arange(1, length + 1), y=np.arange(1, rows + 1),
        customdata=[stamps(scene.trace, length, scene.start)] * rows,
        hovertemplate=hover,
    )  # fmt: skip


def _arrows(figure: go.Figure, scene: Scene, name: str, *, backward: bool) -> dict[int, tuple[str, ...]]:
    """Into each step the same weights, from each step to the next the same weights; going back, the same ones again."""
    T, (kind, _, layer) = scene.trace.run.window, name.partition(".")
    hands_on = kind in HANDED_ON
    steps, between = np.arange(1, T + 1), np.arange(1, T) + 0.5
    into = f"the same weights W_x.{layer or 1} into every step" if kind != "state" else "the same input at every step"
    on = f"the same weights W_h.{layer or 1} from every step to the next" if kind != "state" else "the same transition"
    if kind == "map":
        into = f"the same kernel.{layer or 1} at every step"
    during: dict[int, tuple[str, ...]] = {}
    for when, down, along in ((FORWARD, "arrow-down", "arrow-right"), (BACKWARD, "arrow-up", "arrow-left")):
        if when == BACKWARD and not backward:
            continue
        for symbol, x, axis, hue, text in ((down, steps, "y2", turn(3), into), (along, between, "y4", turn(4), on)):
            if axis == "y4" and not hands_on:
                continue
            during[len(figure.data)] = when
            figure.add_scatter(
                x=x, y=np.zeros(len(x)), yaxis=axis, mode="markers", showlegend=False,
                marker={"symbol": symbol, "size": 6, "color": hue, "opacity": 0.8},
                hovertemplate=f"{text}<extra></extra>",
            )  # fmt: skip
    return during if backward else {}


def _lay_out(figure: go.Figure, scene: Scene, units: Signal, bindings: list[Binding]) -> None:
    T, horizon = scene.trace.run.window, scene.trace.run.horizon
    bar = {"len": 0.5, "y": 0, "yanchor": "bottom"}
    drawn = [binding for binding in bindings if binding.attribute == "z"]
    scales = {
        axis: ("diverging", signed(scene, one, **bar))
        for axis, one in zip(("coloraxis", "coloraxis2"), drawn, strict=False)
    }
    lane = {"visible": False, "range": [-1, 1], "fixedrange": True}
    calm(
        figure,
        xaxis={"title": "time step, then the steps ahead", "range": [0.5, T + horizon + 0.5], "anchor": "y4"},
        yaxis={"title": scene.trace.series.unit or scene.trace.series.name},
        yaxis2=lane, yaxis3={"title": units.axes[1], "autorange": "reversed"}, yaxis4=lane,
        hovermode="closest", margin={"l": 50, "r": 10, "t": 30, "b": 42}, legend={"traceorder": "normal"},
    )  # fmt: skip
    colour(figure, scales)
    for axis, domain in LANES.items():
        figure.update_layout({axis: {"domain": domain, "anchor": "x"}})
    if units.name.partition(".")[0] not in HANDED_ON:  # an axis is drawn only where a trace has it
        figure.update_layout(xaxis={"anchor": "y3"}, yaxis3={"domain": [0, LANES["yaxis3"][1]]})
    figure.update_layout(yaxis3={"showgrid": False, "zeroline": False, "title_standoff": 10, "automargin": True})
    figure.add_vline(x=T + 0.5, line={"color": NAIVE, "width": 1, "dash": "dot"})


def _words(scene: Scene, name: str, seen: int | None) -> tuple[str, str]:
    pointed = f" Point at one, and the {seen} values above that it depends on are marked." if seen else ""
    whose = "parameters of" if estimated(scene.trace) else "weights after"
    return (
        f"The model reads {which_window(scene)} step by step, with the {whose} this update: your values go in above, "
        f"what is kept of them ({title(name)}) stands below, and the forecast comes out on the right",
        "One column is one time step: up and down move along it, and a click on a cell opens its arithmetic. All "
        "arrows of one colour are the same weights, used again at every step. Going forward, what lies to the right of "
        "the step is still to come and is pale. At the loss (shift and right) the area between output and target is "
        "what it is made of. Going backward (once more) the colours turn to the gradient of this window's loss, and it "
        f"fills from the right.{pointed}",
    )


VIEW = View(
    "strip",
    "Unrolled",
    ("hidden.*", "cell.*", "map.*", "encoder.*", "state"),
    picture,
    options,
    "Unrolled: which units",
    without="This model takes the whole window at once: it has no time steps to unroll. A recurrent network, a CNN or "
    "an encoder-decoder has.",
)
