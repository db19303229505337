"""The lens: any window of the series under recorded weights, at any update. Never touches what is trained.

Where the probe records the same few signals of one window at every update, the lens shows what is asked: every tap,
gradients with respect to each, the gradient of each step's own loss, and what each input does to the forecast.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array, Frame, Signal
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps
from engine.training.clipping import geometry, gradient_of
from engine.training.head import columns
from engine.training.network import Network
from engine.training.passing import passing
from engine.training.probe import BLOCK
from engine.training.sending import triangles
from engine.training.sight import READ, Scene
from engine.training.substeps import sub_steps

FEW = 4  # updates in one pass where each takes many backward passes' worth of memory


class Lens:
    """One network through the lens."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def taps(self, run: Run) -> dict[str, Signal]:
        """Every signal that passes a tap, with its axes and shape."""
        return passing(self.network, run).taps

    def top(self, run: Run) -> str | None:
        """The tap that a forecast can be read from at every time step; None where there is none."""
        return passing(self.network, run).top

    def offers(self, run: Run) -> dict[str, Signal]:
        """Everything that `look` can be asked for."""
        taps, T = self.taps(run), run.window
        signals = [*taps.values(), Signal("input", ("time", "column"), (T, columns(run)))]
        signals += [Signal(f"gradient/{tap.name}", tap.axes, tap.shape) for tap in taps.values()]
        if self.top(run):
            signals += [Signal(READ, ("time", "step ahead"), (T, run.horizon))]
        signals += triangles(self.network, run)
        signals += [Signal("sensitivity", ("step ahead", "time"), (run.horizon, T))]
        signals += [Signal("forecast", ("step ahead",), (run.horizon,), "float64")]
        return {signal.name: signal for signal in signals}

    def look(self, run: Run, series: Series, weights: Array, start: int, names: Sequence[str]) -> dict[str, Array]:
        """Signals of the window that begins at value `start`, for K weight vectors (K, P).

        names: a tap (K, T, rows), "gradient/" + tap: of the window's loss with respect to it (K, T, rows),
        "triangle/" + tap: norm of d L_s / d tap_t, s a time step or a step ahead (K, losses, T), NaN where t is later,
        "sensitivity": d forecast / d input, in the scale of both (K, horizon, T),
        "input": what the network is shown (K, T, 1), "forecast": in the unit of the series (K, horizon).
        """
        scene = Scene(self.network, run, series, start)
        taps = [name for name in names if name in self.taps(run)]
        gradients = [name.removeprefix("gradient/") for name in names if name.startswith("gradient/") and name != READ]
        triangles = [name.removeprefix("triangle/") for name in names if name.startswith("triangle/")]
        found: dict[str, list[Array]] = {name: [] for name in names}

        def keep(some: dict[str, torch.Tensor], count: int) -> None:
            for name in found.keys() & some.keys():
                found[name].append(np.array(some[name][:count].detach().cpu().numpy()))

        for block, count in _blocks(weights, BLOCK):
            keep(scene.see(block, taps, gradients, is_read=READ in names), count)
        for block, count in _blocks(weights, FEW):
            if triangles:
                keep(scene.triangles(block, triangles), count)
            if "sensitivity" in names:
                keep({"sensitivity": scene.sensitivity(block)}, count)
        return {name: np.concatenate(parts) for name, parts in found.items()}

    def sub_steps(self, run: Run, series: Series, before: Frame) -> SubSteps:
        """The update that follows `before`, which has its state, taken apart."""
        return sub_steps(self.network, run, series, before)

    def clipping(self, run: Run, series: Series, before: Array, update: int) -> Mapping[str, Array]:
        """What clipping did to the update whose weights were `before`; training/clipping.py says what is what."""
        return geometry(self.network, run, series, before, update)

    def gradient(self, run: Run, series: Series, before: Array, update: int) -> Array:
        """The gradient (P,) of the batch of that update, as backward left it, at the weights before it."""
        return gradient_of(self.network, run, series, before, update)


def _blocks(weights: Array, size: int) -> Iterator[tuple[Array, int]]:
    """Blocks of `size` weight vectors, the last one filled up, and how many of each are asked for."""
    for first in range(0, len(weights), size):
        block = weights[first : first + size]
        yield np.concatenate([block, np.repeat(block[-1:], size - len(block), axis=0)]), len(block)
