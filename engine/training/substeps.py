"""The five sub-steps of one update, each with what it left behind: forward, loss, backward, clip, update.

The loop itself takes them, from a restored past, while somebody listens: so they end in the recorded weights bit for
bit. Knows neither the loss nor the optimiser.
"""

from __future__ import annotations

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array, Frame
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps
from engine.training.loop import Training, updates
from engine.training.network import Ahead, Network


def sub_steps(network: Network, run: Run, series: Series, before: Frame) -> SubSteps:
    """The update that follows `before`, which has its state (see replaying.restore)."""
    training = _Listening(network, run, series, before)
    frame = next(updates(training, before))
    inputs, targets = training.windows.at(frame.step)
    return SubSteps(
        _copy(inputs), _copy(targets), before.signals["weights"], _copy(training.made), frame.loss,
        training.gradient, frame.scale, training.clipped, dict(frame.state or {}), frame.signals["weights"],
    )  # fmt: skip


class _Listening(Training):
    """A training that remembers what an update left behind.

    made: its forecast. gradient, clipped (P,): as backward left it, and as the optimiser took it.
    """

    made: torch.Tensor
    gradient: Array
    clipped: Array

    def differentiate(self, update: int) -> tuple[float, tuple[str, ...]]:
        found = super().differentiate(update)
        if self.fused:
            self.made = self.fused.forecast
        self.gradient = self.clipped = _copy(self.parameters.gradient)
        return found

    def forecast(self, inputs: torch.Tensor, ahead: Ahead | None = None) -> torch.Tensor:
        found = super().forecast(inputs, ahead)
        if torch.is_grad_enabled():  # not while validation is measured
            self.made = found
        return found

    def clip(self, norm: float) -> float:
        factor = super().clip(norm)
        self.clipped = _copy(self.parameters.gradient)
        return factor


def _copy(tensor: torch.Tensor) -> Array:
    return np.array(tensor.detach().cpu().numpy())
