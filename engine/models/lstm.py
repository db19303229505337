"""The LSTM, with LayerNorm if asked: a cell state beside the hidden one, written, kept and read through gates.

    z = W_x x_t + W_h h_(t-1) + b, cut into i, f, g, o;  with LayerNorm z = LN(W_x x_t + W_h h_(t-1) + b)
    c_t = sigma(f) c_(t-1) + sigma(i) tanh(g);  h_t = sigma(o) tanh(c_t), with LayerNorm sigma(o) tanh(LN(c_t))

Hochreiter and Schmidhuber 1997 with the forget gate of Gers et al. 2000. LayerNorm: Ba et al. 2016
(arXiv 1607.06450, eq. 20-22) with one departure: they normalise W_x x and W_h h apart, which with a single input
leaves only the sign of x; here their sum is normalised, over all 4H numbers, with the bias inside.
"""

from __future__ import annotations

from engine.kernels.path import Kernel
from engine.lazy import torch
from engine.nouns.frame import Array
from engine.training.model import network_model
from engine.training.network import Keep, Network, Weights
from engine.training.parameters import Shapes
from engine.training.recurrent import Cell, LayerSettings, State, is_stack, normalise, recurrent


class LSTMSettings(LayerSettings):
    """Decisions of the LSTM."""

    layer_norm: bool = False
    """Normalise the gates' inputs and the cell state over the units, at every time step."""


def layer(settings: LSTMSettings, F: int) -> Shapes:
    """The parameters of one layer whose input has F columns."""
    H = settings.hidden
    plain = {"W_x": (4 * H, F), "W_h": (4 * H, H), "b": (4 * H,)}
    norms = {"gain_z": (4 * H,), "shift_z": (4 * H,), "gain_c": (H,), "shift_c": (H,)}
    return plain | norms if settings.layer_norm else plain


def begin(settings: LSTMSettings, weights: dict[str, Array]) -> None:
    """1 for the forget gate, so that memory lasts at first (Jozefowicz et al. 2015)."""
    forget = weights["shift_z" if settings.layer_norm else "b"]
    forget[settings.hidden : 2 * settings.hidden] = 1


def step(settings: LSTMSettings, weights: Weights, z: torch.Tensor, state: State, keep: Keep) -> State:
    """h and c, each (B, H), at the next time step."""
    h, c = state
    z = keep("preactivation", z + torch.nn.functional.linear(h, weights["W_h"]))
    i, f, g, o = normalise(settings, weights, "z", z).chunk(4, dim=-1)  # each (B, H)
    i, f = keep("input_gate", torch.sigmoid(i)), keep("forget_gate", torch.sigmoid(f))
    g, o = keep("candidate", torch.tanh(g)), keep("output_gate", torch.sigmoid(o))
    c = keep("cell", f * c + i * g)
    h = keep("hidden", o * torch.tanh(normalise(settings, weights, "c", c)))
    return h, c


def kernel(settings: LSTMSettings) -> Kernel | None:  # noqa: ARG001
    """The compiled layer with the same equations, with LayerNorm and without."""
    return "lstm"


GATES = ("input_gate", "forget_gate", "candidate", "output_gate")
CELL = Cell(LSTMSettings, layer, step, ("hidden", "cell"), GATES, begin, kernel)
shapes, initial, signals, forward = recurrent(CELL)

MODELS = (
    network_model(
        Network(
            "lstm",
            "LSTM",
            "A hidden state and a memory cell that gates write, keep and read; with LayerNorm if you like.",
            LSTMSettings, shapes, initial, signals, forward, kernel, is_stack, order=10,
        )
    ),
)  # fmt: skip
