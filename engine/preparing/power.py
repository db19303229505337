"""Power transforms: the logarithm, and Box-Cox with an exponent found by maximum likelihood. Know no run and no split.

    z = ((y / g)^p - 1) / p, or log(y / g) where p is 0

Box and Cox 1964, section 3; g, the geometric mean of what was learned from, keeps y / g near 1, so that a negative p
loses no digits. p lies between -1 and 2, as in R's `forecast`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Transform = Literal["none", "log", "box-cox"]
LOWEST, HIGHEST = -1.0, 2.0
ENOUGH = 10_000  # values to find p on, evenly spread: more move it in the third digit


@dataclass(frozen=True)
class Power:
    """What was learned of a power transform. exponent: p, None where values stay as they are. typical: g."""

    exponent: float | None = None
    typical: float = 1.0

    def apply(self, values: Floats) -> Floats:
        """The transformed values; NaN where a value is missing or not above zero."""
        if self.exponent is None:
            return np.array(values)
        with np.errstate(invalid="ignore", divide="ignore"):
            logs = np.log(np.where(values > 0, values, np.nan) / self.typical)
        return logs if self.exponent == 0 else np.expm1(self.exponent * logs) / self.exponent

    def undo(self, transformed: Floats) -> Floats:
        """The inverse; what no value transforms to becomes the nearest one that is possible, 0 or infinity."""
        if self.exponent is None:
            return np.array(transformed)
        with np.errstate(over="ignore", divide="ignore"):  # a model gone wild forecasts infinity; that is then shown
            if self.exponent == 0:
                return np.exp(transformed) * self.typical
            inside = np.maximum(self.exponent * np.asarray(transformed), -1.0)
            return np.exp(np.log1p(inside) / self.exponent) * self.typical


def learn_power(transform: Transform, values: Floats) -> Power:
    """From the values that may be learned from; those that are missing or not above zero are left out."""
    if transform != "box-cox":
        return Power(0.0 if transform == "log" else None)
    known = values[np.isfinite(values) & (values > 0)]
    if len(np.unique(known[:ENOUGH])) < 2:
        return Power(0.0)
    logs = np.log(known)
    typical = float(np.exp(logs.mean()))
    return Power(_likeliest(logs - logs.mean()), typical)


def _likeliest(logs: Floats) -> float:
    """The exponent of the highest likelihood, for logarithms of mean zero: then that of the least variance."""
    from scipy.optimize import minimize_scalar  # 0.2 s, for the few who ask for it

    some = logs[:: -(-len(logs) // ENOUGH)]

    def spread(exponent: float) -> float:
        with np.errstate(over="ignore"):
            return float(np.log(Power(exponent).apply(np.exp(some)).std()))

    return float(minimize_scalar(spread, bounds=(LOWEST, HIGHEST), method="bounded").x)
