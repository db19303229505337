"""The automatic search for orders: one step at a time to the neighbour of lowest AICc. Every fit is exact.

Hyndman and Khandakar 2008, "Automatic time series forecasting", with two liberties that quick fits allow: each
candidate is fitted by exact maximum likelihood, and of all neighbours the best is taken, not the first better one.
Knows no series and draws no progress: it is a generator, so whoever asks can count, show and stop.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from engine.errors import Lesson
from engine.estimating.certain import certain
from engine.estimating.climbing import Peak, climb
from engine.estimating.differences import differences
from engine.estimating.estimate import Estimate, measured
from engine.estimating.orders import NO_SEASON, Floats, Orders
from engine.estimating.possible import check_values
from engine.estimating.roots import refusal

MOST_LAGS, MOST_SEASONAL = 5, 2
# A step of the filter costs as much as the season is long: of long ones one season is looked back, of longer ones
# none; where values are missing it costs the cube of that.
LONG_SEASON, LONGEST_SEASON, LONGEST_WITH_GAPS = 24, 200, 60
# Up the likelihood of a candidate: so many steps at most, and the last is one that adds less than this to it. The
# finalists may take more.
QUICK, WORTH, LAST = 15, 0.05, 60
FINALISTS = 3
# AICc above the best at which a model has essentially no support (Burnham and Anderson 2002, section 2.6): it is not
# worth a second look, which a thorough search gives the others from two more starts.
NO_SUPPORT = 10.0


@dataclass(frozen=True)
class Tried:
    """One candidate. aicc: infinite where it was refused, and why. peak: where its likelihood is highest."""

    orders: Orders
    aicc: float
    why: str = ""
    peak: Peak | None = None


class Search:
    """values: (n,), transformed, NaN where missing. thorough: more starts, and neighbours two changes away."""

    def __init__(self, values: Floats, period: int, thorough: bool = False) -> None:
        self.values, self.thorough = values, thorough
        self.whole = _bridged(values)  # what orders are chosen by
        longest = LONGEST_WITH_GAPS if np.isnan(values).any() else LONGEST_SEASON
        self.period = period if 1 < period <= min(longest, (len(values) - 5) // 2) else 1
        self.tried: dict[Orders, Tried] = {}

    @cached_property
    def differences(self) -> tuple[int, int]:
        """d and D."""
        return differences(self.whole, self.period)

    def run(self) -> Iterator[Tried]:
        """Yield each candidate as it is tried; afterwards `best` knows the winner."""
        for orders in self._beginnings():
            yield from self._try(orders, None)
        while True:
            centre = self._ranked()[0]
            for orders in self._neighbours(centre.orders):
                yield from self._try(orders, centre)
            if self._ranked()[0] is centre:
                return

    def best(self) -> Estimate:
        """The winner among the finalists, each fitted to the end, where a root may yet turn out to be one too many.

        Where nothing is left over for a SARIMA to explain, what goes on exactly as before. Raises Lesson.
        """
        found: list[Peak] = []
        for tried in self._ranked():
            peak = (
                self._to_the_end(tried.orders, tried.peak, 2 * self.thorough) if tried.peak and not tried.why else None
            )
            if peak:
                found.append(peak)
            if len(found) == FINALISTS:
                break
        if not found:
            return certain(self.values, self.period)
        best = min(found, key=lambda peak: peak.aicc)
        return measured(self._to_the_end(best.orders, best, 2) or best)

    def _to_the_end(self, orders: Orders, near: Peak, own: int) -> Peak | None:
        """None where that is refused."""
        try:
            peak = climb(self.values, orders, [near.point], own, most=LAST)
        except np.linalg.LinAlgError:
            return None
        return None if _refused(peak) else peak

    @property
    def _most_seasonal(self) -> int:
        return 0 if self.period == 1 else 1 if self.period > LONG_SEASON else MOST_SEASONAL

    @property
    def _lowest(self) -> float:
        return min((tried.aicc for tried in self.tried.values()), default=float("inf"))

    def _ranked(self) -> list[Tried]:
        return sorted(self.tried.values(), key=lambda tried: tried.aicc)

    def _beginnings(self) -> list[Orders]:
        shapes = [(2, 2, 1, 1), (0, 0, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1)]
        if self.thorough:
            shapes += [(1, 1, 0, 1), (2, 0, 0, 1), (5, 0, 1, 0), (1, 2, 1, 1), (3, 1, 0, 2)]
        constants = ("c", "n") if sum(self.differences) <= 1 else ("n",)
        found = [self._orders(*shape, constant) for shape in shapes for constant in constants]
        return list(dict.fromkeys(found))

    def _orders(self, p: int, q: int, P: int, Q: int, trend: str) -> Orders:
        P, Q = min(P, self._most_seasonal), min(Q, self._most_seasonal)
        d, D = self.differences
        return Orders((p, d, q), (P, D, Q, self.period) if P or Q or D else NO_SEASON, trend)

    def _neighbours(self, orders: Orders) -> list[Orders]:
        (p, _, q), (P, _, Q, _), trend = orders.order, orders.seasonal, orders.trend
        steps = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, -1)]
        steps += [(1, -1), (-1, 1)] if self.thorough else []
        moves = [(*one, 0, 0) for one in steps] + [(0, 0, *one) for one in steps]
        if self.thorough:
            moves += [(*one, *other) for one, other in product(steps, steps)] + [(2, 0, 0, 0), (0, 2, 0, 0)]
        found = []
        for dp, dq, dP, dQ in moves:
            shape = p + dp, q + dq, P + dP, Q + dQ
            if min(shape) >= 0 and max(shape[:2]) <= MOST_LAGS and max(shape[2:]) <= self._most_seasonal:
                found.append(self._orders(*shape, trend))
        if sum(self.differences) <= 1:
            found.append(replace(orders, trend="n" if trend == "c" else "c"))
        return list(dict.fromkeys(found))

    def _try(self, orders: Orders, parent: Tried | None) -> Iterator[Tried]:
        if orders not in self.tried:
            self.tried[orders] = tried = self._fitted(orders, parent)
            yield tried

    def _fitted(self, orders: Orders, parent: Tried | None) -> Tried:
        try:
            check_values(self.whole, orders)
            begin = [_grown(parent.peak, orders)] if parent and parent.peak else []
            peak = climb(self.whole, orders, begin, int(not begin), most=QUICK, gain=WORTH)
            if self.thorough and peak.aicc < self._lowest + NO_SUPPORT:
                again = climb(self.whole, orders, (), 2, most=QUICK, gain=WORTH)
                peak = min(peak, again, key=lambda one: one.aicc)
        except (Lesson, np.linalg.LinAlgError) as error:
            return Tried(orders, float("inf"), str(getattr(error, "happened", "it has no finite likelihood")))
        why = _refused(peak)
        return Tried(orders, float("inf") if why else peak.aicc, why, peak)


def _refused(peak: Peak) -> str:
    """Why this model is passed over, in a sentence; empty where there is no reason."""
    if not np.isfinite(peak.loglik):
        return "It leaves no error that could be measured."
    return refusal(peak.orders, peak.orders.constrain(peak.point))


def _grown(peak: Peak, orders: Orders) -> Floats:
    """The neighbour's parameters where this one has the same, a little where it has more."""
    (p, _, q), (P, _, Q, _) = orders.order, orders.seasonal
    blocks = [block for block, _, _ in peak.orders.blocks(peak.point)]
    grown = [np.resize(np.r_[b, np.full(size, 0.05)], size) for b, size in zip(blocks, (p, q, P, Q), strict=True)]
    return np.concatenate(grown)


def _bridged(values: Floats) -> Floats:
    """Gaps crossed in a straight line: good enough to choose by, not to estimate on."""
    known = np.isfinite(values)
    steps = np.arange(len(values))
    return np.interp(steps, steps[known], values[known]) if not known.all() else values
