"""A batch of windows gathered out of a series, compiled, bit for bit as engine/training/windows.py takes it.

Knows neither series nor run. Axes: B batch, T time, F features, S time steps that a forecast is read at (the last, or
all T), J steps ahead, k covariates known ahead.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array

_ZERO, _ONE = np.float32(0), np.float32(1)


@compiled()
def gather(
    scaled: Array, beside: Array, known: Array, starts: NDArray[np.int64], is_change: bool, seen: Array, targets: Array,
    told: Array,
) -> None:  # fmt: skip
    """Fill `seen` (T + 1, H + F + 1, B) but for h, `targets` (S, J, B) and what is `told` of the horizon (S, J, k, B).

    scaled (n,), beside (n, F - 1), known (n, k): whole columns. is_change: what is shown are changes from the value at
    the first step that a forecast is read at, what is to be forecast those from the value at its own.
    """
    (T, rows, B), (S, J, _) = (seen.shape[0] - 1, seen.shape[1], seen.shape[2]), targets.shape
    H = rows - 2 - beside.shape[1]
    for b in range(B):
        start = starts[b]
        level = scaled[start + T - S] if is_change else _ZERO
        for t in range(T):
            seen[t, H, b] = scaled[start + t] - level
            for f in range(beside.shape[1]):
                seen[t, H + 1 + f, b] = beside[start + t, f]
            seen[t, rows - 1, b] = _ONE
        for s in range(S):
            now = start + T - S + s
            for j in range(J):
                targets[s, j, b] = scaled[now + 1 + j] - (scaled[now] if is_change else _ZERO)
                for f in range(known.shape[1]):
                    told[s, j, f, b] = known[now + 1 + j, f]
