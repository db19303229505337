"""What recurrent networks share: the shapes of their layers, the unrolled loop, where forecasts are read.

Knows no cell's equations: those stand in the cell's own file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, NamedTuple, Protocol

import numpy as np

from engine.errors import Lesson
from engine.kernels.path import Compiled, Kernel, no_kernel
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.head import columns, head_shapes, read_out
from engine.training.network import Ahead, Forward, Keep, Tap, Tapped, Weights, untouched
from engine.training.parameters import Shapes, as_keras, uniform
from engine.training.settings import NetworkSettings

EPSILON = 1e-5  # inside the square root of LayerNorm, as torch has it

State = tuple["torch.Tensor", ...]


class RecurrentSettings(NetworkSettings):
    """Decisions that recurrent networks share."""

    topology: Literal["sequence-to-vector", "sequence-to-sequence"] = "sequence-to-vector"
    """Forecast once, from the end of the window, or learn from a forecast at every time step of it."""
    record_gates: bool = False
    """Record the gates beside the states at every update; the run file grows about threefold."""

    @property
    def every(self) -> bool:
        return self.topology == "sequence-to-sequence"


class LayerSettings(RecurrentSettings):
    """Decisions of a network that is nothing but recurrent layers."""

    first_weights: Literal["uniform", "keras"] = "uniform"
    """How the first weights are drawn: as torch does, or as Keras does, with an orthogonal recurrent matrix."""
    head: bool = True
    """Read the forecast from the units by one more layer; without it there are as many units as steps ahead."""

    came_later: ClassVar[tuple[str, ...]] = (*RecurrentSettings.came_later, "first_weights", "head")


def is_stack(settings: LayerSettings) -> bool:
    """Whether the forecast is read by a last layer."""
    return settings.head


class Step(Protocol):
    """One time step of one layer: its input z = W_x x_t + b (B, blocks H) and the state before -> the state after.

    weights: the layer's own, by their plain names. keep(name, value) hands a value of kind `name` to the tap.
    """

    def __call__(self, settings: Any, weights: Weights, z: torch.Tensor, state: State, keep: Keep) -> State: ...


@dataclass(frozen=True)
class Cell:
    """What a recurrent model's file declares of one layer.

    settings: what its functions are given. shapes(settings, F): the layer's parameters, W_x and b among them, where
    its input has F columns. states: what it remembers, h first; gates: what else passes the tap; each has `hidden`
    numbers. begin(settings, weights): changes a layer's first weights, drawn uniformly, in place. kernel(settings): the
    compiled layer that computes the same from the same weights, where there is one.
    """

    settings: type[LayerSettings]
    shapes: Callable[[Any, int], Shapes]
    step: Step
    states: tuple[str, ...] = ("hidden",)
    gates: tuple[str, ...] = ()
    begin: Callable[[Any, dict[str, Array]], None] = lambda settings, weights: None  # noqa: ARG005
    kernel: Callable[[Any], Kernel | None] = no_kernel


def layer_shapes(cell: Cell, settings: Any, F: int) -> dict[str, tuple[int, ...]]:
    """Every layer's parameters, named "W_x.1" and so on; the first layer sees F columns."""
    return {
        f"{name}.{layer}": shape
        for layer in range(1, settings.layers + 1)
        for name, shape in cell.shapes(settings, F if layer == 1 else settings.hidden).items()
    }


def drawn(
    cells: Mapping[str, tuple[Cell, Any]], of: Shapes, fan_in: Mapping[str, int], seed: int, keras: bool = False
) -> dict[str, Array]:
    """First weights: uniform, LayerNorm's gains 1 and shifts 0, and what each (cell, its settings), by prefix, adds."""
    found = as_keras(of, "W_h", seed) if keras else uniform(of, fan_in, seed)
    for name in of:
        if "gain_" in name or "shift_" in name:
            found[name] = np.full(of[name], "gain_" in name, np.float32)
    for prefix, (cell, settings) in cells.items():
        for layer in range(1, settings.layers + 1):
            cell.begin(settings, {name: found[f"{prefix}{name}.{layer}"] for name in cell.shapes(settings, 1)})
    return found


