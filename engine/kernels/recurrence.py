"""The compiled layers as torch sees them, one differentiable function each. Knows neither networks nor training.

Axes: B batch, T time, F features, H units. Inside, the batch is the last axis; what goes in and out is a view of it,
so that layers on top of each other copy nothing to and fro.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from torch.autograd.function import once_differentiable

from engine.kernels.layers import LAYERS, NORMS, empty
from engine.nouns.frame import Array

Weights = Mapping[str, torch.Tensor]


def rnn(weights: Weights, sequence: torch.Tensor) -> tuple[torch.Tensor, tuple[torch.Tensor]]:
    """sequence (B, T, F) -> h at every time step (B, T, H), and the last state: h (B, H). weights: W_x, W_h, b."""
    hidden, h = _RNN.apply(sequence, weights["W_x"], weights["W_h"], weights["b"])  # type: ignore[no-untyped-call]
    return hidden, (h,)


def lstm(weights: Weights, sequence: torch.Tensor) -> tuple[torch.Tensor, tuple[torch.Tensor, torch.Tensor]]:
    """sequence (B, T, F) -> h at every time step (B, T, H), and the last state: h and c, (B, H) each.

    weights: W_x, W_h, b, and with LayerNorm the gains and shifts of z and c.
    """
    norms = [weights[name] for name in NORMS if name in weights]
    hidden, h, c = _LSTM.apply(sequence, weights["W_x"], weights["W_h"], weights["b"], *norms)  # type: ignore[no-untyped-call]
    return hidden, (h, c)


class _RNN(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, sequence: torch.Tensor, W_x: torch.Tensor, W_h: torch.Tensor, b: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        ctx.seen = _seen(sequence, len(W_h))
        weights = _arrays(W_x, W_h, b)
        LAYERS["rnn"].forward(weights[0], weights[1], weights[2], (), ctx.seen)
        _keep(ctx, W_x, W_h)
        return _states(ctx.seen, len(W_h))

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, d_hidden: torch.Tensor | None, d_h: torch.Tensor | None) -> tuple[Any, ...]:
        W_x, W_h = _arrays(*ctx.saved_tensors)
        dh, dx = _adjoints(ctx, W_x.shape[1], len(W_h), d_hidden, d_h)
        d_joined, _ = LAYERS["rnn"].backward(W_x, W_h, (), ctx.seen, None, dh, dh[:0], dx)
        return _gradients(d_joined, len(W_h), dx)


class _LSTM(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, sequence: torch.Tensor, W_x: torch.Tensor, W_h: torch.Tensor, b: torch.Tensor, *norms: torch.Tensor
    ) -> tuple[torch.Tensor, ...]:
        H = W_h.shape[1]
        ctx.seen, ctx.norms = _seen(sequence, H), _arrays(*norms)
        weights = _arrays(W_x, W_h, b)
        ctx.kept = LAYERS["lstm"].forward(weights[0], weights[1], weights[2], ctx.norms, ctx.seen)
        _keep(ctx, W_x, W_h)
        cells = ctx.kept[0][1]
        return *_states(ctx.seen, H), torch.from_numpy(cells[-1].T.copy())

    @staticmethod
    @once_differentiable
    def backward(
        ctx: Any, d_hidden: torch.Tensor | None, d_h: torch.Tensor | None, d_c: torch.Tensor | None
    ) -> tuple[Any, ...]:
        W_x, W_h = _arrays(*ctx.saved_tensors)
        H = W_h.shape[1]
        dh, dx = _adjoints(ctx, W_x.shape[1], H, d_hidden, d_h)
        dc = np.zeros_like(dh[0]) if d_c is None else d_c.numpy().T.copy()
        kept, ctx.kept = ctx.kept, None  # the kernel writes over it: a second time would be wrong
        d_joined, d_norms = LAYERS["lstm"].backward(W_x, W_h, ctx.norms, ctx.seen, kept, dh, dc, dx)
        return *_gradients(d_joined, H, dx), *map(torch.from_numpy, d_norms)


def _arrays(*tensors: torch.Tensor) -> tuple[Array, ...]:
    return tuple(tensor.detach().numpy() for tensor in tensors)


def _seen(sequence: torch.Tensor, H: int) -> Array:
    """What a cell sees at each time step, (T + 1, H + F + 1, B): h, still empty, x, and 1 for the bias."""
    B, T, F = sequence.shape
    seen = empty(T + 1, H + F + 1, B)
    seen[:T, H : H + F] = sequence.detach().numpy().transpose(1, 2, 0)
    seen[:, H + F] = 1
    return seen


def _keep(ctx: Any, W_x: torch.Tensor, W_h: torch.Tensor) -> None:
    """For backward; an output that nothing was made of has the gradient None, and not a block of zeros."""
    ctx.save_for_backward(W_x, W_h)
    ctx.set_materialize_grads(False)


def _states(seen: Array, H: int) -> tuple[torch.Tensor, torch.Tensor]:
    """h at every time step (B, T, H), a view, and the last one (B, H)."""
    return torch.from_numpy(seen)[1:, :H].permute(2, 0, 1), torch.from_numpy(seen[-1, :H].T.copy())


def _adjoints(ctx: Any, F: int, H: int, d_hidden: torch.Tensor | None, d_h: torch.Tensor | None) -> tuple[Array, Array]:
    """dh (T, H, B), what comes from above the layer, and dx (T, F, B), empty where no layer below wants it."""
    steps, _, B = ctx.seen.shape
    dh = np.zeros((steps - 1, H, B), np.float32)
    if d_hidden is not None:
        dh[:] = d_hidden.numpy().transpose(1, 2, 0)
    if d_h is not None:
        dh[-1] += d_h.numpy().T
    return dh, empty(steps - 1, F if ctx.needs_input_grad[0] else 0, B)


def _gradients(d_joined: Array, H: int, dx: Array) -> tuple[torch.Tensor | None, ...]:
    """Of the sequence (B, T, F), where wanted, of W_x, W_h and b."""
    d = torch.from_numpy(d_joined)
    return torch.from_numpy(dx).permute(2, 0, 1) if dx.size else None, d[:, H:-1], d[:, :H], d[:, -1]


def rehearse() -> None:
    """Run every kernel once as training does, so that all of them are compiled or found on disk.

    Without autograd: this also happens in a process that workers are forked from, and its engine is not to be forked.
    """
    sequence, H = torch.ones(2, 3, 1), 2
    for function, blocks, norms in ((_RNN, 1, ()), (_LSTM, 4, ()), (_LSTM, 4, (8, 8, 2, 2))):
        rows = blocks * H
        weights = torch.ones(rows, 1), torch.ones(rows, H), torch.ones(rows), *map(torch.ones, norms)
        ctx = SimpleNamespace(needs_input_grad=(True,), set_materialize_grads=lambda _: None)
        ctx.save_for_backward = lambda *kept, ctx=ctx: setattr(ctx, "saved_tensors", kept)
        function.backward(ctx, *function.forward(ctx, sequence, *weights))
