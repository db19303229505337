"""What happens to a gradient once it is there, compiled: its norms, and Adam. Knows no network.

The equations to read stand in engine/training/optimisers.py.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.kernels.compiling import compiled
from engine.nouns.frame import Array


@compiled(fastmath={"contract", "reassoc"})
def norms(gradient: Array, ends: NDArray[np.int64]) -> NDArray[np.float64]:
    """The length of each part of `gradient` (P,), summed in float64; `ends`: where each part ends."""
    found, begin = np.empty(ends.size), 0
    for part in range(ends.size):
        total = 0.0
        for n in range(begin, ends[part]):
            total += np.float64(gradient[n]) * np.float64(gradient[n])
        found[part], begin = np.sqrt(total), ends[part]
    return found


@compiled()
def adam(
    flat: Array, gradient: Array, mean: Array, square: Array, betas: tuple[float, float], epsilon: float,
    learning_rate: float, update: int,
) -> None:  # fmt: skip
    """One step of it, in place."""
    beta_1, beta_2, small = np.float32(betas[0]), np.float32(betas[1]), np.float32(epsilon)
    other_1, other_2 = np.float32(1 - betas[0]), np.float32(1 - betas[1])
    step = np.float32(learning_rate / (1 - betas[0] ** update))
    unbiased = np.float32(1 / (1 - betas[1] ** update))
    for n in range(flat.size):
        g = gradient[n]
        mean[n] = beta_1 * mean[n] + other_1 * g
        square[n] = beta_2 * square[n] + other_2 * g * g
        flat[n] -= step * mean[n] / (np.sqrt(square[n] * unbiased) + small)
