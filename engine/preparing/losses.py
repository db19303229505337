"""What an error costs, in plain operators: one definition that serves torch's tensors and numpy's arrays.

Each is of a single error e, and is then averaged. Huber 1964, with its threshold at 1: one deviation of the series.
"""

from __future__ import annotations

from typing import Any

Errors = Any
"""A tensor or an array."""


def squared(e: Errors) -> Errors:
    return e**2


def absolute(e: Errors) -> Errors:
    return abs(e)


def huber(e: Errors) -> Errors:
    """e^2 / 2 up to 1, |e| - 1/2 beyond, which with m = min(|e|, 1) is m (|e| - m / 2)."""
    size = abs(e)
    inner = size.clip(max=1)
    return inner * (size - inner / 2)


LOSSES = {"mse": squared, "mae": absolute, "huber": huber}
TITLES = {"mse": "mean squared error", "mae": "mean absolute error", "huber": "mean Huber loss"}
