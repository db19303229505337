"""The roots of a SARIMA's polynomials: near the unit circle or cancelling each other, they refused. Fits nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.estimating.orders import Floats, Orders

MARGIN = 1.001  # roots of the whole polynomials, in single steps, nearer to the unit circle are refused
CLOSE = 0.05  # between the inverses of an AR and an MA root that all but cancel

Roots = NDArray[np.complex128]


def inverse_roots(orders: Orders, lags: Floats) -> dict[str, Roots]:
    """By "ar", "ma", "seasonal ar" and "seasonal ma", the last two in steps of a season: inside the circle is well."""
    names = ("ar", "ma", "seasonal ar", "seasonal ma")
    found = {}
    for name, (block, _, sign) in zip(names, orders.blocks(lags), strict=True):
        found[name] = np.roots(np.r_[1, sign * block]).astype(np.complex128)
    return found


def refusal(orders: Orders, lags: Floats) -> str:
    """Why a search passes this model over, in a sentence; empty where there is no reason.

    One root near the circle is let through: a seasonal MA root at 1 after a seasonal difference is a season that
    never changes, which these models cannot say otherwise.
    """
    roots = inverse_roots(orders, lags)
    for name, of in roots.items():
        fixed = (name == "seasonal ma") & (np.abs(of.imag) < 1e-9) & (of.real > 0)
        step = orders.seasonal[3] if name.startswith("seasonal") else 1
        if (np.abs(of[~fixed]) > MARGIN**-step).any():
            return f"A root of its {name} part is almost 1: it stands for a difference."
    for ar, ma in (("ar", "ma"), ("seasonal ar", "seasonal ma")):
        if len(roots[ar]) and len(roots[ma]) and np.abs(roots[ar][:, None] - roots[ma]).min() < CLOSE:
            return f"Roots of its {ar} and {ma} parts all but cancel."
    return ""
