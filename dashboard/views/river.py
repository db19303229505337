"""The gradient river and the clip gate: how strong each parameter's gradient was at every update, and what was cut."""

from __future__ import annotations

import numpy as np
import plotly.graph_objects as go

from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading, now, rug, tick
from dashboard.views.filling import extent, history
from dashboard.views.happening import possible
from dashboard.views.layer_norm import GATES
from dashboard.views.palette import CLIPPED, INK, INKED, MANY, NAIVE, UNDONE
from dashboard.views.scales import BAR, FLOOR, colour, logarithmic, powers_between
from dashboard.views.windows import nothing, picked
from dashboard.views.words import estimated
from engine.nouns.trace import Trace

WITHOUT = "Nothing flows back here: a likelihood is maximised as a whole, and no gradient is clipped."
FACTORS = (1.0, 0.25, 0.5, 2.0, 4.0)
"""Of the run's own threshold: what else it could have been."""
SHARES = (0.5, 0.9, 0.99)
"""Where nothing was clipped: the share of updates that a threshold would have left alone."""


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """Thresholds to compare with: around the run's own, or where its norms lie."""
    own, norms = threshold(scene.trace), _norms(scene.trace)
    if estimated(scene.trace) or not own and not len(norms):
        return {}
    others = [own * factor for factor in FACTORS] if own else [float(q) for q in np.quantile(norms, SHARES)]
    return {"threshold": {f"{value:.3g}": f"{value:.3g}" + " (its own)" * (value == own) for value in others}}


def threshold(trace: Trace) -> float:
    """The length that the whole gradient is cut to; 0 where it is not cut as a whole."""
    settings = trace.run.settings
    return float(settings.get("clip") or 0) if settings.get("clip_by", "norm") == "norm" else 0.0  # type: ignore[arg-type]


def _norms(trace: Trace) -> np.ndarray:
    norms = trace.history("norm")
    return np.asarray(norms[np.isfinite(norms)])


def picture(scene: Scene, chosen: Options) -> Picture:
    if estimated(scene.trace):
        return nothing(WITHOUT)
    asked = picked(options(scene), chosen, "threshold")
    figure, bindings = _gate(scene, float(asked or 0))
    return Picture(
        figure,
        bindings,
        f"The gradient's length at every update, before and after clipping. {_would(scene.trace, float(asked or 0))}",
        "The thin line is the length of the whole gradient of each update's batch, the thick one what the optimiser "
        "was given; where the thin one is above the threshold, the gradient was multiplied by threshold / length, and "
        "a pink tick says so. At the right, for each height, how many of the updates are longer than that: what any "
        "other threshold would have clipped on this recorded path. A run really clipped otherwise takes another path; "
        "fork it to see. The second figure has each parameter's part, in powers of ten: a row that runs pale is one "
        f"that nothing reaches. Lengths below {FLOOR:g} are drawn as {FLOOR:g}.",
        cursors=("x",),
        beside=_river(scene),
    )


def _would(trace: Trace, asked: float) -> str:
    """What a threshold did, or would have done."""
    norms, own = _norms(trace), threshold(trace)
    if not asked or not len(norms):
        return ""
    count = int((norms > asked).sum())
    did = "clipped" if asked == float(f"{own:.3g}") else "would have clipped"
    return f"A threshold of {asked:g} {did} {count:,} of {len(norms):,} on this recorded path."


def _gate(scene: Scene, asked: float) -> tuple[go.Figure, tuple[Binding, ...]]:
    trace, own = scene.trace, threshold(scene.trace)
    by_value = trace.run.settings.get("clip_by") == "value" and trace.run.settings.get("clip")
    arithmetic = f"<br>min(1, {own:g} / %{{y:.4g}}) = <b>%{{customdata:.4g}}</b>" if own else ""
    arithmetic = f"<br>each number cut to ±{trace.run.settings['clip']}" if by_value else arithmetic
    figure = go.Figure(
        [
            go.Scatter(
                mode="lines", name="before", line={"color": NAIVE, "width": 1.2},
                hovertemplate=f"update %{{x}}<br>length <b>%{{y:.5g}}</b>{arithmetic}<extra>before</extra>",
            ),
            go.Scatter(
                mode="lines", name="after", line={"color": INK, "width": 2.2}, meta=INKED,
                hovertemplate="update %{x}<br>length <b>%{y:.5g}</b><extra>after clipping</extra>",
            ),
            now(INK, meta=INKED),
            tick(CLIPPED, "clipped", yaxis="y3", showlegend=False),
            go.Scatter(
                mode="lines", xaxis="x2", line={"color": NAIVE, "width": 1.6, "shape": "vh"}, showlegend=False,
                hovertemplate="a threshold just below <b>%{y:.4g}</b><br>clips <b>%{x}</b> on this path"
                "<extra></extra>",
            ),
        ]
    )  # fmt: skip
    norms = _norms(trace)
    ends = [*norms[norms > 0], *([own] if own else []), *([asked] if asked else [])] or [0.1, 1.0]
    calm(
        figure,
        hovermode="closest",
        xaxis={"title": "update", "anchor": "y3", "domain": [0, 0.74]},
        yaxis=logarithmic(min(ends), max(ends), title="length of the gradient", domain=[0.08, 0.94]),
        xaxis2={"domain": [0.79, 1], "anchor": "y", "nticks": 3, "rangemode": "tozero"},
        yaxis3={"domain": [0, 0.05], "anchor": "x"},
        margin={"l": 8, "r": 8, "t": 34, "b": 42},
    )
    rug(figure, "yaxis3")
    heading(figure, "longer", "2", yref="y domain")
    for value, words, hue, dash in ((own, "threshold", CLIPPED, "dash"), (asked, "asked", UNDONE, "dot")):
        if value and not (words == "asked" and value == float(f"{own:.3g}")):
            _level(figure, value, f"{words} {value:g}", hue, dash)
    bindings = [
        Binding(0, "y", "norm", "history"),
        Binding(0, "customdata", "scale", "history"),
        Binding(1, "y", "clipped norm", "history"),
        Binding(2, "y", "clipped norm", "now"),
        Binding(4, "y", "norm", "history", "sorted"),
    ]
    if "clipped" in possible(trace):
        bindings.append(Binding(3, "y", "event/clipped", "history"))
    return figure, tuple(bindings)


