"""A network with its weights, as it can be asked from any origin of a series. Trains nothing and knows no strategy.

All in float64, so that neither the size of a batch nor the order of a sum shows in what is told.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.training.network import Ahead, Network
from engine.training.parameters import split
from engine.training.windows import level, shown

Numbers = NDArray[np.float64]
Origins = NDArray[np.int64]
"""Positions in the series: an origin is how many values are known, so the first forecast is for that position."""

BATCH = 256  # windows in one pass


class Asked:
    """weights: flat (P,). horizon: how far ahead it may be asked, at least that of the run."""

    def __init__(self, network: Network, run: Run, series: Series, weights: Array, horizon: int) -> None:
        self.network, self.run, self.horizon = network, run, horizon
        self.settings = network.settings.model_validate(run.settings)
        longest = max(horizon, run.horizon)
        self.prepared = prepare(run.model_copy(update={"horizon": longest}), series)
        flat = torch.from_numpy(np.asarray(weights, np.float64))
        self.weights = split(flat, network.shapes(self.settings, run))
        self.values = np.append(self.prepared.scaled, np.full(longest, np.nan))
        self.beside = torch.from_numpy(self.prepared.covariates)  # (n + longest, k)
        self.known = self.beside[:, [run.covariates.index(name) for name in run.known_ahead]]

    def rows(self, origins: Origins) -> Numbers:
        """The true values, scaled, of each origin's window and horizon: (N, T + horizon), NaN beyond the last one.

        Raises Lesson where the window does not fit before an origin.
        """
        T, last = self.run.window, len(self.prepared.scaled)
        first = T + self.prepared.learned.differences.lost
        wrong = origins[(origins < first) | (origins > last)]
        if len(wrong):
            raise Lesson(
                f"There is no forecast from value {wrong[0]}.",
                f"The model sees {T} values before its forecast, and “{self.prepared.series.name}” has {last}.",
                f"Choose an origin from {first} to {last}.",
            )
        return np.asarray(self.values[(origins - T)[:, None] + np.arange(T + self.horizon)])

    def answer(self, seen: Numbers, starts: Origins, truth: Numbers | None = None, batch: int = BATCH) -> Numbers:
        """What it forecasts from windows (N, T), scaled, whose first values stand at `starts`: (N, horizon of the run).

        truth: (N, horizon of the run) with which a decoder is fed instead of its own output.
        """
        parts = [
            self._pass(seen[first : first + batch], starts[first : first + batch],
                       None if truth is None else truth[first : first + batch])
            for first in range(0, len(starts), batch)
        ]  # fmt: skip
        return np.concatenate(parts) if parts else np.empty((0, self.run.horizon))

    def _pass(self, seen: Numbers, starts: Origins, truth: Numbers | None) -> Numbers:
        windows, every = torch.from_numpy(np.array(seen)), self.settings.every
        with torch.no_grad():
            inputs = shown(self.run, windows, self._beside(starts), every)
            base = level(self.run, windows)
            told = self._ahead(starts)
            if truth is not None:
                told = told._replace(truth=torch.from_numpy(np.array(truth)) - base)
            forecast = self.network.forward(self.settings, self.weights, inputs, ahead=told)
            last = forecast[:, -1] if every else forecast
            return np.array((last + base).numpy())

    def _beside(self, starts: Origins) -> torch.Tensor | None:
        if not self.run.covariates:
            return None
        return self.beside[torch.from_numpy(starts[:, None] + np.arange(self.run.window))]  # (B, T, k)

    def _ahead(self, starts: Origins) -> Ahead:
        """What is known of the horizon: (B, horizon, K), with a forecast at every time step (B, T, horizon, K)."""
        T, H = self.run.window, self.run.horizon
        after = np.arange(1, T + 1)[:, None] + np.arange(H) if self.settings.every else T + np.arange(H)
        return Ahead(self.known[torch.from_numpy(starts.reshape(-1, *[1] * after.ndim) + after)])

    def to_unit(self, scaled: Numbers, origins: Origins) -> Numbers:
        """Paths (N, h), each from its origin, in the unit of the series."""
        return self.prepared.to_unit(scaled, origins)

    def each_to_unit(self, scaled: Numbers, origins: Origins) -> Numbers:
        """The same for steps (N, h) that go out from the true value before each, as far as that is known."""
        found = np.full(scaled.shape, np.nan)
        for j in range(scaled.shape[1]):
            known = origins + j <= len(self.prepared.scaled)
            found[known, j] = self.prepared.to_unit(scaled[known, j : j + 1], origins[known] + j)[:, 0]
        return found

    def truth(self, origins: Origins) -> Numbers:
        """The true values after each origin, in the unit of the series: (N, horizon), NaN beyond the last one."""
        values = np.append(self.prepared.series.values, np.full(self.horizon, np.nan))
        return np.asarray(values[origins[:, None] + np.arange(self.horizon)])


def as_origins(origins: Sequence[int] | Origins) -> Origins:
    return np.atleast_1d(np.asarray(origins, np.int64))


def longer(asked: Asked, horizon: int) -> Lesson:
    """What to say where more steps are wanted than the model tells."""
    return Lesson(
        f"{horizon} steps are asked for, and this {asked.network.title} tells {asked.run.horizon}.",
        "A model that was trained for several steps tells these and no more.",
        f"Ask for at most {asked.run.horizon}, or train one for {horizon}.",
    )
