"""The lens: any window of the series under recorded weights, at any update. Never touches what is trained.

Where the probe records the same few signals of one window at every update, the lens shows what is asked: every tap,
gradients with respect to each, the gradient of each step's own loss, and what each input does to the forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

import numpy as np

from engine.errors import Lesson
from engine.lazy import torch
from engine.nouns.frame import Array, Frame, Signal
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps
from engine.preparing.prepare import prepare
from engine.training.device import device
from engine.training.network import Network
from engine.training.parameters import split
from engine.training.probe import BLOCK, Nudges, Probe
from engine.training.substeps import sub_steps
from engine.training.windows import Windows

FEW = 4  # updates in one pass where each takes many backward passes' worth of memory
LARGEST_PASS = 2**24  # numbers in one of the arrays that go back through time together


class Lens:
    """One network through the lens; what it offers is found by passing zeros through it."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def taps(self, run: Run) -> dict[str, Signal]:
        """Every signal that passes a tap, with its axes and shape."""
        return _taps(self.network, run.model_dump_json())

    def look(self, run: Run, series: Series, weights: Array, start: int, names: Sequence[str]) -> dict[str, Array]:
        """Signals of the window that begins at value `start`, for K weight vectors (K, P).

        names: a tap (K, T, rows), "gradient/" + tap: of the window's loss with respect to it (K, T, rows),
        "triangle/" + tap: the norm of d L_t / d tap_k (K, T loss, T source), NaN above the diagonal,
        "sensitivity": d forecast / d input, in the scale of both (K, horizon, T),
        "input": what the network is shown (K, T, 1), "forecast": in the unit of the series (K, horizon).
        """
        scene = Scene(self.network, run, series, start)
        taps = [name for name in names if name in self.taps(run)]
        gradients = [name.removeprefix("gradient/") for name in names if name.startswith("gradient/")]
        triangles = [name.removeprefix("triangle/") for name in names if name.startswith("triangle/")]
        found: dict[str, list[Array]] = {name: [] for name in names}

        def keep(some: dict[str, torch.Tensor], count: int) -> None:
            for name in found.keys() & some.keys():
                found[name].append(np.array(some[name][:count].detach().cpu().numpy()))

        for block, count in _blocks(weights, BLOCK):
            keep(scene.see(block, taps, gradients), count)
        for block, count in _blocks(weights, FEW):
            if triangles:
                keep(scene.triangles(block, triangles), count)
            if "sensitivity" in names:
                keep({"sensitivity": scene.sensitivity(block)}, count)
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def sub_steps(self, run: Run, series: Series, before: Frame) -> SubSteps:
        """The update that follows `before`, which has its state, taken apart."""
        return sub_steps(self.network, run, series, before)


