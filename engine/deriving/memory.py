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


def earlier_from(states: Array, before: Array) -> Array:
    """The same where the first step finds the last of other states: a decoder begins as its encoder ended."""
    return earlier_after(states, before[..., -1, :])


def earlier_after(states: Array, first: Array) -> Array:
    """The same where the first step finds `first` (..., H)."""
    return np.concatenate([first[..., None, :], states[..., :-1, :]], axis=-2)


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


AGES = ((0, 1), (1, 2), (2, 4), (4, 8), (8, 16), (16, None))
"""Of what a cell holds, how many steps ago it was written: from the first of a pair to before the second."""


def by_age(input_gate: Array, forget_gate: Array, candidate: Array, age: tuple[int, int | None]) -> Floats:
    """The part of the cell that was written so many steps ago: each (..., T, H) -> (..., T, H)."""
    parts = provenance(input_gate, forget_gate, candidate)
    T, (first, end) = parts.shape[-3], age
    ages = np.arange(T)[:, None] - np.arange(T)
    inside = (ages >= first) & (ages < (T if end is None else end))
    return np.asarray((parts * inside[..., None]).sum(axis=-2))


def operands(i: Array, f: Array, g: Array, o: Array, cell: Array, *norm: Array) -> Floats:
    """What each entry of the ledger is made of, and what comes out: (..., T, H) -> (..., T, H, 5 entries, 3).

    kept = f c_(t-1); written = i g; cell = kept + written; squashed = tanh of the second operand, which is c, or LN(c)
    with `norm` (gain and shift); read = o squashed.
    """
    i, f, g, o, cell = (part.astype(np.float64) for part in (i, f, g, o, cell))
    before, given = earlier(cell), scaled(cell, *norm) if norm else cell
    kept, written, squashed = f * before, i * g, np.tanh(given)
    rows = [(f, before, kept), (i, g, written), (kept, written, kept + written), (cell, given, squashed)]
    rows.append((o, squashed, o * squashed))
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def ledger(i: Array, f: Array, g: Array, o: Array, cell: Array, *norm: Array) -> Floats:
    """kept, written, cell, squashed, read: what becomes of one unit's memory at each step. (..., T, H, 5)."""
    return np.asarray(operands(i, f, g, o, cell, *norm)[..., -1])


def account(i: Array, f: Array, g: Array, o: Array, cell: Array, *norm: Array) -> Floats:
    """f, c_(t-1), i, g, c, o, what tanh is given, h: the ledger's numbers as one line, (..., T, H, 1, 8)."""
    rows = operands(i, f, g, o, cell, *norm)
    pairs = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 2), (4, 0), (3, 1), (4, 2)]
    return np.stack([rows[..., entry, number] for entry, number in pairs], axis=-1)[..., None, :]
