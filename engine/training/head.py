"""The last layer, which every network shares: from what a network has made of the window to its forecast.

forecast_j = W_y[j] . h + b_y[j],  with covariates known ahead  + W_ahead[j] . known_j
"""

from __future__ import annotations

from engine.lazy import torch
from engine.nouns.run import Run
from engine.training.network import Ahead, Weights
from engine.training.parameters import Shapes


def columns(run: Run) -> int:
    """How many numbers a network is shown at each time step: the target and its covariates."""
    return 1 + len(run.covariates)


def head_shapes(run: Run, rows: int) -> Shapes:
    plain = {"W_y": (run.horizon, rows), "b_y": (run.horizon,)}
    return plain | ({"W_ahead": (run.horizon, len(run.known_ahead))} if run.known_ahead else {})


def read_out(weights: Weights, h: torch.Tensor, ahead: Ahead | None = None) -> torch.Tensor:
    """h (..., rows) -> forecast (..., horizon); where there is no last layer, h itself."""
    if "W_y" not in weights:
        return h
    forecast = torch.nn.functional.linear(h, weights["W_y"], weights["b_y"])
    if ahead is None or "W_ahead" not in weights:
        return forecast
    return forecast + (ahead.known * weights["W_ahead"]).sum(-1)  # known (..., horizon, K)
