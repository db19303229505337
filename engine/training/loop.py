"""The training loop: batch, forward, loss, backward, clip, update. Knows no particular network and no file."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.lazy import torch
from engine.nouns.frame import Frame
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.training.device import device, tap
from engine.training.network import Network
from engine.training.optimisers import OPTIMISERS, clip
from engine.training.parameters import Parameters
from engine.training.windows import Windows


def fit_network(network: Network, run: Run, series: Series, last: Frame | None = None) -> Iterator[Frame]:
    """Yield a Frame after each update, step 0 first; with `last`, go on after it bit for bit."""
    training = Training(network, run, series, last)
    if last is None:
        yield training.frame(0, float("nan"), {}, float("nan"), 1.0)
    settings, parameters = training.settings, training.parameters
    for update in range(training.step + 1, settings.updates + 1):
        inputs, targets = training.windows.at(update)
        loss = training.loss(inputs, targets)
        parameters.gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        before = parameters.norms()
        norm = math.hypot(*before.values())
        if not math.isfinite(norm):
            yield training.frame(update, loss.item(), before, norm, 1.0, "not a number")
            raise _blown_up(update, loss.item(), settings.learning_rate)
        scale = clip(parameters.gradient, norm, settings.clip)
        training.optimiser.step(parameters.flat, parameters.gradient, settings.learning_rate, update)
        yield training.frame(update, loss.item(), before, norm, scale)


class Training:
    """What changes while a network is trained: weights, the optimiser's memory, the best validation so far."""

    def __init__(self, network: Network, run: Run, series: Series, last: Frame | None) -> None:
        self.network, self.run = network, run
        self.settings = network.settings.model_validate(run.settings)
        self.windows = Windows(prepare(run, series), self.settings.batch, device())
        self.step, self.best, self.tap = 0, float("inf"), tap()
        shapes = network.shapes(self.settings, run)
        initial = network.initial(self.settings, run)
        flat = np.concatenate([initial[name].ravel() for name in shapes])
        self.parameters = Parameters(shapes, flat if last is None else last.signals["weights"], device())
        self.optimiser = OPTIMISERS[self.settings.optimiser](self.parameters.flat)
        if last is not None:
            self._restore(last)

    def _restore(self, last: Frame) -> None:
        if last.state is None:
            raise ValueError(f"update {last.step} is no keyframe: it has no optimiser state")
        self.step, self.best = last.step, float(last.state["best"].item())
        for name, memory in self.optimiser.state.items():
            memory.copy_(torch.from_numpy(np.array(last.state[name])))

    def loss(self, inputs: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Mean squared error over the batch and the horizon, in scaled units."""
        forecast = self.network.forward(self.settings, self.parameters.views, inputs, self.tap)
        return torch.nn.functional.mse_loss(forecast, targets)

    def frame(self, step: int, loss: float, before: dict[str, float], norm: float, scale: float, *events: str) -> Frame:
        """The causes of this update, copied."""
        epoch = -(-step // self.windows.per_epoch)
        validation = self._validation() if step % self.windows.per_epoch == 0 else float("nan")
        if scale < 1:
            events = (*events, "clipped")
        if step and validation < self.best:
            self.best, events = validation, (*events, "best validation")
        return Frame(
            step, epoch, loss, validation, self.settings.learning_rate if step else float("nan"),
            before, {name: value * scale for name, value in before.items()}, norm, scale,
            {"weights": self.parameters.copy()}, events, self._state(),
        )  # fmt: skip

    def _validation(self) -> float:
        with torch.no_grad():
            return self.loss(*self.windows.take(self.windows.validation)).item()

    def _state(self) -> dict[str, NDArray[np.generic]]:
        memory = {name: np.array(tensor.cpu().numpy()) for name, tensor in self.optimiser.state.items()}
        return {**memory, "best": np.array(self.best)}


def _blown_up(update: int, loss: float, learning_rate: float) -> Lesson:
    return Lesson(
        f"At update {update} the loss was {loss:g} and the gradient was no finite number, so training stopped there.",
        f"Every update needs a finite gradient; the learning rate is {learning_rate:g}.",
        "Choose a smaller learning rate, or a smaller clip threshold; what was recorded so far is kept.",
    )
