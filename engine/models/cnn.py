"""A causal dilated 1-D convolutional network: layer l sees values 2^(l-1) steps apart, and never the future.

    map_l[t, c] = relu(b[c] + sum over k, d of kernel[c, d, k] map_(l-1)[t - (K - 1 - k) 2^(l-1), d])

The stack of van den Oord et al. 2016 (WaveNet, arXiv 1609.03499) without its gates and skips; the forecast is read
from the last time step of the last layer. Receptive field: 1 + (K - 1)(2^layers - 1) values.
"""

from __future__ import annotations

from pydantic import Field

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.model import network_model
from engine.training.network import Network, Tap, Weights, untouched
from engine.training.parameters import Shapes, uniform
from engine.training.settings import NetworkSettings


class CNNSettings(NetworkSettings):
    """Decisions of the convolutional network."""

    layers: int = Field(4, ge=1, le=8)
    """How many convolutions lie on top of each other; each sees twice as far as the one below."""
    kernel: int = Field(3, ge=2, le=15)
    """How many values each convolution weighs."""


def shapes(settings: CNNSettings, run: Run) -> Shapes:
    C = settings.hidden
    found: dict[str, tuple[int, ...]] = {}
    for layer in range(1, settings.layers + 1):
        found |= {f"kernel.{layer}": (C, 1 if layer == 1 else C, settings.kernel), f"b.{layer}": (C,)}
    return {**found, "W_y": (run.horizon, C), "b_y": (run.horizon,)}


def initial(settings: CNNSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    fan_in = dict.fromkeys(of, settings.hidden * settings.kernel)
    fan_in |= {"kernel.1": settings.kernel, "b.1": settings.kernel, "W_y": settings.hidden, "b_y": settings.hidden}
    return uniform(of, fan_in, run.seed)


def signals(settings: CNNSettings) -> dict[str, tuple[str, int]]:
    return {f"map.{layer}": ("channel", settings.hidden) for layer in range(1, settings.layers + 1)}


def forward(settings: CNNSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched) -> torch.Tensor:
    """inputs (B, T, 1) -> forecast (B, horizon)."""
    maps = inputs.transpose(1, 2)  # (B, C, T), as conv1d wants it
    for layer in range(1, settings.layers + 1):
        dilation = 2 ** (layer - 1)
        padded = torch.nn.functional.pad(maps, ((settings.kernel - 1) * dilation, 0))  # left only: causal
        kernel, bias = weights[f"kernel.{layer}"], weights[f"b.{layer}"]
        sums = torch.nn.functional.conv1d(padded, kernel, bias, dilation=dilation)
        sums = tap(f"preactivation.{layer}", sums.transpose(1, 2)).transpose(1, 2)
        maps = tap(f"map.{layer}", torch.relu(sums).transpose(1, 2)).transpose(1, 2)
    return torch.nn.functional.linear(maps[:, :, -1], weights["W_y"], weights["b_y"])


MODELS = (
    network_model(
        Network(
            "cnn",
            "CNN",
            "Small kernels slide over the window; each layer sees twice as far back as the one below.",
            CNNSettings, shapes, initial, signals, forward,
        )
    ),
)  # fmt: skip
