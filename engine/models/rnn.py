"""The plain recurrent network: h_t = f(W_x x_t + W_h h_(t-1) + b), f = tanh or relu, forecast = W_y h_T + b_y.

Elman 1990. With LayerNorm, h_t = f(LN(W_x x_t + W_h h_(t-1) + b)): Ba et al. 2016 (arXiv 1607.06450, eq. 4) with
one departure: they add no bias before normalising, here b is inside, beside the shift after it.
"""

from __future__ import annotations

from typing import Literal

from engine.kernels.path import Kernel
from engine.lazy import torch
from engine.training.model import network_model
from engine.training.network import Keep, Network, Weights
from engine.training.parameters import Shapes
from engine.training.recurrent import Cell, LayerSettings, State, is_stack, normalise, recurrent


class RNNSettings(LayerSettings):
    """Decisions of the plain recurrent network."""

    activation: Literal["tanh", "relu"] = "tanh"
    """What bends the sum at every time step: relu lets gradients through unchanged, or not at all."""
    layer_norm: bool = False
    """Normalise that sum over the units first, at every time step."""


def layer(settings: RNNSettings, F: int) -> Shapes:
    """The parameters of one layer whose input has F columns."""
    H = settings.hidden
    return {"W_x": (H, F), "W_h": (H, H), "b": (H,)} | (
        {"gain_z": (H,), "shift_z": (H,)} if settings.layer_norm else {}
    )


def step(settings: RNNSettings, weights: Weights, z: torch.Tensor, state: State, keep: Keep) -> State:
    """h (B, H) at the next time step."""
    z = keep("preactivation", z + torch.nn.functional.linear(state[0], weights["W_h"]))
    z = normalise(settings, weights, "z", z)
    return (keep("hidden", torch.tanh(z) if settings.activation == "tanh" else torch.relu(z)),)


def kernel(settings: RNNSettings) -> Kernel | None:
    """The compiled layer with the same equation; it knows tanh alone."""
    return "rnn" if settings.activation == "tanh" and not settings.layer_norm else None


CELL = Cell(RNNSettings, layer, step, kernel=kernel)
shapes, initial, signals, forward = recurrent(CELL)

MODELS = (
    network_model(
        Network(
            "rnn",
            "RNN",
            "One hidden state, rewritten at every time step from the new value and itself.",
            RNNSettings, shapes, initial, signals, forward, kernel, is_stack, order=20,
        )
    ),
)  # fmt: skip
