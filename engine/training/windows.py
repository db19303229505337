"""Batches of windows out of a prepared series: views into one tensor, never copies of the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.lazy import torch
from engine.preparing.prepare import Prepared

MOST_VALIDATION_WINDOWS = 256  # of a long series an even selection, so that measuring stays quick


class Windows:
    """inputs (B, T, 1) and targets (B, horizon) by window number, as a network is shown them."""

    def __init__(self, prepared: Prepared, batch: int, device: torch.device) -> None:
        run = prepared.run
        self.run, self.batch = run, batch
        self.scaled = torch.from_numpy(prepared.scaled.astype(np.float32)).to(device)
        self.view = self.scaled.unfold(0, run.window + run.horizon, 1)  # (windows, T + horizon), shares memory
        self.training = prepared.training_starts
        chosen = np.linspace(0, len(prepared.validation_starts) - 1, MOST_VALIDATION_WINDOWS).round().astype(np.int64)
        self.validation = prepared.validation_starts[np.unique(chosen)]
        self.per_epoch = -(-len(self.training) // batch)
        self._epoch, self._order = -1, self.training

    def starts(self, update: int) -> NDArray[np.int64]:
        """The batch of an update (counted from 1): each epoch in a random order that the seed alone decides."""
        epoch, position = divmod(update - 1, self.per_epoch)
        if epoch != self._epoch:
            self._order = np.random.default_rng([self.run.seed, 1, epoch]).permutation(self.training)
            self._epoch = epoch
        return self._order[position * self.batch : (position + 1) * self.batch]

    def at(self, update: int) -> tuple[torch.Tensor, torch.Tensor]:
        """The inputs and targets of an update."""
        return self.take(self.starts(update))

    def take(self, starts: NDArray[np.int64]) -> tuple[torch.Tensor, torch.Tensor]:
        """The windows that begin at `starts`: inputs (B, T, 1), targets (B, horizon)."""
        rows = self.view[torch.from_numpy(starts).to(self.scaled.device)]
        rows = rows - self.level(rows)
        return rows[:, : self.run.window, None], rows[:, self.run.window :]

    def level(self, rows: torch.Tensor) -> torch.Tensor:
        """What is taken off a window before the network sees it: (B, 1), its last value or nothing."""
        last = rows[:, self.run.window - 1 : self.run.window]
        return last if self.run.anchor == "change" else torch.zeros_like(last)

    @property
    def shown(self) -> torch.Tensor:
        """The two windows whose forecasts are shown, (2, T): the last before the split, the last of all."""
        split, window = self.training[-1] + self.run.horizon + self.run.window, self.run.window
        return torch.stack([self.scaled[split - window : split], self.scaled[len(self.scaled) - window :]])
