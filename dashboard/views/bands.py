"""The area between two curves, as one trace. Knows not what it stands for."""

from __future__ import annotations

from typing import Any

import numpy as np
import plotly.graph_objects as go


def band(x: Any, low: Any, high: Any, colour: str, **more: Any) -> go.Scatter:
    """Between low and high, (N,) each, wherever both are numbers; without a line, and mute under the pointer."""
    x, low, high = np.asarray(x), np.asarray(low, np.float64), np.asarray(high, np.float64)
    there = np.isfinite(low) & np.isfinite(high)
    return go.Scatter(
        x=np.concatenate([x[there], x[there][::-1]]), y=np.concatenate([high[there], low[there][::-1]]), fill="toself",
        **{"mode": "lines", "fillcolor": colour, "opacity": 0.2, "line": {"width": 0}, "hoverinfo": "skip", **more},
    )  # fmt: skip
