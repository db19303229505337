"""A convolution, then a recurrent network: kernels find short shapes in the window, a state carries them through time.

    map_0 = relu(conv(x)), causal;  h = the RNN, GRU or LSTM of its own file on map_0;  forecast = W_y h_T + b_y

Like the front end of Sainath et al. 2015 (CLDNN, ICASSP), without their pooling and their dense layers.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernels.path import Kernel
from engine.lazy import torch
from engine.models.cells import chosen
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.convolving import convolve
from engine.training.head import columns, head_shapes, read_out
from engine.training.model import network_model
from engine.training.network import Ahead, Network, Tap, Tapped, Weights, untouched
from engine.training.parameters import Shapes
from engine.training.recurrent import RecurrentSettings, drawn, layer_shapes, layer_signals, unroll


class CNNRNNSettings(RecurrentSettings):
    """Decisions of the convolutional recurrent network."""

    cell: Literal["lstm", "gru", "rnn"] = "lstm"
    """What carries the state through time."""
    kernel: int = Field(3, ge=2, le=15)
    """How many values the convolution weighs."""


def shapes(settings: CNNRNNSettings, run: Run) -> Shapes:
    H = settings.hidden
    convolution = {"kernel.0": (H, columns(run), settings.kernel), "b.0": (H,)}
    return {**convolution, **layer_shapes(*chosen(settings), H), **head_shapes(run, H)}


def initial(settings: CNNRNNSettings, run: Run) -> dict[str, Array]:
    of = shapes(settings, run)
    fan_in = dict.fromkeys(of, settings.hidden)
    fan_in |= dict.fromkeys(("kernel.0", "b.0"), columns(run) * settings.kernel)
    return drawn({"": chosen(settings)}, of, fan_in, run.seed)


def signals(settings: CNNRNNSettings, run: Run) -> dict[str, Tapped]:  # noqa: ARG001
    return {"map.0": Tapped("channel", settings.hidden), **layer_signals(*chosen(settings))}


def kernel(settings: CNNRNNSettings) -> Kernel | None:
    """The compiled layer of its cell; the convolution stays torch's."""
    cell, own = chosen(settings)
    return cell.kernel(own)


def forward(
    settings: CNNRNNSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched, ahead: Ahead | None = None
) -> torch.Tensor:
    """inputs (B, T, F) -> forecast (B, horizon) from the last h, or (B, T, horizon) from every h."""
    sums = convolve(inputs.transpose(1, 2), weights["kernel.0"], weights["b.0"]).transpose(1, 2)
    maps = tap("map.0", torch.relu(tap("preactivation.0", sums)))  # (B, T, H)
    sequence, ends = unroll(*chosen(settings), weights, maps, tap)
    return read_out(weights, sequence if settings.every else ends[-1][0], ahead)


MODELS = (
    network_model(
        Network(
            "cnn_rnn",
            "CNN-RNN",
            "A convolution finds short shapes in the window; a recurrent network carries them through time.",
            CNNRNNSettings, shapes, initial, signals, forward, kernel, order=35,
        )
    ),
)  # fmt: skip
