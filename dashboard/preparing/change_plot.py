"""What a step makes of a series: before in grey, after in blue, what it put in place in orange. Knows no page."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboard.preparing.thinning import thinned
from dashboard.views.drawing import calm
from dashboard.views.palette import CLIPPED, NAIVE, TRAINING, UNSEEN
from engine.nouns.series import Series


def figure(before: Series, after: Series, height: int = 300) -> go.Figure:
    """Both series, and the columns that were added beside, where there are any."""
    drawn = calm(go.Figure(), height=height, hovermode="x unified", yaxis_title=before.unit or "value")
    line(drawn, before.index, before.values, "before", NAIVE, 1.0)
    line(drawn, after.index, after.values, "after", TRAINING, 1.6)
    filled, removed = made(before, after), gone(before, after)
    dots(drawn, after.index, np.where(filled, after.values, np.nan), "put in place", UNSEEN)
    dots(drawn, before.index, np.where(removed, before.values, np.nan), "removed", CLIPPED)
    added = [name for name in after.covariates.names if name not in before.covariates.names]
    if added:
        _beside(drawn, after, added)
    return drawn.update_layout(font={"color": None})


def line(
    drawn: go.Figure, stamps: pd.DatetimeIndex, values: NDArray[np.float64], name: str, colour: str, width: float
) -> None:
    """A line of no more points than pixels, with gaps where values are missing."""
    shown = thinned(values)
    drawn.add_scatter(
        x=stamps[shown].to_numpy(), y=values[shown], mode="lines", name=name, line={"color": colour, "width": width},
        hovertemplate="%{y:,.6~g}",
    )  # fmt: skip


def dots(drawn: go.Figure, stamps: pd.DatetimeIndex, values: NDArray[np.float64], name: str, colour: str) -> None:
    """Single values; nothing where there are none, and of many an even selection."""
    places = np.flatnonzero(np.isfinite(values))
    if not len(places):
        return
    some = places[thinned(values[places])]
    drawn.add_scatter(
        x=stamps[some].to_numpy(), y=values[some], mode="markers", name=name, marker={"color": colour, "size": 4},
        hovertemplate="%{y:,.6~g}",
    )  # fmt: skip


def made(before: Series, after: Series) -> NDArray[np.bool_]:
    """Which values of `after` stand on a stamp of `before` and are others than there."""
    places = before.index.get_indexer(after.index)
    there = np.where(places >= 0, before.values[places], np.nan)
    changed = np.isfinite(after.values) & (places >= 0) & (after.values != there)
    return changed if before.freq == after.freq else np.zeros(len(after), bool)


def gone(before: Series, after: Series) -> NDArray[np.bool_]:
    """Which values of `before` are missing in `after`."""
    places = after.index.get_indexer(before.index)
    there = np.where(places >= 0, after.values[places], np.nan)
    lost = np.isfinite(before.values) & (places >= 0) & ~np.isfinite(there)
    return lost if before.freq == after.freq else np.zeros(len(before), bool)


def _beside(drawn: go.Figure, after: Series, added: list[str]) -> None:
    """The columns added, on an axis of their own, over the last steps and the first beyond."""
    shown = slice(max(0, len(after) - 60), len(after) + 20)
    stamps = pd.DatetimeIndex(after.index.append(after.future(20)))[shown]
    table = after.covariates.take(added, len(after) + 20)[shown]
    drawn.data = []
    drawn.add_heatmap(
        z=table.T, x=stamps.to_numpy(), y=added, colorscale=[[0, "rgba(47,131,189,.08)"], [1, TRAINING]],
        showscale=False, xgap=1, ygap=1, hovertemplate="%{x}<br>%{y}: %{z:.3g}<extra></extra>",
    )  # fmt: skip
    drawn.add_vline(x=after.index[-1], line={"color": UNSEEN, "width": 1.5, "dash": "dot"})
    drawn.update_layout(yaxis_title=None, height=120 + 24 * len(added), hovermode="closest")
