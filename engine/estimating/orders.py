"""Orders: which past values and errors a SARIMA looks at, and the polynomials they make. Estimates nothing."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NO_SEASON = (0, 0, 0, 0)


@dataclass(frozen=True)
class Orders:
    """order: (p, d, q). seasonal: (P, D, Q, m), all 0 where there is no season.

    trend: "n", "c" for a constant beside the differenced values, or "ct" for a constant and a slope.
    """

    order: tuple[int, int, int]
    seasonal: tuple[int, int, int, int] = NO_SEASON
    trend: str = "n"

    def __str__(self) -> str:
        seasonal = f"({', '.join(map(str, self.seasonal[:3]))})[{self.seasonal[3]}]" if self.seasonal[3] > 1 else ""
        ending = {"n": "", "c": " with a constant", "ct": " with a line"}[self.trend]
        return f"({', '.join(map(str, self.order))}){seasonal}{ending}"

    @property
    def lost(self) -> int:
        """How many values the differences use up."""
        return self.order[1] + self.seasonal[1] * self.seasonal[3]

    @property
    def lags(self) -> int:
        """How many coefficients of past values and errors there are."""
        return self.order[0] + self.order[2] + self.seasonal[0] + self.seasonal[2]

    @property
    def trends(self) -> int:
        """How many coefficients the constant and the slope are."""
        return {"n": 0, "c": 1, "ct": 2}[self.trend]

    @property
    def estimated(self) -> int:
        """How many parameters there are, not counting the error variance."""
        return self.lags + self.trends

    @property
    def names(self) -> tuple[str, ...]:
        """The parameters as statsmodels orders and names them, without the error variance."""
        (p, _, q), (P, _, Q, m) = self.order, self.seasonal
        lags = [("ar.L", 1, p), ("ma.L", 1, q), ("ar.S.L", m, P), ("ma.S.L", m, Q)]
        found = [f"{kind}{step * lag}" for kind, step, count in lags for lag in range(1, count + 1)]
        return ("intercept", "drift")[: self.trends] + tuple(found)

    @property
    def states(self) -> int:
        """The length of the state: differences, then the ARMA part (Harvey's form)."""
        (p, _, q), (P, _, Q, m) = self.order, self.seasonal
        return self.lost + max(p + P * m, q + Q * m + 1)

    @property
    def without_trend(self) -> Orders:
        """The same without a constant."""
        return replace(self, trend="n")

    def difference(self, values: Floats) -> Floats:
        """The values that the ARMA part is to explain, (n - lost,)."""
        for _ in range(self.seasonal[1]):
            values = values[self.seasonal[3] :] - values[: -self.seasonal[3]]
        return np.diff(values, self.order[1])

    def differencing(self) -> Floats:
        """(1 - B)^d (1 - B^m)^D, from the lag 0."""
        found = np.ones(1)
        for lag, times in ((1, self.order[1]), (self.seasonal[3], self.seasonal[1])):
            for _ in range(times):
                found = np.convolve(found, np.r_[1, np.zeros(lag - 1), -1])
        return found

    def trend_columns(self, length: int) -> Floats:
        """(trends, length): whose differences are a constant 1, and for "ct" also a slope of about 1 a step."""
        times = self.order[1] + self.seasonal[1]
        time, of_difference = np.arange(length, dtype=np.float64), self.seasonal[3] ** self.seasonal[1]
        powers = [time ** (times + more) / (math.factorial(times + more) * of_difference) for more in (0, 1)]
        return np.array(powers[: self.trends]).reshape(self.trends, length)

    def blocks(self, parameters: Floats) -> Iterator[tuple[Floats, int, int]]:
        """The coefficients of ar, ma, seasonal ar and seasonal ma, each with its step and its sign in a polynomial."""
        (p, _, q), (P, _, Q, m) = self.order, self.seasonal
        ends = np.cumsum([p, q, P, Q])
        yield from zip(np.split(parameters, ends[:3]), (1, 1, m or 1, m or 1), (-1, 1, -1, 1), strict=True)

    def polynomials(self, parameters: Floats) -> tuple[Floats, Floats]:
        """(lags,) coefficients -> phi(B) Phi(B^m) and theta(B) Theta(B^m), from the lag 0, which is 1."""
        made = [_polynomial(*block) for block in self.blocks(parameters)]
        return np.convolve(made[0], made[2]), np.convolve(made[1], made[3])

    def constrain(self, free: Floats) -> Floats:
        """(lags,) numbers of any size -> stationary and invertible coefficients (Monahan 1984), as statsmodels does."""
        from statsmodels.tsa.statespace.tools import constrain_stationary_univariate as constrain

        return np.concatenate(
            [-sign * constrain(block) for block, _, sign in self.blocks(free) if len(block)] or [free]
        )

    def free(self, parameters: Floats) -> Floats:
        """The inverse of `constrain`."""
        from statsmodels.tsa.statespace.tools import unconstrain_stationary_univariate as unconstrain

        blocks = [unconstrain(-sign * block) for block, _, sign in self.blocks(parameters) if len(block)]
        return np.concatenate(blocks or [parameters])


def _polynomial(block: Floats, step: int, sign: int) -> Floats:
    found = np.zeros(len(block) * step + 1)
    found[0] = 1
    found[step::step] = sign * block
    return found
