"""SubSteps: one update taken apart, in the five words of the debugger. Knows neither models nor files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.nouns.frame import Array


@dataclass(frozen=True)
class SubSteps:
    """One update taken apart, everything scaled. B is the batch, P the parameters in flat order.

    inputs (B, T, F), targets (B, horizon): the batch. before (P,): the weights it starts from.
    """

    inputs: Array
    targets: Array
    before: Array
    forecast: Array
    """Forward: (B, horizon)."""
    loss: float
    """Loss: the mean squared error of the forecast."""
    gradient: Array
    """Backward: (P,), before clipping."""
    scale: float
    """Clip: what the gradient was multiplied by."""
    clipped: Array
    """Clip: (P,)."""
    state: Mapping[str, NDArray[np.generic]]
    """Update: the optimiser's memory after it."""
    after: Array
    """Update: (P,), the weights."""
