"""The feed-forward network, or multi-layer perceptron: the window as one list of numbers, layer after layer.

    a_0 = x_1 ... x_T;  a_l = f(W.l a_(l-1) + b.l), f = tanh or relu;  forecast = W_y a_L + b_y

Rumelhart, Hinton and Williams 1986. It has no notion of time: each past value has weights of its own.
"""

from __future__ import annotations

from typing import Literal

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.head import columns, head_shapes, read_out
from engine.training.model import network_model
from engine.training.network import Ahead, Network, Tap, Tapped, Weights, untouched
from engine.training.parameters import Shapes, uniform
from engine.training.settings import NetworkSettings


class FNNSettings(NetworkSettings):
    """Decisions of the feed-forward network."""

    activation: Literal["tanh", "relu"] = "tanh"
    """What bends the sums: tanh between -1 and 1, relu cuts off below zero."""


def shapes(settings: FNNSettings, run: Run) -> Shapes:
    H = settings.hidden
    found: dict[str, tuple[int, ...]] = {}
    for layer in range(1, settings.layers + 1):
        found |= {f"W.{layer}": (H, run.window * columns(run) if layer == 1 else H), f"b.{layer}": (H,)}
    return {**found, **head_shapes(run, H)}


def initial(settings: FNNSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    fan_in = dict.fromkeys(of, settings.hidden) | dict.fromkeys(("W.1", "b.1"), run.window * columns(run))
    return uniform(of, fan_in, run.seed)


def signals(settings: FNNSettings, run: Run) -> dict[str, Tapped]:
    layers = range(1, settings.layers + 1)
    return {"window": Tapped("column", columns(run))} | {
        f"layer.{layer}": Tapped("unit", settings.hidden, "") for layer in layers
    }


def forward(
    settings: FNNSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, ahead: Ahead | None = None
) -> torch.Tensor:
    """inputs (B, T, F) -> forecast (B, horizon)."""
    bend = torch.tanh if settings.activation == "tanh" else torch.relu
    a = tap("window", inputs).flatten(1)  # (B, T F), the columns of one time step side by side
    for layer in range(1, settings.layers + 1):
        sums = torch.nn.functional.linear(a, weights[f"W.{layer}"], weights[f"b.{layer}"])
        a = tap(f"layer.{layer}", bend(tap(f"preactivation.{layer}", sums)))  # (B, H)
    return read_out(weights, a, ahead)


MODELS = (
    network_model(
        Network(
            "fnn",
            "FNN",
            "The whole window at once into layers of units; it has no notion of time.",
            FNNSettings, shapes, initial, signals, forward, order=40,
        )
    ),
)  # fmt: skip
