"""A window under the weights of many updates, passed through as it is asked: signals, gradients, triangles.

Knows no recorded run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from engine.errors import Lesson
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.losses import LOSSES
from engine.preparing.prepare import prepare
from engine.training.device import device
from engine.training.head import read_out
from engine.training.network import Ahead, Network, untouched
from engine.training.parameters import split
from engine.training.passing import passing
from engine.training.probe import Nudges, Probe
from engine.training.sending import writes
from engine.training.windows import Windows

READ = "gradient/read"
"""Of the window's loss with respect to the forecast that is read at each time step; zero where none is."""
LARGEST_PASS = 2**24  # numbers in one of the arrays that go back through time together


class Scene:
    """A window as the network is shown it, and beside it the last window of all, so that bits are the probe's."""

    def __init__(self, network: Network, run: Run, series: Series, start: int) -> None:
        self.network, self.run, self.taps = network, run, passing(network, run).taps
        self.settings = network.settings.model_validate(run.settings)
        self.prepared = prepare(run, series)
        lost = self.prepared.learned.differences.lost
        if not lost <= start <= len(series) - run.window:
            raise Lesson(
                f"There is no window that begins at value {start}.",
                f"A window has {run.window} values, and “{series.name}” has {len(series)}"
                + (f", of which the first {lost} have no difference." if lost else "."),
                f"Choose a start from {lost} to {len(series) - run.window}.",
            )
        self.windows = Windows(self.prepared, self.settings.batch, device(), self.settings.every)
        self.starts = np.array([start, self.windows.shown[-1]])
        self.rows = self.windows.rows(self.starts)  # (2, T + horizon)
        self.inputs, self.targets = self.windows.take(self.starts)  # (2, T, F), (2, horizon) or (2, T, horizon)
        self.ahead = self.windows.ahead(self.starts)
        self.level = self.windows.level(self.rows)  # (2, 1)

    def pass_through(self, weights: Array, names: Sequence[str]) -> tuple[torch.Tensor, Nudges, Nudges]:
        """Forecasts (K, 2, ... horizon), signals and their nudges (K, T, 2, rows) by name."""
        nudges = {}
        for name in names:
            *steps, rows = self.taps[name].shape
            nudges[name] = torch.zeros(len(weights), *steps, 2, rows, device=self.inputs.device).requires_grad_()

        def one(weights: dict[str, torch.Tensor], nudges: Nudges) -> tuple[torch.Tensor, Nudges]:
            probe = Probe(nudges)
            return self.network.forward(self.settings, weights, self.inputs, probe, self.ahead), probe.signals()

        forecasts, signals = torch.func.vmap(one)(self.stacked(weights), nudges)
        return forecasts, signals, nudges

    def stacked(self, weights: Array) -> dict[str, torch.Tensor]:
        return split(torch.from_numpy(weights).to(self.inputs.device), self.network.shapes(self.settings, self.run))

    def see(
        self, weights: Array, taps: Sequence[str], gradients: Sequence[str], *, is_read: bool = False
    ) -> dict[str, torch.Tensor]:
        """Taps and gradients by name, "input" and "forecast"; with `is_read`, READ too."""
        names = list(dict.fromkeys([*taps, *gradients]))
        with torch.set_grad_enabled(bool(gradients) or is_read):
            forecasts, signals, nudges = self.pass_through(weights, names)
        found = {name: signal.select(-2, 0) for name, signal in signals.items()}
        if gradients or is_read:
            to = [*(nudges[g] for g in gradients), forecasts.requires_grad_()]
            losses = self.cost(forecasts[:, 0] - self.known(self.targets[0])).flatten(1).mean(dim=1)  # (K,)
            *back, read = torch.autograd.grad(losses.sum(), to)  # of a sum: each its own
            found |= {f"gradient/{name}": g.select(-2, 0) for name, g in zip(gradients, back, strict=True)}
            found[READ] = read[:, 0] if self.settings.every else self.at_the_end(read[:, 0])
        shown = forecasts[:, :, -1] if self.settings.every else forecasts  # (K, 2, horizon)
        scaled = (shown + self.level)[:, 0].detach().cpu().numpy().astype(np.float64)  # (K, horizon)
        unit = self.prepared.to_unit(scaled, np.full(len(scaled), self.starts[0] + self.run.window))
        inputs = self.inputs[0].expand(len(weights), -1, -1)
        return {**found, "input": inputs, "forecast": torch.from_numpy(unit)}

    def at_the_end(self, read: torch.Tensor) -> torch.Tensor:
        """(K, horizon) at the last time step, zero at the others: (K, T, horizon)."""
        found = read.new_zeros(len(read), self.run.window, self.run.horizon)
        found[:, -1] = read
        return found

    def cost(self, errors: torch.Tensor) -> torch.Tensor:
        return LOSSES[self.settings.loss](errors)  # type: ignore[no-any-return]

    def known(self, truth: torch.Tensor) -> torch.Tensor:
        """The true values, where there are some. Raises Lesson where the series ends before."""
        if not truth.isfinite().all():
            raise Lesson(
                "This window's forecast reaches beyond the last value of the series, so it has no loss.",
                f"A gradient needs the {self.run.horizon} true values after the window.",
                "Choose an earlier window.",
            )
        return truth

    def triangles(self, weights: Array, names: Sequence[str]) -> dict[str, torch.Tensor]:
        """The norm of d L_t / d tap_k: L_t is the loss of a forecast that the model's own head reads at step t.

        A model that learns from its last step alone is shown changes from the window's last value, and so is every
        L_t; one with a forecast at every step is judged as it was trained.
        """
        top = passing(self.network, self.run).top
        if top is None and writes(self.taps):
            return self.triangles_ahead(weights, names)
        if top is None:
            raise ValueError(f"{self.network.name} reads no forecast from a time step")
        forecasts, signals, nudges = self.pass_through(weights, list(dict.fromkeys([*names, top])))
        if self.settings.every:
            errors = forecasts[:, 0] - self.known(self.targets[0])  # (K, T, horizon)
        else:
            told = Windows(self.prepared, self.settings.batch, device(), every=True).ahead(self.starts[:1]).known[0]
            after = self.rows[0, 1:].unfold(0, self.run.horizon, 1) - self.level[0]  # (T, horizon)
            read = torch.func.vmap(lambda of, h: read_out(of, h, Ahead(told)))
            errors = read(self.stacked(weights), signals[top][:, :, 0]) - self.known(after)
        losses = self.cost(errors).mean(dim=2)  # (K, T)
        found = self.each(losses, [nudges[name] for name in names], lambda gradient: gradient[:, :, :, 0].norm(dim=-1))
        above = torch.ones(2 * losses.shape[1:], dtype=torch.bool, device=losses.device).triu(1)
        return {f"triangle/{name}": g.masked_fill(above, float("nan")) for name, g in zip(names, found, strict=True)}

    def triangles_ahead(self, weights: Array, names: Sequence[str]) -> dict[str, torch.Tensor]:
        """The same of a decoder: L_j is the loss of the value that it writes at step ahead j."""
        forecasts, _, nudges = self.pass_through(weights, names)
        losses = self.cost(forecasts[:, 0] - self.known(self.targets[0]))  # (K, horizon)
        found = self.each(losses, [nudges[name] for name in names], lambda gradient: gradient[:, :, :, 0].norm(dim=-1))
        later = torch.ones(2 * losses.shape[1:], dtype=torch.bool, device=losses.device).triu(1)
        decoding = [self.taps[name].axes[0] == "step ahead" for name in names]
        return {
            f"triangle/{name}": sent.masked_fill(later, float("nan")) if own else sent
            for name, sent, own in zip(names, found, decoding, strict=True)
        }

    def sensitivity(self, weights: Array) -> torch.Tensor:
        """d forecast_j / d x_t of the scaled series, (K, horizon, T): the change from the last value included."""
        T, start = self.run.window, self.starts[:1]
        rows = self.rows[:1, :T].expand(len(weights), -1, -1).clone().requires_grad_()  # (K, 1, T)
        ahead = self.windows.ahead(start)

        def one(weights: dict[str, torch.Tensor], rows: torch.Tensor) -> torch.Tensor:
            inputs = self.windows.inputs(rows, start)
            forecast = self.network.forward(self.settings, weights, inputs, untouched, ahead)
            return ((forecast[:, -1] if self.settings.every else forecast) + self.windows.level(rows))[0]

        forecasts = torch.func.vmap(one)(self.stacked(weights), rows)  # (K, horizon)
        return self.each(forecasts, [rows], lambda gradient: gradient[:, :, 0])[0]

    def each(
        self, outputs: torch.Tensor, inputs: Sequence[torch.Tensor], shown: Callable[[torch.Tensor], torch.Tensor]
    ) -> list[torch.Tensor]:
        """What is `shown` of the gradient of every one of M outputs (K, M): (K, M, ...) for each input.

        All M go back together, or as many as memory bears: a window of 2,000 steps has 2,000 losses.
        """
        K, M = outputs.shape
        widest = max(signal.shape[-1] for signal in self.taps.values())
        together = max(1, LARGEST_PASS // (2 * K * self.run.window * widest))
        parts: list[list[torch.Tensor]] = []
        for some in torch.split(torch.eye(M, device=outputs.device), together):  # (M or fewer, M)
            back = some[:, None].expand(-1, K, -1)
            gradients = torch.autograd.grad(outputs, inputs, back, retain_graph=True, is_grads_batched=True)
            parts.append([shown(gradient).transpose(0, 1) for gradient in gradients])
        return [torch.cat(column, dim=1) for column in zip(*parts, strict=True)]
