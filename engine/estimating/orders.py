"""Orders: which past values and errors a SARIMA looks at, and the polynomials they make. Estimates nothing."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
NO_SEASON = (0, 0, 0, 0)
SIGNS = (-1, 1, -1, 1)  # of ar, ma, seasonal ar and seasonal ma in their polynomials


@dataclass(frozen=True)
class Orders:
    """order: (p, d, q). seasonal: (P, D, Q, m), all 0 where there is no season.

    trend: "n", "c" for a constant beside the differenced values, or "ct" for a constant and a slope. ar, ma: the lags
    up to p and q that have a coefficient, rising, the last of them p or q; () is every one.
    """

    order: tuple[int, int, int]
    seasonal: tuple[int, int, int, int] = NO_SEASON
    trend: str = "n"
    ar: tuple[int, ...] = ()
    ma: tuple[int, ...] = ()

    def __str__(self) -> str:
        seasonal = f"({', '.join(map(str, self.seasonal[:3]))})[{self.seasonal[3]}]" if self.seasonal[3] > 1 else ""
        ending = {"n": "", "c": " with a constant", "ct": " with a line"}[self.trend]
        return f"({', '.join(map(str, self.named_order))}){seasonal}{ending}"

    @property
    def named_order(self) -> tuple[int | list[int], int, int | list[int]]:
        """(p, d, q) as statsmodels takes them: a list of lags in the place of p or q where some are left out."""
        return list(self.ar) or self.order[0], self.order[1], list(self.ma) or self.order[2]

    @property
    def sparse(self) -> bool:
        """Whether a lag up to p or q has no coefficient."""
        return bool(self.ar or self.ma)

    @property
    def places(self) -> tuple[tuple[int, ...], ...]:
        """The lags that have a coefficient, of ar, ma, seasonal ar and seasonal ma, the last two in seasons."""
        (p, _, q), (P, _, Q, _) = self.order, self.seasonal
        every = [tuple(range(1, count + 1)) for count in (p, q, P, Q)]
        return (self.ar or every[0], self.ma or every[1], every[2], every[3])

    @property
    def lost(self) -> int:
        """How many values the differences use up."""
        return self.order[1] + self.seasonal[1] * self.seasonal[3]

    @property
    def lags(self) -> int:
        """How many coefficients of past values and errors there are."""
        return sum(map(len, self.places))

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
        return self.trend_names + self.lag_names

    @property
    def trend_names(self) -> tuple[str, ...]:
        """Of the constant and the slope."""
        return ("intercept", "drift")[: self.trends]

    @property
    def lag_names(self) -> tuple[str, ...]:
        """Of the coefficients of past values and errors."""
        m = self.seasonal[3]
        kinds = (("ar.L", 1), ("ma.L", 1), ("ar.S.L", m), ("ma.S.L", m))
        return tuple(
            f"{kind}{step * lag}" for (kind, step), lags in zip(kinds, self.places, strict=True) for lag in lags
        )

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

    def split(self, parameters: Floats) -> list[Floats]:
        """(lags,) -> those of ar, ma, seasonal ar and seasonal ma."""
        return np.split(parameters, np.cumsum([len(lags) for lags in self.places])[:3])

    def blocks(self, parameters: Floats) -> Iterator[tuple[Floats, int, int]]:
        """The coefficients of ar, ma, seasonal ar and seasonal ma, each with its step and its sign in a polynomial.

        A lag that was left out has the coefficient 0.
        """
        m = self.seasonal[3] or 1
        for given, lags, step, sign in zip(self.split(parameters), self.places, (1, 1, m, m), SIGNS, strict=True):
            block = np.zeros(max(lags, default=0))
            block[np.array(lags, int) - 1] = given
            yield block, step, sign

    def polynomials(self, parameters: Floats) -> tuple[Floats, Floats]:
        """(lags,) coefficients -> phi(B) Phi(B^m) and theta(B) Theta(B^m), from the lag 0, which is 1."""
        made = [_polynomial(*block) for block in self.blocks(parameters)]
        return np.convolve(made[0], made[2]), np.convolve(made[1], made[3])

    def constrain(self, free: Floats) -> Floats:
        """(lags,) numbers of any size -> stationary and invertible coefficients (Monahan 1984), as statsmodels does.

        Where a lag is left out, the coefficients are their own free numbers, and nothing is constrained.
        """
        from statsmodels.tsa.statespace.tools import constrain_stationary_univariate as constrain

        return self._each(free, lambda block, sign: -sign * constrain(block))

    def free(self, parameters: Floats) -> Floats:
        """The inverse of `constrain`."""
        from statsmodels.tsa.statespace.tools import unconstrain_stationary_univariate as unconstrain

        return self._each(parameters, lambda block, sign: unconstrain(-sign * block))

    def _each(self, numbers: Floats, change: Callable[[Floats, int], Floats]) -> Floats:
        found, some = [], (self.ar, self.ma, (), ())
        for block, left_out, sign in zip(self.split(numbers), some, SIGNS, strict=True):
            found.append(change(block, sign) if len(block) and not left_out else block)
        return np.concatenate(found)


def _polynomial(block: Floats, step: int, sign: int) -> Floats:
    found = np.zeros(len(block) * step + 1)
    found[0] = 1
    found[step::step] = sign * block
    return found
