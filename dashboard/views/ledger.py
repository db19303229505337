"""The LSTM's ledger: what one unit keeps, writes and reads at a time step, and since when it remembers what."""

from __future__ import annotations

import plotly.graph_objects as go

from dashboard.views.ages import by_age_of
from dashboard.views.contract import Binding, Options, Picture, Scene, View
from dashboard.views.drawing import calm, heading
from dashboard.views.filling import at_once
from dashboard.views.palette import INK, INKED, NAIVE, TRAINING, UNSEEN
from dashboard.views.scales import about_zero, colour, signed
from dashboard.views.windows import dates, nothing, picked, series_line, steps, time_axis
from dashboard.views.words import title, which_window
from engine.deriving.memory import AGES

ENTRIES = ("kept<br>f·c", "written<br>i·g", "cell<br>c", "squashed<br>tanh", "read<br>h")
ARITHMETIC = (
    "f · c before = %{customdata[0]:.4g} × %{customdata[1]:.4g} = <b>%{delta:.5g}</b>",
    "i · g = %{customdata[0]:.4g} × %{customdata[1]:.4g} = <b>%{delta:.5g}</b>",
    "c = kept + written = %{customdata[0]:.4g} + %{customdata[1]:.4g} = <b>%{final:.5g}</b>",
    "tanh(%{customdata[1]:.4g}) = <b>%{final:.5g}</b>",
    "h = o · tanh = %{customdata[0]:.4g} × %{customdata[1]:.4g} = <b>%{final:.5g}</b>",
)
LINES = (
    "c = %{customdata[0]:.3f} × %{customdata[1]:.3f} + %{customdata[2]:.3f} × %{customdata[3]:.3f}"
    " = <b>%{customdata[4]:.3f}</b><br>"
    "h = %{customdata[5]:.3f} × tanh(%{customdata[6]:.3f}) = <b>%{customdata[7]:.3f}</b>"
)
OF_STEPS = (
    "The triangle has such a row for every time step; the line to its right is the cell itself, to which each row "
    "adds up."
)
OF_AGES = (
    "Beside it, each bar is the cell at one time step, stacked by how long ago its parts were written: together they "
    "are the cell, the line. Where pale parts are long, the unit remembers far back."
)
HERE = {"time": "time", "unit": "unit"}
PARTS = {"step": "by the step it was written at", "age": "by its age"}
WITHOUT = (
    "Only an LSTM keeps a ledger: it alone has a cell that gates write, keep and read. Train an LSTM, or a CNN-RNN or "
    "an encoder-decoder made of one, to see what it remembers, since when."
)


def options(scene: Scene) -> dict[str, dict[str, str]]:
    """The layers that have a cell."""
    names = [name.removeprefix("ledger/") for name in scene.offered if name.startswith("ledger/")]
    return {"signal": {name: title(name) for name in names}, "parts": PARTS} if names else {}


def picture(scene: Scene, chosen: Options) -> Picture:
    name = picked(options(scene), chosen)
    if not name:
        return nothing(WITHOUT)
    by_age = picked(options(scene), chosen, "parts") == "age"
    ages = [f"age {number}/{name}" for number in range(len(AGES))] if by_age else []
    scene = at_once(scene, [f"provenance/{name}", f"ledger/{name}", name, *ages])
    normed = " tanh is given the cell after LayerNorm." if scene.trace.run.settings.get("layer_norm") else ""
    return Picture(
        _account(scene, name),
        (
            Binding(0, "y", f"ledger/{name}", "frame", grows=True, at=HERE),
            Binding(0, "customdata", f"operands/{name}", "frame", at=HERE),
            Binding(1, "customdata", f"account/{name}", "frame", at=HERE),
            Binding(2, "y", f"provenance/{name}", "frame", at=HERE),
            Binding(2, "marker.color", f"provenance/{name}", "frame", at=HERE),
        ),
        f"What one unit's memory does at one time step, and since when it remembers what, over {which_window(scene)}",
        "Above, the account of the picked unit at the dotted time step: what it keeps of its cell, what it writes into "
        f"it, the cell after that, and what it lets out.{normed} Below, the same cell taken apart by when each part "
        "was written: all bars together are the cell. "
        + (OF_AGES if by_age else OF_STEPS)
        + " Blue is below zero, orange above. Up and down move the time step; take another unit beside the clock, or "
        "with a click on a row of the memory's picture.",
        sweeps=("x2",),
        beside=by_age_of(scene, name) if by_age else _provenance(scene, name),
    )