class Scene:
    """A window as the network is shown it, and beside it the last window of all, so that bits are the probe's."""

    def __init__(self, network: Network, run: Run, series: Series, start: int) -> None:
        self.network, self.run = network, run
        self.settings = network.settings.model_validate(run.settings)
        self.prepared = prepare(run, series)
        windows = self.windows = Windows(self.prepared, self.settings.batch, device())
        if not 0 <= start <= len(series) - run.window:
            raise Lesson(
                f"There is no window that begins at value {start}.",
                f"A window has {run.window} values, and “{series.name}” has {len(series)}.",
                f"Choose a start from 0 to {len(series) - run.window}.",
            )
        T, scaled = run.window, windows.scaled
        self.rows = torch.stack([scaled[start : start + T], scaled[len(scaled) - T :]])  # (2, T)
        self.level = windows.level(self.rows)  # (2, 1)
        self.after = scaled[start + 1 : start + T + run.horizon] - self.level[0]  # what came after each time step

    def pass_through(self, weights: Array, names: Sequence[str]) -> tuple[torch.Tensor, Nudges, Nudges]:
        """Forecasts (K, 2, horizon), signals and their nudges (K, T, 2, rows) by name."""
        of, rows = _taps(self.network, self.run.model_dump_json()), self.rows
        nudges = {
            name: torch.zeros(len(weights), self.run.window, 2, of[name].shape[-1], device=rows.device).requires_grad_()
            for name in names
        }

        def one(weights: dict[str, torch.Tensor], nudges: Nudges) -> tuple[torch.Tensor, Nudges]:
            probe = Probe(nudges)
            inputs = (rows - self.level)[:, :, None]
            return self.network.forward(self.settings, weights, inputs, probe), probe.signals()

        forecasts, signals = torch.func.vmap(one)(self.stacked(weights), nudges)
        return forecasts, signals, nudges

    def stacked(self, weights: Array) -> dict[str, torch.Tensor]:
        return split(torch.from_numpy(weights).to(self.rows.device), self.network.shapes(self.settings, self.run))

    def see(self, weights: Array, taps: Sequence[str], gradients: Sequence[str]) -> dict[str, torch.Tensor]:
        """Taps and gradients by name, "input" and "forecast"."""
        names = list(dict.fromkeys([*taps, *gradients]))
        with torch.set_grad_enabled(bool(gradients)):
            forecasts, signals, nudges = self.pass_through(weights, names)
        found = {name: signal[:, :, 0] for name, signal in signals.items()}
        if gradients:
            target = self.later()[-1]
            loss = (forecasts[:, 0] - target).square().mean(dim=1).sum()  # a sum: each update's gradient stays its own
            for name, gradient in zip(
                gradients, torch.autograd.grad(loss, [nudges[g] for g in gradients]), strict=True
            ):
                found[f"gradient/{name}"] = gradient[:, :, 0]
        unit = self.prepared.to_unit((forecasts + self.level)[:, 0].detach().double().cpu().numpy())
        inputs = (self.rows - self.level)[0, :, None].expand(len(weights), -1, -1)
        return {**found, "input": inputs, "forecast": torch.from_numpy(unit)}

    def later(self) -> torch.Tensor:
        """The true values after each time step, (T, horizon). Raises Lesson where the series ends before."""
        T, horizon = self.run.window, self.run.horizon
        if len(self.after) < T + horizon - 1:
            raise Lesson(
                "This window's forecast reaches beyond the last value of the series, so it has no loss.",
                f"A gradient needs the {horizon} true values after the window.",
                "Choose an earlier window.",
            )
        return self.after.unfold(0, horizon, 1)

    def triangles(self, weights: Array, names: Sequence[str]) -> dict[str, torch.Tensor]:
        """The norm of d L_t / d tap_k: L_t is the loss of a forecast that the model's own head reads at step t.

        With "change" every L_t is told in changes from the window's last value, as its inputs are.
        """
        top = next(name for name in reversed(self.network.signals(self.settings)) if name.startswith(("hidden", "map")))
        _, signals, nudges = self.pass_through(weights, list(dict.fromkeys([*names, top])))
        of = self.stacked(weights)
        head, states = of["W_y"], signals[top][:, :, 0]  # (K, horizon, H), (K, T, H)
        forecasts = torch.einsum("kth,kjh->ktj", states, head) + of["b_y"][:, None]
        losses = (forecasts - self.later()).square().mean(dim=2)  # (K, T)
        found = self.each(losses, [nudges[name] for name in names], lambda gradient: gradient[:, :, :, 0].norm(dim=-1))
        above = torch.ones(2 * losses.shape[1:], dtype=torch.bool, device=losses.device).triu(1)
        return {f"triangle/{name}": g.masked_fill(above, float("nan")) for name, g in zip(names, found, strict=True)}

    def sensitivity(self, weights: Array) -> torch.Tensor:
        """d forecast_j / d x_t of the scaled series, (K, horizon, T): the change from the last value included."""
        rows = self.rows[:1].expand(len(weights), -1, -1).clone().requires_grad_()  # (K, 1, T)

        def one(weights: dict[str, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
            level = self.windows.level(rows)
            return (self.network.forward(self.settings, weights, (rows - level)[:, :, None]) + level)[0]

        forecasts = torch.func.vmap(one)(self.stacked(weights), rows)  # (K, horizon)
        return self.each(forecasts, [rows], lambda gradient: gradient[:, :, 0])[0]

    def each(
        self, outputs: torch.Tensor, inputs: Sequence[torch.Tensor], shown: Callable[[torch.Tensor], torch.Tensor]
    ) -> list[torch.Tensor]:
        """What is `shown` of the gradient of every one of M outputs (K, M): (K, M, ...) for each input.

        All M go back together, or as many as memory bears: a window of 2,000 steps has 2,000 losses.
        """
        K, M = outputs.shape
        widest = max(signal.shape[-1] for signal in _taps(self.network, self.run.model_dump_json()).values())
        together = max(1, LARGEST_PASS // (2 * K * self.run.window * widest))
        parts: list[list[torch.Tensor]] = []
        for some in torch.split(torch.eye(M, device=outputs.device), together):  # (M or fewer, M)
            back = some[:, None].expand(-1, K, -1)
            gradients = torch.autograd.grad(outputs, inputs, back, retain_graph=True, is_grads_batched=True)
            parts.append([shown(gradient).transpose(0, 1) for gradient in gradients])
        return [torch.cat(column, dim=1) for column in zip(*parts, strict=True)]


def _blocks(weights: Array, size: int) -> Iterator[tuple[Array, int]]:
    """Blocks of `size` weight vectors, the last one filled up, and how many of each are asked for."""
    for first in range(0, len(weights), size):
        block = weights[first : first + size]
        yield np.concatenate([block, np.repeat(block[-1:], size - len(block), axis=0)]), len(block)


@lru_cache(maxsize=256)
def _taps(network: Network, run_json: str) -> dict[str, Signal]:
    run = Run.model_validate_json(run_json)
    settings = network.settings.model_validate(run.settings)
    axes = network.signals(settings)
    found: dict[str, Signal] = {}

    def note(name: str, value: torch.Tensor, t: int | None = None) -> torch.Tensor:  # noqa: ARG001
        axis = axes[name][0] if name in axes else "unit"
        found[name] = Signal(name, ("time", axis), (run.window, int(value.shape[-1])))
        return value

    silent = {name: torch.zeros(shape) for name, shape in network.shapes(settings, run).items()}
    with torch.no_grad():  # on zeros: the meta device would do without, but takes 1.3 s to import its kernels
        network.forward(settings, silent, torch.zeros(1, run.window, 1), note)
    return found
