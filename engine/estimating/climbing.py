"""Up the likelihood of given orders, from several starts. Measures no error and knows no report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engine.estimating.orders import Floats, Orders
from engine.estimating.squares import Lowest, Squares, descend
from engine.estimating.starting import starts

NOTHING = np.empty((0, 0))  # no column beside the values


@dataclass(frozen=True)
class Peak:
    """The highest point of the likelihood that was found, not yet measured. ways: from each start, the best first.

    reach: (b,), what the columns beside were divided by.
    """

    squares: Squares
    ways: tuple[Lowest, ...]
    level: float
    deviation: float
    reach: Floats
    exact: bool = True

    @property
    def point(self) -> Floats:
        """Unconstrained (k,)."""
        return self.ways[0].point

    @property
    def orders(self) -> Orders:
        return self.squares.orders

    @property
    def loglik(self) -> float:
        return -self.squares.count * (self.ways[0].loss + float(np.log(self.deviation)))

    @property
    def aicc(self) -> float:
        return criteria(self.loglik, self.orders.estimated + len(self.reach) + 1, self.squares.count)[1]


def climb(
    values: Floats, orders: Orders, begin: Sequence[Floats] = (), own: int = 2, beside: Floats = NOTHING,
    exact: bool = True, **how: float,
) -> Peak:  # fmt: skip
    """Up the likelihood from every start of `begin` and `own` starts beside; how: as squares.descend takes it."""
    changes = orders.difference(values)
    level = float(np.nanmean(values)) if orders.trend != "n" or orders.lost else 0.0
    deviation = float(np.nanstd(changes if orders.lost else values - level)) or 1.0
    scaled, reach = (values - level) / deviation, np.abs(beside).max(axis=1, initial=0.0)
    columns = np.vstack([orders.trend_columns(len(values)), beside.reshape(-1, len(values)) / reach[:, None]])
    squares = Squares(scaled, orders, columns, exact)
    found = starts(_left_over(scaled, orders, columns), orders)[:own] if own else []
    ways = [descend(squares, start, **how) for start in [*begin, *found]]  # type: ignore[arg-type]
    return Peak(squares, tuple(sorted(ways, key=lambda way: way.loss)), level, deviation, reach, exact)


def _left_over(values: Floats, orders: Orders, columns: Floats) -> Floats:
    """The differenced values less what the columns say of them by ordinary least squares."""
    changes = orders.difference(values)
    if len(columns) == orders.trends:
        return changes  # a constant is taken off where it starts
    seen, known = np.array([orders.difference(column) for column in columns]), np.isfinite(changes)
    found = np.linalg.lstsq(seen[:, known].T, changes[known], rcond=None)[0]
    return np.asarray(changes - found @ seen)


def criteria(loglik: float, known: int, count: int) -> tuple[float, float, float]:
    """AIC, AICc and BIC; known: parameters with the error variance. AICc is infinite where few values are left."""
    aic, spare = -2 * loglik + 2 * known, count - known - 1
    aicc = aic + 2 * known * (known + 1) / spare if spare > 0 else float("inf")
    return aic, aicc, -2 * loglik + float(np.log(count)) * known
