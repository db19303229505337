"""The last layer, which every network shares: from what a network has made of the window to its forecast.

forecast_j = W_y[j] . h + b_y[j]
"""

from __future__ import annotations

from engine.lazy import torch
from engine.nouns.run import Run
from engine.training.network import Ahead, Weights
from engine.training.parameters import Shapes


def columns(run: Run) -> int:  # noqa: ARG001
    """How many numbers a network is shown at each time step."""
    return 1


def head_shapes(run: Run, rows: int) -> Shapes:
    return {"W_y": (run.horizon, rows), "b_y": (run.horizon,)}


def read_out(weights: Weights, h: torch.Tensor, ahead: Ahead | None = None) -> torch.Tensor:  # noqa: ARG001
    """h (..., rows) -> forecast (..., horizon)."""
    return torch.nn.functional.linear(h, weights["W_y"], weights["b_y"])
