"""Errors of the sums in a GRU, from those of its gates. Knows the cell's equations (engine/models/gru.py) alone.

With r, z the gates, n the candidate, and dL/dr, dL/dz, dL/dn through everything that follows them.
"""

from __future__ import annotations

import numpy as np

from engine.nouns.frame import Array


def errors(to_r: Array, to_z: Array, to_n: Array, r: Array, z: Array, n: Array) -> Array:
    """dL/d(W_x x + b) (..., T, 3H): what the input adds to the sums in r, z and n."""
    to_r, to_z, to_n, r, z, n = (part.astype(np.float64) for part in (to_r, to_z, to_n, r, z, n))
    return np.concatenate([to_r * r * (1 - r), to_z * z * (1 - z), to_n * (1 - n**2)], axis=-1)


def past_errors(to_r: Array, to_z: Array, to_n: Array, r: Array, z: Array, n: Array) -> Array:
    """dL/d(W_h h) (..., T, 3H): in n the past has passed the reset gate."""
    found = errors(to_r, to_z, to_n, r, z, n)
    found[..., -r.shape[-1] :] *= r
    return found


def inner_errors(to_r: Array, to_z: Array, to_n: Array, r: Array, z: Array, n: Array) -> Array:
    """dL/d b_h (..., T, H): the bias beside the past, inside the reset gate."""
    return past_errors(to_r, to_z, to_n, r, z, n)[..., -r.shape[-1] :]
