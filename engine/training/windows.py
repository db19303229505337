"""Batches of windows out of a prepared series: views into one tensor, never copies of the series."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.lazy import torch
from engine.nouns.run import Run
from engine.preparing.prepare import Prepared
from engine.training.network import Ahead


class Windows:
    """inputs (B, T, F), targets (B, horizon) and what is known of the horizon, by window number, for a network.

    With `every`, targets are (B, T, horizon): what came after each time step of the window.
    """

    def __init__(self, prepared: Prepared, batch: int, device: torch.device, every: bool = False) -> None:
        run = prepared.run
        self.run, self.batch, self.every = run, batch, every
        unknown = np.full(run.horizon, np.nan)  # what comes after the last value
        self.scaled = torch.from_numpy(np.append(prepared.scaled, unknown).astype(np.float32)).to(device)
        self.covariates = torch.from_numpy(prepared.covariates.astype(np.float32)).to(device)  # (n + horizon, k)
        self.known = self.covariates[:, [run.covariates.index(name) for name in run.known_ahead]]
        length = run.window + run.horizon  # of the views below, which share memory: (windows, ..., length)
        self.view, self.beside, self.told = (
            column.unfold(0, length, 1) for column in (self.scaled, self.covariates, self.known)
        )
        self.training = prepared.training_starts
        self.validation = prepared.judged_starts
        self.measured_every = prepared.measured_every(batch)
        self.shown = np.array([prepared.split - run.window, len(prepared.scaled) - run.window])
        """The two windows whose forecasts are shown: the last before the split, the last of all."""
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
        """The windows that begin at `starts`: inputs (B, T, F), targets (B, horizon) or (B, T, horizon)."""
        rows = self.rows(starts)
        seen, later = rows[:, : self.run.window], rows[:, self.run.window :]
        inputs = self.inputs(seen, starts)
        if not self.every:
            return inputs, later - self.level(seen)
        later = rows[:, 1:].unfold(1, self.run.horizon, 1)  # (B, T, horizon)
        # Each forecast starts from the value at its own time step: that is all that is known there.
        return inputs, later - seen[:, :, None] if self.run.anchor == "change" else later

    def rows(self, starts: NDArray[np.int64]) -> torch.Tensor:
        """The target over windows and their horizons, (B, T + horizon), scaled."""
        return self.view[torch.from_numpy(starts).to(self.scaled.device)]

    def inputs(self, seen: torch.Tensor, starts: NDArray[np.int64]) -> torch.Tensor:
        """What the network is shown of windows (B, T) of the target, and of the covariates beside it: (B, T, F)."""
        if not self.run.covariates:
            return shown(self.run, seen, every=self.every)
        beside = self.beside[torch.from_numpy(starts).to(self.scaled.device)]  # (B, k, T + horizon)
        return shown(self.run, seen, beside[:, :, : self.run.window].transpose(1, 2), self.every)

    def level(self, rows: torch.Tensor) -> torch.Tensor:
        """What the forecast from the end of a window is a change from: (B, 1), its last value or nothing."""
        return level(self.run, rows[:, : self.run.window])

    def ahead(self, starts: NDArray[np.int64]) -> Ahead:
        """What is known of the horizons of the windows that begin at `starts`."""
        if not self.run.known_ahead:  # at every update, so not even looked up
            steps = (self.run.window,) if self.every else ()
            return Ahead(self.known.new_empty(len(starts), *steps, self.run.horizon, 0))
        told = self.told[torch.from_numpy(starts).to(self.scaled.device)]  # (B, K, T + horizon)
        if not self.every:
            return Ahead(told[:, :, self.run.window :].transpose(1, 2))  # (B, horizon, K)
        return Ahead(told[:, :, 1:].unfold(2, self.run.horizon, 1).permute(0, 2, 3, 1))  # (B, T, horizon, K)


def shown(run: Run, seen: torch.Tensor, beside: torch.Tensor | None = None, every: bool = False) -> torch.Tensor:
    """What a network is shown of windows (B, T) of the target and of the columns (B, T, k) beside it: (B, T, F).

    Changes are from the last value; with a forecast at every time step from the first one, since the last
    would tell each earlier step what is to come. Covariates are shown as they are.
    """
    if run.anchor == "change":
        seen = seen - (seen[:, :1] if every else level(run, seen))
    return seen[:, :, None] if beside is None else torch.cat([seen[:, :, None], beside], dim=2)


def level(run: Run, seen: torch.Tensor) -> torch.Tensor:
    """What the forecast from the end of windows (B, T) is a change from: (B, 1), their last value or nothing."""
    last = seen[:, -1:]
    return last if run.anchor == "change" else torch.zeros_like(last)
