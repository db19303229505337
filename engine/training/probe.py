"""The probe: effects recomputed from recorded weights, many updates at once. Never touches what is trained.

The gradient with respect to a hidden state is read from a nudge: zeros are added to the state at every time step
and the loss is differentiated with respect to those zeros. All updates of a block share one pass (vmap).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array, Frame
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.losses import LOSSES
from engine.preparing.prepare import Prepared, prepare
from engine.training.device import device
from engine.training.network import Network, Weights
from engine.training.parameters import split
from engine.training.windows import Windows

BLOCK = 16  # always this many updates in one pass, filled up by repeating: so bits do not depend on company

Nudges = dict[str, "torch.Tensor"]


class Probe:
    """A tap that adds a nudge to every signal it has one for, and keeps what passed.

    nudges: (T, B, rows) by name, T the signal's own number of steps; (B, rows) where it has none.
    """

    def __init__(self, nudges: Nudges) -> None:
        self.nudges = nudges
        self.steps = {name: nudge.unbind(0) for name, nudge in nudges.items()}
        self.whole: Nudges = {}
        self.seen: dict[str, list[torch.Tensor]] = {}

    def __call__(self, name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:
        if name not in self.nudges:
            return value
        if t is None:  # all time steps at once, (B, T, rows), or no time at all, (B, rows)
            nudge = self.nudges[name]
            value = value + (nudge.transpose(0, 1) if nudge.ndim == 3 else nudge)
            self.whole[name] = value.transpose(0, 1) if nudge.ndim == 3 else value
            return value
        value = value + self.steps[name][t]  # (B, rows)
        self.seen.setdefault(name, []).append(value)
        return value

    def signals(self) -> Nudges:
        """What passed, shaped as the nudges."""
        return self.whole | {name: torch.stack(values) for name, values in self.seen.items()}


def observe_network(network: Network, run: Run, series: Series, frames: Sequence[Frame]) -> list[Frame]:
    """Frames with hidden states, their gradients and forecasts added, recomputed from their weights."""
    prepared = prepare(run, series)
    complete: list[Frame] = []
    for first in range(0, len(frames), BLOCK):
        block = frames[first : first + BLOCK]
        weights = np.stack([frame.signals["weights"] for frame in block])
        padded = np.concatenate([weights, np.repeat(weights[-1:], BLOCK - len(block), axis=0)])
        effects = look(network, prepared, padded)
        for position, frame in enumerate(block):
            signals = {name: np.array(values[position]) for name, values in effects.items()}
            complete.append(dataclasses.replace(frame, signals={**frame.signals, **signals}))
    return complete


def look(network: Network, prepared: Prepared, weights: Array) -> dict[str, Array]:
    """Every signal of the probe window for K weight vectors (K, P): (K, T, rows), and forecasts (K, horizon)."""
    run = prepared.run
    settings = network.settings.model_validate(run.settings)
    windows = Windows(prepared, settings.batch, device(), settings.every)
    inputs, targets = windows.take(windows.shown)  # the probe window and the last window of all
    ahead = windows.ahead(windows.shown)
    nudges = {
        name: torch.zeros(len(weights), *shape[:-1], len(inputs), shape[-1], device=inputs.device, requires_grad=True)
        for name, shape in ((name, signal.shape) for name, signal in network.tapped(settings, run).items())
    }

    def one(weights: Weights, nudges: Nudges) -> tuple[torch.Tensor, Nudges]:
        probe = Probe(nudges)
        return network.forward(settings, weights, inputs, probe, ahead), probe.signals()

    stacked = split(torch.from_numpy(weights).to(inputs.device), network.shapes(settings, run))
    forecasts, signals = torch.func.vmap(one)(stacked, nudges)  # (K, 2, ... horizon), (K, T, 2, rows)
    losses = LOSSES[settings.loss](forecasts[:, 0] - targets[0]).flatten(1).mean(dim=1)  # (K,)
    gradients = torch.autograd.grad(losses.sum(), list(nudges.values()))  # of a sum: each update's is its own
    found = {name: _recorded(signal.select(-2, 0)) for name, signal in signals.items()}
    found |= {f"gradient/{name}": _recorded(g.select(-2, 0)) for name, g in zip(nudges, gradients, strict=True)}
    shown = forecasts[:, :, -1] if settings.every else forecasts  # (K, 2, horizon)
    scaled = _recorded(shown + windows.level(windows.rows(windows.shown))).astype(np.float64)
    in_unit = prepared.to_unit(scaled, windows.shown + run.window)
    return {**found, "forecast": in_unit[:, 0], "ahead": in_unit[:, 1]}


def _recorded(tensor: torch.Tensor) -> Array:
    return np.array(tensor.detach().cpu().numpy())
