"""The fused path: a whole update by kernels, on the very memory that the loop's tensors lie in. Knows no network.

The plain equations stand in the loop, the optimisers and the models' files; they are the oracle of these.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from engine.kernels.path import Kernel
from engine.lazy import torch
from engine.training.optimisers import BETA_1, BETA_2, EPSILON, Adam
from engine.training.parameters import Parameters
from engine.training.windows import Windows


class Fused:
    """Of one training: the loss and the gradient of a batch, and the norms of that gradient."""

    def __init__(self, kernel: Kernel, settings: Any, windows: Windows, parameters: Parameters) -> None:
        from engine.kernels import descent, learning

        run = windows.run
        columns = learning.Columns(
            windows.scaled.numpy(),
            windows.covariates.numpy(),
            windows.known.contiguous().numpy(),
            run.anchor == "change",
        )
        sizes = learning.Sizes(run.window, run.window if settings.every else 1, run.horizon)
        weights, gradients = (
            {name: part.detach().numpy() for name, part in parts.items()}
            for parts in (parameters.views, parameters.gradients)
        )
        self._every = settings.every
        self.learn = learning.Learning(kernel, columns, sizes, settings.loss, weights, gradients)
        self._norms, self._gradient, self._names = descent.norms, parameters.gradient.numpy(), list(gradients)
        self._ends = np.cumsum([part.size for part in gradients.values()])

    def norms(self) -> dict[str, float]:
        """The norm of each parameter's gradient."""
        return dict(zip(self._names, self._norms(self._gradient, self._ends).tolist(), strict=True))

    @property
    def forecast(self) -> torch.Tensor:
        """Of the last batch, as a network gives it: (B, horizon), or (B, T, horizon)."""
        made = torch.from_numpy(self.learn.forecast).permute(2, 0, 1)
        return made if self._every else made[:, 0]


class FusedAdam(Adam):
    """Adam in one kernel instead of seven."""

    def __init__(self, like: torch.Tensor) -> None:
        from engine.kernels import descent

        super().__init__(like)
        self._adam = descent.adam
        self._memory = self.state["mean"].numpy(), self.state["square"].numpy()

    def step(self, flat: torch.Tensor, gradient: torch.Tensor, learning_rate: float, update: int) -> None:
        numbers = flat.numpy(), gradient.numpy(), *self._memory
        self._adam(*numbers, (BETA_1, BETA_2), EPSILON, learning_rate, update)