def _account(scene: Scene, name: str) -> go.Figure:
    rising, falling = {"marker": {"color": UNSEEN}}, {"marker": {"color": TRAINING}}
    figure = go.Figure(
        [
            go.Waterfall(
                x=ENTRIES, measure=["relative", "relative", "total", "absolute", "absolute"],
                increasing=rising, decreasing=falling, totals={"marker": {"color": NAIVE}},
                connector={"line": {"color": NAIVE, "width": 1, "dash": "dot"}}, showlegend=False,
                hovertemplate=[f"{said}<extra></extra>" for said in ARITHMETIC],
            ),
            go.Scatter(
                x=[0.5], y=[0], xaxis="x3", yaxis="y4", mode="text", showlegend=False, hoverinfo="skip", meta=INKED,
                texttemplate=LINES, textfont={"size": 11},
            ),
            go.Bar(
                x=steps(scene), xaxis="x2", yaxis="y2", customdata=dates(scene), showlegend=False,
                marker={"coloraxis": "coloraxis"},
                hovertemplate="written at %{customdata} (step %{x})<br>still holds <b>%{y:.4g}</b><extra></extra>",
            ),
            series_line(scene, xaxis="x2", yaxis="y3"),
        ]
    )  # fmt: skip
    calm(
        figure,
        xaxis={"anchor": "y", "tickfont": {"size": 10}, "side": "top"},
        yaxis={
            "range": about_zero(scene, Binding(0, "y", f"ledger/{name}", "frame", at=HERE)),
            "domain": [0.6, 0.9],
            "zeroline": True,
            "nticks": 6,
        },
        xaxis3={"domain": [0, 1], "visible": False, "range": [0, 1], "fixedrange": True, "anchor": "y4"},
        yaxis4={"domain": [0.46, 0.56], "visible": False, "range": [-1, 1], "fixedrange": True, "anchor": "x3"},
        xaxis2=time_axis(scene, anchor="y2"),
        yaxis2={"domain": [0, 0.2], "anchor": "x2", "nticks": 3, "zeroline": True},
        yaxis3={"domain": [0.22, 0.34], "visible": False, "anchor": "x2"},
        margin={"l": 42, "r": 8, "t": 12, "b": 42},
        bargap=0.12,
    )
    figure.update_yaxes(zerolinecolor="rgba(128,128,128,.5)")
    parts = Binding(2, "y", f"provenance/{name}", "frame")
    colour(figure, {"coloraxis": ("diverging", {**signed(scene, parts), "showscale": False})})
    heading(figure, "your values; what c holds of each", 3, xref="x2 domain")
    return figure


def _provenance(scene: Scene, name: str) -> Picture:
    T = scene.trace.run.window
    parts = Binding(0, "z", f"provenance/{name}", "frame", grows=True, at={"unit": "unit"})
    cell = Binding(1, "x", name, "frame", grows=True, at={"unit": "unit"})
    figure = go.Figure(
        [
            go.Heatmap(
                x=steps(scene), y=steps(scene), coloraxis="coloraxis",
                customdata=[dates(scene)] * T,
                hovertemplate="written at %{customdata} (step %{x})<br>held at step %{y}<br><b>%{z:.4g}</b>"
                "<extra></extra>",
            ),
            go.Scatter(
                y=steps(scene), xaxis="x2", mode="lines", line={"color": INK, "width": 1.6}, meta=INKED,
                showlegend=False, hovertemplate="cell at step %{y}<br><b>%{x:.4g}</b><extra></extra>",
            ),
        ]
    )  # fmt: skip
    reach = about_zero(scene, cell)
    calm(
        figure,
        xaxis=time_axis(scene, domain=[0, 0.76], title="written at step"),
        yaxis={"title": "held at step", "range": [T + 0.5, 0.5], "showgrid": False},
        xaxis2={"domain": [0.79, 1], "range": reach, "tickvals": [0], "anchor": "y",
                "zeroline": True, "zerolinecolor": "rgba(128,128,128,.5)", "showgrid": False},
        margin={"l": 8, "r": 8, "t": 22, "b": 42},
    )  # fmt: skip
    heading(figure, "the parts")
    heading(figure, "= c", "2", yref="y domain")
    colour(figure, {"coloraxis": ("diverging", signed(scene, parts))})
    return Picture(figure, (parts, cell), "", "", sweeps=("x",))


VIEW = View(
    "ledger",
    "Ledger of the cell",
    ("ledger/*",),
    picture,
    options,
    "The memory of",
    WITHOUT,
    {"cell": "lstm"},
)
