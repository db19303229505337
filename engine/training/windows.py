"""Batches of windows out of a prepared series: views into one tensor, never copies of the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.lazy import torch
from engine.preparing.prepare import Prepared
from engine.training.network import Ahead

MOST_VALIDATION_WINDOWS = 256  # of a long series an even selection, so that measuring stays quick


class Windows:
    """inputs (B, T, 1), targets (B, horizon) and what is known of the horizon, by window number, for a network.

    With `every`, targets are (B, T, horizon): what came after each time step of the window.
    """

    def __init__(self, prepared: Prepared, batch: int, device: torch.device, every: bool = False) -> None:
        run = prepared.run
        self.run, self.batch, self.every = run, batch, every
        self.scaled = torch.from_numpy(prepared.scaled.astype(np.float32)).to(device)
        self.view = self.scaled.unfold(0, run.window + run.horizon, 1)  # (windows, T + horizon), shares memory
        self.training = prepared.training_starts
        chosen = np.linspace(0, len(prepared.validation_starts) - 1, MOST_VALIDATION_WINDOWS).round().astype(np.int64)
        self.validation = prepared.validation_starts[np.unique(chosen)]
        self.probe = prepared.validation_starts[:1]
        """The window that is looked into, the last one before the split."""
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
        """The windows that begin at `starts`: inputs (B, T, 1), targets (B, horizon) or (B, T, horizon)."""
        rows = self.view[torch.from_numpy(starts).to(self.scaled.device)]
        seen, later = rows[:, : self.run.window], rows[:, self.run.window :]
        if not self.every:
            return self.inputs(seen), later - self.level(seen)
        later = rows[:, 1:].unfold(1, self.run.horizon, 1)  # (B, T, horizon)
        # Each forecast starts from the value at its own time step: that is all that is known there.
        return self.inputs(seen), later - seen[:, :, None] if self.run.anchor == "change" else later

    def inputs(self, rows: torch.Tensor) -> torch.Tensor:
        """What the network is shown of windows (B, T): (B, T, 1).

        Changes are from the last value; with a forecast at every time step from the first one, since the last
        would tell each earlier step what is to come.
        """
        if self.run.anchor == "level":
            return rows[:, :, None]
        return (rows - (rows[:, :1] if self.every else self.level(rows)))[:, :, None]

    def level(self, rows: torch.Tensor) -> torch.Tensor:
        """What the forecast from the end of a window is a change from: (B, 1), its last value or nothing."""
        last = rows[:, self.run.window - 1 : self.run.window]
        return last if self.run.anchor == "change" else torch.zeros_like(last)

    def ahead(self, starts: NDArray[np.int64]) -> Ahead:
        """What is known of the horizons of the windows that begin at `starts`."""
        return self._nothing_known(len(starts))

    @property
    def ahead_of_shown(self) -> Ahead:
        """What is known of the horizons of `shown`."""
        return self._nothing_known(2)

    def _nothing_known(self, count: int) -> Ahead:
        steps = (self.run.window,) if self.every else ()
        return Ahead(self.scaled.new_zeros(count, *steps, self.run.horizon, 0))

    @property
    def shown(self) -> torch.Tensor:
        """The two windows whose forecasts are shown, (2, T): the last before the split, the last of all."""
        split, window = self.training[-1] + self.run.horizon + self.run.window, self.run.window
        return torch.stack([self.scaled[split - window : split], self.scaled[len(self.scaled) - window :]])
