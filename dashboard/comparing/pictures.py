"""The pictures of a comparison: errors by step, errors by origin, coverage. Pure functions of what was said."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from dashboard.views.bands import band
from dashboard.views.drawing import calm
from dashboard.views.palette import NAIVE, SEQUENTIAL, UNSEEN, turn
from engine.comparing.board import by_step, coverage
from engine.comparing.rolled import ENSEMBLES, Rolled, naive, title
from engine.nouns.series import Series
from engine.reading.finding import moment

HEIGHT = 360
DASHES = ("solid", "dot", "dash", "dashdot")


def curves(found: Rolled, names: Sequence[str], unit: str) -> go.Figure:
    """Mean |error| at each step ahead; naive lines grey, ensembles dashed, a network's seeds as a band."""
    drawn = calm(go.Figure(), height=HEIGHT, hovermode="x unified", font={"color": None})
    steps = np.arange(1, found.truth.shape[1] + 1)
    colours = {name: turn(place) for place, name in enumerate(n for n in names if not naive(n))}
    lines = [name for name in names if naive(name)]
    for name in sorted(names, key=naive, reverse=True):  # models are drawn over the lines
        seeds = by_step(found, name)
        colour = colours.get(name, NAIVE)
        if len(seeds) > 1:
            drawn.add_trace(band(steps, seeds.min(axis=0), seeds.max(axis=0), colour, showlegend=False))
        dash = DASHES[lines.index(name) % 4] if naive(name) else "dash" if name in ENSEMBLES else "solid"
        drawn.add_scatter(
            x=steps, y=seeds.mean(axis=0), mode="lines+markers" if len(steps) < 3 else "lines", name=title(name),
            line={"color": colour, "width": 1.4 if naive(name) else 2, "dash": dash},
            hovertemplate="%{y:,.4~g}",
        )  # fmt: skip
    drawn.update_layout(yaxis_title=f"mean |error|{f', {unit}' if unit else ''}", yaxis_rangemode="tozero")
    drawn.update_xaxes(title="steps ahead", dtick=1 if len(steps) <= 14 else None)
    return drawn


def heat(found: Rolled, name: str, series: Series, dark: bool) -> go.Figure:
    """|error| by origin and step, the mean over a network's seeds; hovering tells forecast, truth and naive."""
    folds, horizon = found.truth.shape
    point = found.points[name].mean(axis=0)
    errors = np.abs(found.points[name] - found.truth).mean(axis=0)
    line = _line(found)
    simple = found.points[line].mean(axis=0) if line else np.full_like(point, np.nan)
    stamps = np.array([[moment(series.index[o + h]) for h in range(horizon)] for o in found.origins])
    rows = [f"after {moment(series.index[origin - 1])}" for origin in found.origins]
    said = f"<br>{title(line)} %{{customdata[3]:,.6~g}}" if line else ""
    drawn = calm(go.Figure(), height=max(300, 90 + 18 * folds), font={"color": None})
    drawn.add_heatmap(
        x=np.arange(1, horizon + 1), y=rows, z=errors, coloraxis="coloraxis", xgap=1, ygap=1,
        customdata=np.dstack([stamps.astype(object), point, found.truth, simple]),
        hovertemplate="%{customdata[0]}, %{x} ahead, %{y}<br>forecast %{customdata[1]:,.6~g}<br>"
        f"truth %{{customdata[2]:,.6~g}}{said}<br>|error| %{{z:,.4~g}}<extra></extra>",
    )  # fmt: skip
    scale = SEQUENTIAL["dark" if dark else "light"]
    drawn.update_layout(coloraxis={"colorscale": scale, "cmin": 0, "colorbar": {"title": "|error|", "thickness": 12}})
    drawn.update_xaxes(title="steps ahead", dtick=1 if horizon <= 14 else None)
    drawn.update_yaxes(autorange="reversed", showgrid=False, type="category", nticks=12)
    return drawn


def covered(found: Rolled, name: str, level: float) -> go.Figure:
    """How often the truth lay inside its interval at each step, and what chance alone would make of an exact one."""
    steps = np.arange(1, found.truth.shape[1] + 1)
    within = coverage(found, name, level)
    drawn = calm(go.Figure(), height=HEIGHT, font={"color": None}, hovermode="x unified")
    chance = "95 % of exact intervals by chance"
    drawn.add_trace(band(steps, within.lowest, within.highest, NAIVE, name=chance))
    drawn.add_scatter(
        x=steps, y=np.full(len(steps), level / 100), mode="lines", name=f"nominal {level:g} %",
        line={"color": NAIVE, "dash": "dash", "width": 1.4}, hoverinfo="skip",
    )  # fmt: skip
    drawn.add_scatter(
        x=steps, y=within.share, mode="lines+markers", name="conformal", line={"color": UNSEEN, "width": 2},
        hovertemplate="%{y:.0%}",
    )  # fmt: skip
    if level in found.own.get(name, {}):
        drawn.add_scatter(
            x=steps, y=coverage(found, name, level, own=True).share, mode="lines+markers", name="its own",
            line={"color": turn(2), "width": 2}, hovertemplate="%{y:.0%}",
        )  # fmt: skip
    lowest = min((trace.y.min() for trace in drawn.data if np.isfinite(trace.y).all()), default=0.0)
    drawn.update_yaxes(title="share inside", tickformat=".0%", range=[max(0.0, lowest - 0.1), 1.03])
    drawn.update_xaxes(title="steps ahead", dtick=1 if len(steps) <= 14 else None, range=[0.5, len(steps) + 0.5])
    return drawn


def _line(found: Rolled) -> str | None:
    """The naive line with the lowest error."""
    lines = [name for name in found.whole if naive(name)]
    return min(lines, key=lambda name: float(found.loss(name).mean())) if lines else None
