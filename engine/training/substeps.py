"""The five sub-steps of one update, each with what it left behind: forward, loss, backward, clip, update.

The loop itself takes them, from a restored past, while somebody listens: so they end in the recorded weights bit for
bit. Knows neither the loss nor the optimiser.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array, Frame
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps
from engine.preparing.prepare import prepare
from engine.training.device import device
from engine.training.loop import fit_network
from engine.training.network import Network, Weights
from engine.training.windows import Windows


def sub_steps(network: Network, run: Run, series: Series, before: Frame) -> SubSteps:
    """The update that follows `before`, which has its state (see replaying.restore)."""
    listener = _Listener(network)
    frame = next(fit_network(dataclasses.replace(network, forward=listener), run, series, before))
    settings = network.settings.model_validate(run.settings)
    windows = Windows(prepare(run, series), settings.batch, device(), settings.every)
    _, targets = windows.at(frame.step)
    return SubSteps(
        _copy(listener.inputs), _copy(targets), before.signals["weights"], _copy(listener.forecast), frame.loss,
        listener.gradient(), frame.scale, listener.clipped(), dict(frame.state or {}), frame.signals["weights"],
    )  # fmt: skip


class _Listener:
    """A forward pass that remembers what went through it while gradients are taken, and what came back."""

    inputs: torch.Tensor
    forecast: torch.Tensor

    def __init__(self, network: Network) -> None:
        self.network = network
        self.weights: Weights = {}
        self.came_back: dict[str, Array] = {}

    def __call__(self, settings: Any, weights: Weights, inputs: torch.Tensor, *more: Any, **named: Any) -> torch.Tensor:
        forecast = self.network.forward(settings, weights, inputs, *more, **named)
        if torch.is_grad_enabled():  # not while validation is measured
            self.inputs, self.forecast, self.weights = inputs, forecast, weights
            for name, weight in weights.items():
                weight.register_hook(self._keep(name))  # type: ignore[no-untyped-call]
        return forecast

    def _keep(self, name: str) -> Any:
        def keep(gradient: torch.Tensor) -> None:
            self.came_back[name] = _copy(gradient)

        return keep

    def gradient(self) -> Array:
        """As backward left it, flat; zero where nothing came back."""
        zeros = {name: np.zeros(tuple(weight.shape), np.float32) for name, weight in self.weights.items()}
        return np.concatenate([self.came_back.get(name, zero).ravel() for name, zero in zeros.items()])

    def clipped(self) -> Array:
        """As the optimiser took it, flat: the loop clips in place."""
        return np.concatenate(
            [_copy(weight.grad).ravel() for weight in self.weights.values() if weight.grad is not None]
        )


def _copy(tensor: torch.Tensor) -> Array:
    return np.array(tensor.detach().cpu().numpy())
