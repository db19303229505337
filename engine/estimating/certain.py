"""A series that one formula repeats without an error: a constant, a line, a season. Estimates nothing and has no peak.

Likelihoods have no end there, so no search ends in such a series; its forecast needs none.
"""

from __future__ import annotations

import numpy as np

from engine.errors import Lesson
from engine.estimating.estimate import Estimate
from engine.estimating.orders import NO_SEASON, Floats, Orders
from engine.estimating.possible import UNCHANGING

FEWEST = 3  # of what is left after differences: so many that are the same are no chance


def certain(values: Floats, period: int) -> Estimate:
    """values: (n,), NaN where missing. -> the fewest differences that leave a constant. Raises Lesson."""
    season = (0, 1, 0, period) if period > 1 else NO_SEASON
    for orders in (Orders((0, 0, 0)), Orders((0, 1, 0)), Orders((0, 0, 0), season), Orders((0, 1, 0), season)):
        changes = orders.difference(values)
        known = changes[np.isfinite(changes)]
        if len(known) >= FEWEST and known.std() <= UNCHANGING * np.nanmax(np.abs(values)):
            return _estimate(orders, float(known.mean()), len(known))
    raise Lesson(
        "No SARIMA could be fitted to these values.",
        f"At least {FEWEST} of them must be there, and some twenty are better.",
        "Choose another series or a longer part of it.",
    )


def _estimate(orders: Orders, constant: float, count: int) -> Estimate:
    how = "Nothing is left over to be explained: every value follows from those before it, and so does every forecast."
    return Estimate(
        Orders(orders.order, orders.seasonal, "c"), np.empty(0), np.array([constant]), np.zeros((1, 1)), 0.0,
        float("inf"), count, True, how,
    )  # fmt: skip
