"""The plain recurrent network: h_t = tanh(W_x x_t + W_h h_(t-1) + b), forecast = W_y h_T + b_y (Elman 1990)."""

from __future__ import annotations

from engine.kernels.path import Compiled
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.model import network_model
from engine.training.network import Network, Tap, Weights, of_layer, untouched
from engine.training.parameters import Shapes, uniform
from engine.training.settings import NetworkSettings


class RNNSettings(NetworkSettings):
    """Decisions of the plain recurrent network."""


def shapes(settings: RNNSettings, run: Run) -> Shapes:
    H = settings.hidden
    found: dict[str, tuple[int, ...]] = {}
    for layer in range(1, settings.layers + 1):
        F = 1 if layer == 1 else H
        found |= {f"W_x.{layer}": (H, F), f"W_h.{layer}": (H, H), f"b.{layer}": (H,)}
    return {**found, "W_y": (run.horizon, H), "b_y": (run.horizon,)}


def initial(settings: RNNSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    return uniform(of, dict.fromkeys(of, settings.hidden), run.seed)


def signals(settings: RNNSettings) -> dict[str, tuple[str, int]]:
    return {f"hidden.{layer}": ("unit", settings.hidden) for layer in range(1, settings.layers + 1)}


def forward(settings: RNNSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched) -> torch.Tensor:
    """inputs (B, T, 1) -> forecast (B, horizon), from the last hidden state of the last layer."""
    linear, sequence = torch.nn.functional.linear, inputs
    h = inputs.new_zeros(len(inputs), settings.hidden)
    for layer in range(1, settings.layers + 1):
        if isinstance(tap, Compiled):  # nobody looks between the time steps: the same equation as one kernel
            sequence, (h,) = tap.rnn(of_layer(weights, layer), sequence)
            continue
        driven = linear(sequence, weights[f"W_x.{layer}"], weights[f"b.{layer}"])  # (B, T, H)
        h, states = torch.zeros_like(h), []
        for t, z in enumerate(driven.unbind(1)):  # unbind: indexing driven[:, t] costs O(T^2) in backward
            h = tap(f"hidden.{layer}", torch.tanh(z + linear(h, weights[f"W_h.{layer}"])), t)
            states.append(h)
        sequence = torch.stack(states, 1)  # (B, T, H)
    return linear(h, weights["W_y"], weights["b_y"])


MODELS = (
    network_model(
        Network(
            "rnn",
            "RNN",
            "One hidden state, rewritten at every time step from the new value and itself.",
            RNNSettings, shapes, initial, signals, forward, has_kernel=True,
        )
    ),
)  # fmt: skip
