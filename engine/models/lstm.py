"""The LSTM, with LayerNorm if asked: a cell state beside the hidden one, written, kept and read through gates.

    z = W_x x_t + W_h h_(t-1) + b, cut into i, f, g, o;  with LayerNorm z = LN(W_x x_t + W_h h_(t-1) + b)
    c_t = sigma(f) c_(t-1) + sigma(i) tanh(g);  h_t = sigma(o) tanh(c_t), with LayerNorm sigma(o) tanh(LN(c_t))

Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000. LayerNorm: Ba et al. 2016
(arXiv 1607.06450, eq. 20-22) with one departure: they normalise W_x x and W_h h apart, which with a single input
leaves only the sign of x; here their sum is normalised, over all 4H numbers, with the bias inside.
"""

from __future__ import annotations

import numpy as np

from engine.kernels.path import Compiled
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.training.model import network_model
from engine.training.network import Network, Tap, Weights, of_layer, untouched
from engine.training.parameters import Shapes, uniform
from engine.training.settings import NetworkSettings

EPSILON = 1e-5  # inside the square root of LayerNorm, as torch has it


class LSTMSettings(NetworkSettings):
    """Decisions of the LSTM."""

    layer_norm: bool = False
    """Normalise the gates' inputs and the cell state over the units, at every time step."""


def shapes(settings: LSTMSettings, run: Run) -> Shapes:
    H = settings.hidden
    found: dict[str, tuple[int, ...]] = {}
    for layer in range(1, settings.layers + 1):
        F = 1 if layer == 1 else H
        found |= {f"W_x.{layer}": (4 * H, F), f"W_h.{layer}": (4 * H, H), f"b.{layer}": (4 * H,)}
        if settings.layer_norm:
            found |= {f"gain_z.{layer}": (4 * H,), f"shift_z.{layer}": (4 * H,)}
            found |= {f"gain_c.{layer}": (H,), f"shift_c.{layer}": (H,)}
    return {**found, "W_y": (run.horizon, H), "b_y": (run.horizon,)}


def initial(settings: LSTMSettings, run: Run) -> dict[str, Array]:
    """Uniform; gains 1, shifts 0, and 1 for the forget gate, so that memory lasts at first (Jozefowicz 2015)."""
    H, of = settings.hidden, shapes(settings, run)
    found = uniform(of, dict.fromkeys(of, H), run.seed)
    for name in of:
        if name.startswith(("gain", "shift")):
            found[name] = np.full(of[name], name.startswith("gain"), np.float32)
    for layer in range(1, settings.layers + 1):
        forget = found[f"shift_z.{layer}" if settings.layer_norm else f"b.{layer}"]
        forget[H : 2 * H] = 1
    return found


def signals(settings: LSTMSettings) -> dict[str, tuple[str, int]]:
    layers = range(1, settings.layers + 1)
    return {f"{name}.{layer}": ("unit", settings.hidden) for layer in layers for name in ("hidden", "cell")}


def forward(settings: LSTMSettings, weights: Weights, inputs: torch.Tensor, tap: Tap = untouched) -> torch.Tensor:
    """inputs (B, T, 1) -> forecast (B, horizon), from the last hidden state of the last layer."""
    linear, sequence = torch.nn.functional.linear, inputs
    h = c = inputs.new_zeros(len(inputs), settings.hidden)
    for layer in range(1, settings.layers + 1):
        if isinstance(tap, Compiled):  # nobody looks between the time steps: the same equations as one kernel
            sequence, (h, c) = tap.lstm(of_layer(weights, layer), sequence)
            continue
        driven = linear(sequence, weights[f"W_x.{layer}"], weights[f"b.{layer}"])  # (B, T, 4H)
        h, c, states = torch.zeros_like(h), torch.zeros_like(c), []
        for t, z in enumerate(driven.unbind(1)):  # unbind: indexing driven[:, t] costs O(T^2) in backward
            z = normalise(settings, weights, f"z.{layer}", z + linear(h, weights[f"W_h.{layer}"]))
            i, f, g, o = z.chunk(4, dim=-1)  # each (B, H)
            c = tap(f"cell.{layer}", torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g), t)
            read = torch.tanh(normalise(settings, weights, f"c.{layer}", c))
            h = tap(f"hidden.{layer}", torch.sigmoid(o) * read, t)
            states.append(h)
        sequence = torch.stack(states, 1)  # (B, T, H)
    return linear(h, weights["W_y"], weights["b_y"])


def normalise(settings: LSTMSettings, weights: Weights, name: str, value: torch.Tensor) -> torch.Tensor:
    """LayerNorm over the last axis: gain (value - mean) / sqrt(variance + epsilon) + shift; else unchanged."""
    if not settings.layer_norm:
        return value
    gain, shift = weights[f"gain_{name}"], weights[f"shift_{name}"]
    return torch.nn.functional.layer_norm(value, value.shape[-1:], gain, shift, EPSILON)


MODELS = (
    network_model(
        Network(
            "lstm",
            "LSTM",
            "A hidden state and a memory cell that gates write, keep and read; with LayerNorm if you like.",
            LSTMSettings, shapes, initial, signals, forward, has_kernel=True,
        )
    ),
)  # fmt: skip
