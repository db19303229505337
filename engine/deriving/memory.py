"""What an LSTM's cell remembers: since when, and by which sums. Knows no layer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.deriving.layer_norm import scaled
from engine.nouns.frame import Array

Floats = NDArray[np.float64]


def earlier(states: Array) -> Array:
    """What each time step found: the states one step before, zeros first. (..., T, H) -> (..., T, H)."""
    found = np.zeros_like(states)
    found[..., 1:, :] = states[..., :-1, :]
    return found


def provenance(input_gate: Array, forget_gate: Array, candidate: Array) -> Floats:
    """Since when an LSTM's cell remembers what: P[t, k] = (product of f_j for j = k+1..t) i_k g_k.

    Each (..., T, H) -> (..., T held at, T written at, H); zero above the diagonal. Over k it sums to c_t exactly as
    the cell is made, with LayerNorm too: that norms what is read from the cell, not what it keeps.
    """
    written = input_gate.astype(np.float64) * candidate
    kept = forget_gate.astype(np.float64)[..., None, :]
    T = written.shape[-2]
    found = np.zeros((*written.shape[:-2], T, *written.shape[-2:]))
    for t in range(T):
        if t:
            found[..., t, :t, :] = kept[..., t, :, :] * found[..., t - 1, :t, :]
        found[..., t, t, :] = written[..., t, :]
    return found


def operands(i: Array, f: Array, g: Array, o: Array, cell: Array, *norm: Array) -> Floats:
    """What each entry of the ledger is made of: (..., T, H) -> (..., T, H, 5 entries, 2).

    kept = f c_(t-1); written = i g; cell = kept + written; squashed = tanh(c), whose second operand is what tanh is
    given, LN(c) with `norm` (gain and shift); read = o squashed.
    """
    before, given = earlier(cell).astype(np.float64), scaled(cell, *norm) if norm else cell.astype(np.float64)
    pairs = [(f, before), (i, g), (f * before, i.astype(np.float64) * g), (cell, given), (o, np.tanh(given))]
    return np.stack([np.stack(pair, axis=-1) for pair in pairs], axis=-2)


def ledger(i: Array, f: Array, g: Array, o: Array, cell: Array, *norm: Array) -> Floats:
    """kept, written, cell, squashed, read: what becomes of one unit's memory at each step. (..., T, H, 5)."""
    pairs = operands(i, f, g, o, cell, *norm)
    products = pairs[..., 0] * pairs[..., 1]
    total, squashed = pairs[..., 2, :].sum(axis=-1), np.tanh(pairs[..., 3, 1])
    return np.stack([products[..., 0], products[..., 1], total, squashed, products[..., 4]], axis=-1)
