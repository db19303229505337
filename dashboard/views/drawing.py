"""What all figures share: transparent ground, calm axes, a legend above the data. Knows no recorded data."""

from __future__ import annotations

import re
import textwrap
from typing import Any

import plotly.graph_objects as go

from dashboard.views.palette import INK, INKED


def calm(figure: go.Figure, **layout: Any) -> go.Figure:
    """The common look; the stage then takes text and grid colours from the theme."""
    # An axis that only its traces name is not in the layout yet, and would keep Plotly's own look.
    axes = {"xaxis": {}, "yaxis": {}} | {name: axis for name, axis in layout.items() if re.fullmatch(AXIS_NAME, name)}
    dressed = {name: {**_AXIS, "showgrid": name.startswith("y"), **axis} for name, axis in axes.items()}
    # Assigned whole: an update checks each key that it merges against all the others, and takes five times as long.
    figure.layout = _over(_over(figure.layout.to_plotly_json(), _LOOK), {**layout, **dressed})
    figure.layout.template = None  # an assigned layout has Plotly's own one again
    return figure


def _over(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """The entries of both, those above first; of two dictionaries of one name the entries of both."""
    return below | {
        key: _over(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value
        for key, value in above.items()
    }


LOGARITHMIC = {"type": "log", "nticks": 3, "tickformat": "~g"}
"""A y axis on which equal factors are equal distances; with more ticks Plotly writes 0.07, 0.08, 0.09 on each other."""
_LOOK = {
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "margin": {"l": 8, "r": 12, "t": 30, "b": 42},
    "font": {"size": 12, "color": INK},
    "legend": {
        "orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "bgcolor": "rgba(0,0,0,0)",
    },
    "hoverlabel": {"font": {"size": 12}},
    "modebar": {"bgcolor": "rgba(0,0,0,0)", "color": "rgba(128,128,128,.75)", "activecolor": "rgb(128,128,128)"},
    "uirevision": "kept",
    "dragmode": "zoom",
}  # fmt: skip
AXIS_NAME = r"[xy]axis\d*"
_AXIS = {
    "zeroline": False,
    "showline": False,
    "ticks": "",
    "gridcolor": "rgba(128,128,128,.18)",
    "automargin": True,
    "title_standoff": 10,
    "title_font": {"size": 12},
    "tickfont": {"size": 11},
}


def rug(figure: go.Figure, axis: str) -> None:
    """Turns a y axis into a thin lane for events, without marks of its own."""
    figure.update_layout({axis: {"range": [0, 2], "fixedrange": True, "visible": False}})


def tick(colour: str, name: str, **more: Any) -> go.Scatter:
    """A trace of upright ticks for a lane made by `rug`."""
    marker = {"symbol": "line-ns", "size": 8, "color": colour, "line": {"color": colour, "width": 1.4}}
    hover = f"{name} at update %{{x}}<extra></extra>"
    more |= {"meta": INKED} if colour == INK else {}
    return go.Scatter(mode="markers", name=name, marker=marker, hovertemplate=hover, **more)


def now(colour: str, **more: Any) -> go.Scatter:
    """A trace for the one point of a line at the clock's step."""
    return go.Scatter(mode="markers", marker={"size": 9, "color": colour}, hoverinfo="skip", showlegend=False, **more)


def heading(figure: go.Figure, text: str, number: int | str = "", **more: Any) -> None:
    """A line above one of several plots of a figure, where a title of its axis would need a margin of its own."""
    place = {"xref": f"x{number} domain", "yref": f"y{number} domain", **more}
    figure.add_annotation(
        text=text, x=0, y=1, xanchor="left", yanchor="bottom", showarrow=False, font={"size": 11}, **place
    )


def message(text: str) -> go.Figure:
    """A figure that says in words why there is nothing to see."""
    figure = calm(go.Figure())
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    lines = "<br>".join(line for part in text.split("<br>") for line in textwrap.wrap(part, 46))
    figure.add_annotation(text=lines, x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False, font={"size": 13})
    return figure
