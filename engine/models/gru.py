"""The GRU: one hidden state; an update gate keeps it, a reset gate decides how much of it the candidate sees.

    r_t = sigma(W_x[r] x_t + W_h[r] h_(t-1) + b[r]);  z_t = sigma(W_x[z] x_t + W_h[z] h_(t-1) + b[z])
    n_t = tanh(W_x[n] x_t + b[n] + r_t (W_h[n] h_(t-1) + b_h))
    h_t = (1 - z_t) n_t + z_t h_(t-1)

Cho et al. 2014 (arXiv 1406.1078, eq. 5-8) with one departure, cuDNN's and torch's: the reset gate stands after the
product W_h[n] h, with a bias of its own inside (b_h), where they reset h before it. z keeps the old state, as theirs.
"""

from __future__ import annotations

from engine.lazy import torch
from engine.training.model import network_model
from engine.training.network import Keep, Network, Weights
from engine.training.parameters import Shapes
from engine.training.recurrent import Cell, LayerSettings, State, recurrent


class GRUSettings(LayerSettings):
    """Decisions of the GRU."""


def layer(settings: GRUSettings, F: int) -> Shapes:
    """The parameters of one layer whose input has F columns; rows in the order r, z, n."""
    H = settings.hidden
    return {"W_x": (3 * H, F), "W_h": (3 * H, H), "b": (3 * H,), "b_h": (H,)}


def step(settings: GRUSettings, weights: Weights, z: torch.Tensor, state: State, keep: Keep) -> State:  # noqa: ARG001
    """h (B, H) at the next time step."""
    (h,) = state
    driven_r, driven_z, driven_n = z.chunk(3, dim=-1)  # each (B, H)
    remembered_r, remembered_z, remembered_n = torch.nn.functional.linear(h, weights["W_h"]).chunk(3, dim=-1)
    reset = keep("reset_gate", torch.sigmoid(keep("reset_sum", driven_r + remembered_r)))
    update = keep("update_gate", torch.sigmoid(keep("update_sum", driven_z + remembered_z)))
    written = keep("candidate_sum", driven_n + reset * (remembered_n + weights["b_h"]))
    candidate = keep("candidate", torch.tanh(written))
    return (keep("hidden", (1 - update) * candidate + update * h),)


CELL = Cell(GRUSettings, layer, step, gates=("reset_gate", "update_gate", "candidate"))
shapes, initial, signals, forward = recurrent(CELL)

MODELS = (
    network_model(
        Network(
            "gru",
            "GRU",
            "A hidden state with two gates: one keeps it, one lets the past into what replaces it.",
            GRUSettings, shapes, initial, signals, forward, order=15,
        )
    ),
)  # fmt: skip
