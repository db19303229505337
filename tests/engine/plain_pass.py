"""A pass of one window in float64, which shares nothing with the lens but the network."""

from __future__ import annotations

import numpy as np
import torch

from engine.contract import models
from engine.preparing.prepare import prepare
from engine.training.network import Ahead
from engine.training.parameters import split


class Plain:
    """A pass of one window in float64, every tap kept with its gradient: nothing is shared with the lens."""

    def __init__(self, trace, step, start, length=None):
        run, prepared = trace.run, prepare(trace.run, trace.series)
        self.network = models()[run.model].fit.args[0]
        self.settings = self.network.settings.model_validate(run.settings)
        flat = torch.tensor(trace.stack("weights", [step])[0], dtype=torch.float64)
        self.weights = {
            name: part.clone().requires_grad_()
            for name, part in split(flat, self.network.shapes(self.settings, run)).items()
        }
        self.kept = {}
        scaled = torch.tensor(prepared.scaled.astype(np.float32), dtype=torch.float64)
        every, T, length = self.settings.every, run.window, length or run.window
        seen = scaled[start : start + length]
        level = scaled[start] if every else scaled[start + T - 1]  # what the inputs are changes from
        self.inputs = (seen - level)[None, :, None]
        self.ahead = Ahead(torch.zeros(1, *((length,) if every else ()), run.horizon, 0, dtype=torch.float64))
        forecast = self.network.forward(self.settings, self.weights, self.inputs, self, self.ahead)[0]
        after = scaled[start + 1 : start + length + run.horizon].unfold(0, run.horizon, 1)  # (length, horizon)
        errors = forecast - (after - seen[:, None]) if every else forecast + level - after[-1]
        self.forecast = forecast[-1] + seen[-1] if every else forecast + level
        cost = {"mse": torch.square, "huber": lambda e: torch.nn.functional.huber_loss(e, 0 * e, reduction="none")}
        self.of_each_step_ahead = cost[self.settings.loss](errors)
        self.losses = self.of_each_step_ahead.mean(dim=-1)
        self.loss = self.losses.mean()

    def __call__(self, name, value, t=None):
        if not value.requires_grad:
            value.requires_grad_()
        value.retain_grad()
        self.kept.setdefault(name, []).append((value, t))
        return value

    def values(self, name):
        return self._rows(name, lambda value: value.detach())

    def gradients(self, name):
        return self._rows(name, lambda value: torch.zeros_like(value) if value.grad is None else value.grad)

    def _rows(self, name, of):
        values = self.kept[name]
        return of(values[0][0])[0].numpy() if values[0][1] is None else np.stack([of(v)[0].numpy() for v, _ in values])
