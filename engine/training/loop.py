"""The training loop: batch, forward, loss, backward, clip, update. Knows no particular network and no file."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.kernels.path import slower
from engine.lazy import torch
from engine.nouns.frame import Frame
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.losses import LOSSES
from engine.preparing.prepare import prepare
from engine.training.device import device, path, tap
from engine.training.fused import Fused, FusedAdam
from engine.training.network import Ahead, Network
from engine.training.optimisers import OPTIMISERS, clip, clip_values
from engine.training.parameters import Parameters, copier
from engine.training.schedules import rate
from engine.training.windows import Windows

Norms = Mapping[str, float]


def fit_network(network: Network, run: Run, series: Series, last: Frame | None = None) -> Iterator[Frame]:
    """Yield a Frame after each update, step 0 first; with `last`, go on after it bit for bit."""
    yield from updates(Training(network, run, series, last), last)


def updates(training: Training, last: Frame | None) -> Iterator[Frame]:
    """The frames of a training that has begun, after `last` where there is one."""
    if last is None:
        yield training.frame(0, float("nan"), {}, {}, float("nan"), 1.0)
    settings, parameters = training.settings, training.parameters
    if last is not None and "not a number" in last.events:
        raise _blown_up(last.step, last.loss, settings.learning_rate)
    for update in range(training.step + 1, settings.updates + 1):
        if training.stopped:
            return
        loss, fed = training.differentiate(update)
        before = training.norms()
        norm = math.hypot(*before.values())
        if not math.isfinite(norm):
            yield training.frame(update, loss, before, before, norm, 1.0, "not a number")
            raise _blown_up(update, loss, settings.learning_rate)
        scale = training.clip(norm)
        after = before if scale == 1 else training.norms()
        training.optimiser.step(parameters.flat, parameters.gradient, rate(settings, update), update)
        yield training.frame(update, loss, before, after, norm, scale, *fed)


class Training:
    """What changes while a network is trained: weights, the optimiser's memory, the best validation so far.

    waited: how often validation was measured since then.
    """

    def __init__(self, network: Network, run: Run, series: Series, last: Frame | None) -> None:
        self.network, self.run = network, run
        self.settings = network.settings.model_validate(run.settings)
        self.cost = LOSSES[self.settings.loss]
        self.windows = Windows(prepare(run, series), self.settings.batch, device(), self.settings.every)
        self.step, self.best, self.waited, self.tap = 0, float("inf"), 0, tap()
        shapes = network.shapes(self.settings, run)
        initial = network.initial(self.settings, run)
        flat = np.concatenate([initial[name].ravel() for name in shapes])
        self.parameters = Parameters(shapes, flat if last is None else last.signals["weights"], device())
        self.fused = self._fused()
        optimiser = (
            FusedAdam if self.fused and self.settings.optimiser == "adam" else OPTIMISERS[self.settings.optimiser]
        )
        self.optimiser = optimiser(self.parameters.flat)
        self.memory = {name: copier(tensor) for name, tensor in self.optimiser.state.items()}
        if last is not None:
            self._restore(last)

    def _restore(self, last: Frame) -> None:
        if last.state is None:
            raise ValueError(f"update {last.step} is no keyframe: it has no optimiser state")
        self.step, self.best, self.waited = last.step, float(last.state["best"]), int(last.state["waited"])
        for name, memory in self.optimiser.state.items():
            memory.copy_(torch.from_numpy(np.array(last.state[name])))

    def _fused(self) -> Fused | None:
        """What stands for forward, loss and backward on the fused path, where this network can take it."""
        kernel = self.network.kernel(self.settings)
        if kernel is None or slower(path(), self.network.path(self.settings)) != "fused":
            return None
        return Fused(kernel, self.settings, self.windows, self.parameters)

    def differentiate(self, update: int) -> tuple[float, tuple[str, ...]]:
        """The loss of this update's batch, with its gradient in the parameters, and what was done to the batch."""
        starts = self.windows.starts(update)
        if self.fused:
            return self.fused.learn(starts), ()
        inputs, targets = self.windows.take(starts)
        ahead, fed = self.ahead(starts, targets, update)
        loss = self.loss(inputs, targets, ahead)
        self.parameters.gradient.zero_()
        loss.backward()  # type: ignore[no-untyped-call]
        return loss.item(), fed

    def norms(self) -> Norms:
        """The norm of each parameter's gradient as it is now."""
        return self.fused.norms() if self.fused else self.parameters.norms()

    def ahead(self, starts: NDArray[np.int64], targets: torch.Tensor, update: int) -> tuple[Ahead, tuple[str, ...]]:
        """What is known of the horizon; at updates that the seed draws, the truth too, for a decoder to be fed."""
        ahead, share = self.windows.ahead(starts), self.settings.truth_fed
        if share and np.random.default_rng([self.run.seed, 2, update]).random() < share:
            return ahead._replace(truth=targets), ("fed the truth",)
        return ahead, ()

    def loss(self, inputs: torch.Tensor, targets: torch.Tensor, ahead: Ahead | None = None) -> torch.Tensor:
        """The mean loss over the batch and the horizon (and time, with a forecast at every step), scaled."""
        return self.cost(self.forecast(inputs, ahead) - targets).mean()  # type: ignore[no-any-return]

    def forecast(self, inputs: torch.Tensor, ahead: Ahead | None = None) -> torch.Tensor:
        return self.network.forward(self.settings, self.parameters.views, inputs, self.tap, ahead)

    def clip(self, norm: float) -> float:
        """Clip the gradient, whose norm is `norm`, and return the factor: 1 where nothing was cut."""
        gradient, threshold = self.parameters.gradient, self.settings.clip
        return clip_values(gradient, threshold) if self.settings.clip_by == "value" else clip(gradient, norm, threshold)

    @property
    def stopped(self) -> bool:
        """Whether validation has stood still for as long as patience lasts."""
        return 0 < self.settings.patience <= self.waited

    def frame(
        self, step: int, loss: float, before: Norms, after: Norms, norm: float, scale: float, *events: str
    ) -> Frame:
        """The causes of this update, copied."""
        epoch = -(-step // self.windows.per_epoch)
        validation = self.validation(step)
        if scale != 1:  # NaN too
            events = (*events, "clipped")
        if step == 0:
            self.best = validation  # where learning begins is no achievement, but to be beaten
        elif self.is_measured(step):
            events = (*events, *self._judge(validation))
        return Frame(
            step, epoch, loss, validation, rate(self.settings, step) if step else float("nan"),
            before, after, norm, scale, {"weights": self.parameters.copy()}, events, self._state(),
        )  # fmt: skip

    def _judge(self, validation: float) -> Iterator[str]:
        """Is this the best so far, and is there still hope of a better one?"""
        self.waited += 1
        if validation < self.best:
            self.best, self.waited = validation, 0
            yield "best validation"
        if self.stopped:
            yield "stopped early"

    def is_measured(self, step: int) -> bool:
        """Whether validation is measured after this update."""
        return step % self.windows.measured_every == 0 or step == self.settings.updates

    def validation(self, step: int) -> float:
        """The loss of the forecasts from the ends of windows, or what is asked for; NaN where not measured."""
        if not self.is_measured(step):
            return float("nan")
        inputs, targets = self.windows.take(self.windows.validation)
        with torch.no_grad():
            error = self.forecast(inputs, self.windows.ahead(self.windows.validation)) - targets
            if self.settings.judged_by == "mae":  # at every time step, as Keras' val_mae is
                return float(error.abs().mean())
            return float(self.cost(error[:, -1] if self.settings.every else error).mean())

    def _state(self) -> dict[str, NDArray[np.generic]]:
        memory = {name: copy() for name, copy in self.memory.items()}
        return {**memory, "best": np.array(self.best), "waited": np.array(self.waited)}


def _blown_up(update: int, loss: float, learning_rate: float) -> Lesson:
    return Lesson(
        f"At update {update} the loss was {loss:g} and the gradient was no finite number, so training stopped there.",
        f"Every update needs a finite gradient; the learning rate is {learning_rate:g}.",
        "Choose a smaller learning rate, or a smaller clip threshold; what was recorded so far is kept.",
    )
