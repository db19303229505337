"""Frame: one recorded update. A recorded Frame never changes. Knows neither models nor files."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.floating]
LARGEST_SIGNAL = 64 * 2**20  # bytes one recorded array may have: an imported file is not to be believed


@dataclass(frozen=True)
class Signal:
    """The name of something a model shows, and what its axes count.

    Names: "hidden.1" is layer 1's hidden state, "gradient/hidden.1" the gradient of the probe window's loss
    with respect to it. Axes: "time" is the step inside the probe window, "unit", "channel", "state" the rows.
    """

    name: str
    axes: tuple[str, ...]
    shape: tuple[int, ...]
    dtype: str = "float32"

    @property
    def bytes(self) -> int:
        """What one update's takes; exact, whatever a file claims."""
        return math.prod(self.shape) * np.dtype(self.dtype).itemsize


def parted(flat: Array, shapes: Mapping[str, tuple[int, ...]]) -> dict[str, Array]:
    """The last axis of `flat` (..., P) cut into named parameters, each in its shape; of a vector, views into it."""
    ends = np.cumsum([math.prod(shape) for shape in shapes.values()])[:-1]
    parts = zip(shapes.items(), np.split(flat, ends, axis=-1), strict=True)
    return {name: part.reshape(*flat.shape[:-1], *shape) for (name, shape), part in parts}


@dataclass(frozen=True)
class Frame:
    """What was seen at one update.

    step: 0 is the model before its first update. loss: of this update's batch, before the update (NaN at
    step 0 where nothing was trained yet). validation: NaN where it was not measured at this update.
    before, after: the gradient's norm per parameter, before and after clipping (empty at step 0).
    signals: arrays by name, of the model after the update: "weights", hidden states, "forecast" in the unit of
    the series. state: what the next update needs beside the weights, kept at keyframes only.
    """

    step: int
    epoch: int
    loss: float
    validation: float = float("nan")
    learning_rate: float = float("nan")
    before: Mapping[str, float] = field(default_factory=dict)
    after: Mapping[str, float] = field(default_factory=dict)
    norm: float = float("nan")
    """The norm of the whole gradient before clipping."""
    scale: float = 1.0
    """What clipping multiplied the gradient by; 1 where it did not fire, NaN where it cut single numbers."""
    signals: Mapping[str, Array] = field(default_factory=dict)
    events: tuple[str, ...] = ()
    state: Mapping[str, NDArray[np.generic]] | None = None