def _level(figure: go.Figure, value: float, name: str, hue: str, dash: str) -> None:
    """A line across both plots, on an axis of its own, so that it spans them however long the run gets."""
    figure.add_scatter(
        x=[0, 1], y=[value, value], xaxis="x9", mode="lines", name=name, hoverinfo="skip",
        line={"color": hue, "width": 1.4, "dash": dash},
    )  # fmt: skip
    axis = {"overlaying": "x", "range": [0, 1], "visible": False, "fixedrange": True, "anchor": "y", "domain": [0, 1]}
    figure.update_layout(xaxis9=axis)


def _river(scene: Scene) -> Picture:
    trace = scene.trace
    every = history(trace, "before")
    strength = np.nanmedian(np.where(np.isfinite(every), every, np.nan), axis=0) if np.isfinite(every).any() else None
    names = list(trace.parameters)
    order = names if strength is None else [names[i] for i in np.argsort(np.nan_to_num(strength))]
    figure = go.Figure(
        go.Heatmap(
            y=names, coloraxis="coloraxis", hoverongaps=False,
            hovertemplate="%{y} at update %{x}<br>length 10 to the power of <b>%{z:.3f}</b><extra></extra>",
        )
    )  # fmt: skip
    shown = np.log10(np.maximum(every[np.isfinite(every)], FLOOR))
    low, high = (float(shown.min()), float(shown.max())) if shown.size else (np.log10(FLOOR), 0.0)
    calm(
        figure,
        xaxis={"title": "update", "showgrid": False},
        yaxis={"showgrid": False, "categoryorder": "array", "categoryarray": order, "type": "category"},
        margin={"l": 8, "r": 8, "t": 34, "b": 42},
    )
    bar = {**BAR, **powers_between(low, high)}
    colour(figure, {"coloraxis": ("sequential", {"cmin": low, "cmax": high, "colorbar": bar})})
    heading(figure, "each parameter's part; the strongest above")
    binding = Binding(0, "z", "before", "history", "log10", FLOOR, grows=True)
    return Picture(figure, (binding,), "", "", cursors=("x",), beside=_gates(scene))


def _gates(scene: Scene) -> Picture | None:
    """Where an LSTM's gates have rows of their own: the window's gradient, gate by gate."""
    names = [name for name in scene.offered if name.startswith("by gate/")]
    if not names:
        return None
    figure, bindings = go.Figure(), []
    ends: list[float] = []
    for number, name in enumerate(names):
        parameter = name.removeprefix("by gate/")
        bindings.append(Binding(number, "y", name, "frame", floor=FLOOR, grows=True))
        ends += extent(scene, bindings[-1]) or ()
        figure.add_scatter(
            x=GATES, name=parameter, mode="markers", marker={"color": MANY[number % len(MANY)], "size": 10},
            hovertemplate=f"{parameter}, %{{x}}<br><b>%{{y:.4g}}</b><extra></extra>",
        )  # fmt: skip
    low, high = (min(ends), max(ends)) if ends else (FLOOR, 1.0)
    calm(
        figure,
        xaxis={"title": "gate, for the shown window", "range": [-0.5, len(GATES) - 0.5]},
        yaxis=logarithmic(max(low, FLOOR), max(high, FLOOR), title="length of the gradient"),
        margin={"l": 8, "r": 8, "t": 34, "b": 42},
    )
    return Picture(figure, tuple(bindings), "", "")


VIEW = View("river", "Gradient river and clip gate", (), picture, options, "A threshold of", WITHOUT, zoom="run")