def layer_signals(cell: Cell, settings: Any, along: Literal["time", "step ahead"] = "time") -> dict[str, Tapped]:
    names = (*cell.states, *(cell.gates if settings.record_gates else ()))
    layers = range(1, settings.layers + 1)
    return {f"{name}.{layer}": Tapped("unit", settings.hidden, along) for layer in layers for name in names}


def of_layer(cell: Cell, settings: Any, weights: Weights, layer: int, prefix: str = "") -> Weights:
    """One layer's weights by their plain names."""
    return {name: weights[f"{prefix}{name}.{layer}"] for name in cell.shapes(settings, 1)}


def unroll(
    cell: Cell, settings: Any, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, prefix: str = ""
) -> tuple[torch.Tensor, list[State]]:
    """inputs (B, T, F) -> the last layer's h at every time step (B, T, H), and each layer's state at the end."""
    sequence, ends, kernel = inputs, [], cell.kernel(settings)
    state: State
    nothing = inputs.new_zeros(len(inputs), settings.hidden)
    for layer in range(1, settings.layers + 1):
        own = of_layer(cell, settings, weights, layer, prefix)
        if kernel and isinstance(tap, Compiled):  # nobody looks between the time steps
            sequence, state = tap.layers[kernel](own, sequence)
            ends.append(state)
            continue
        driven = torch.nn.functional.linear(sequence, own["W_x"], own["b"])  # (B, T, blocks H)
        state = (nothing,) * len(cell.states)
        hidden = []
        for t, z in enumerate(driven.unbind(1)):  # unbind: indexing driven[:, t] costs O(T^2) in backward
            state = cell.step(settings, own, z, state, keeping(tap, layer, t))
            hidden.append(state[0])
        sequence = torch.stack(hidden, 1)  # (B, T, H)
        ends.append(state)
    return sequence, ends


def keeping(tap: Tap, layer: int, t: int) -> Keep:
    """The tap as a cell sees it at one time step of one layer."""
    return lambda name, value: tap(f"{name}.{layer}", value, t)


def normalise(settings: Any, weights: Weights, name: str, value: torch.Tensor) -> torch.Tensor:
    """LayerNorm over the last axis: gain (value - mean) / sqrt(variance + epsilon) + shift; else unchanged."""
    if not settings.layer_norm:
        return value
    gain, shift = weights[f"gain_{name}"], weights[f"shift_{name}"]
    return torch.nn.functional.layer_norm(value, value.shape[-1:], gain, shift, EPSILON)


class Functions(NamedTuple):
    """What a Network wants of a model's file."""

    shapes: Callable[[Any, Run], Shapes]
    initial: Callable[[Any, Run], dict[str, Array]]
    signals: Callable[[Any, Run], Mapping[str, Tapped]]
    forward: Forward


def recurrent(cell: Cell) -> Functions:
    """The whole network of one cell: its layers on top of each other, then one read-out."""

    def shapes(settings: LayerSettings, run: Run) -> Shapes:
        layers = layer_shapes(cell, settings, columns(run))
        if settings.head:
            return {**layers, **head_shapes(run, settings.hidden)}
        if settings.hidden != run.horizon:
            raise Lesson(
                f"There is no layer to read a forecast of {run.horizon} steps from {settings.hidden} units.",
                "Without that last layer the units are the forecast.",
                f"Choose {run.horizon} hidden units, or the layer that reads the forecast.",
            )
        return layers

    def initial(settings: LayerSettings, run: Run) -> dict[str, Array]:
        of = shapes(settings, run)
        keras = settings.first_weights == "keras"
        return drawn({"": (cell, settings)}, of, dict.fromkeys(of, settings.hidden), run.seed, keras)

    def signals(settings: RecurrentSettings, run: Run) -> Mapping[str, Tapped]:  # noqa: ARG001
        return layer_signals(cell, settings)

    def forward(
        settings: RecurrentSettings,
        weights: Weights,
        inputs: torch.Tensor,
        tap: Tap = untouched,
        ahead: Ahead | None = None,
    ) -> torch.Tensor:
        """inputs (B, T, F) -> forecast (B, horizon) from the last h, or (B, T, horizon) from every h."""
        sequence, ends = unroll(cell, settings, weights, inputs, tap)
        return read_out(weights, sequence if settings.every else ends[-1][0], ahead)

    return Functions(shapes, initial, signals, forward)
