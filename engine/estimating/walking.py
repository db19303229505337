"""The Kalman filter step by step: what it expected, what came, how far it believed it, what it then knew. No estimates.

Durbin and Koopman 2012, section 4.3: v = y - Z a, F = Z P Z', gain = P Z' / F, updated = a + gain v.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.estimating.estimate import Estimate
from engine.estimating.likelihood import state_space
from engine.estimating.orders import Floats, Orders

MOST_NUMBERS = 3e7  # of all variance matrices together, a quarter of a gigabyte


@dataclass(frozen=True)
class Walk:
    """values less the trend: innovation = value - expected. predicted, gain, updated: (n, k); the others (n,).

    NaN: in the first steps, which find the level, the variance has no number; where a value is missing, no innovation.
    names: of the k states.
    """

    predicted: Floats
    expected: Floats
    innovation: Floats
    variance: Floats
    gain: Floats
    updated: Floats
    names: tuple[str, ...]


def walk(found: Estimate, values: Floats) -> Walk | None:
    """Over values (n,); None where its matrices would take too much memory."""
    orders = found.orders
    if len(values) * orders.states**2 > MOST_NUMBERS:
        return None
    around = values - found.trend @ orders.trend_columns(len(values))
    model = state_space(around, orders.without_trend, difference_first=False)
    model.update(np.append(found.lags, 1.0))
    filtered = model.ssm.filter()
    n, design = len(values), model.ssm["design"][0]
    a, F = filtered.predicted_state[:, :n].T, np.array(filtered.forecasts_error_cov[0, 0])
    with np.errstate(all="ignore"):
        gain = np.einsum("ijt,j->ti", filtered.predicted_state_cov[:, :, :n], design) / F[:, None]
    spent = int(filtered.nobs_diffuse)
    F[:spent], gain[:spent] = np.nan, np.nan
    v = np.where(np.isfinite(around), around - a @ design, np.nan)
    return Walk(a, a @ design, v, F * found.scale, gain, filtered.filtered_state.T, _names(orders))


def _names(orders: Orders) -> tuple[str, ...]:
    """Harvey's form: the sums that differences are undone by, then what is known of the next values."""
    (_, d, _), (_, D, _, m) = orders.order, orders.seasonal
    levels = ["level", "slope"][:d] if d <= 2 else [f"difference {k}" for k in range(d)]
    seasons = [f"season {k}" for k in range(1, D * m + 1)]
    rest = [f"in {k} steps" if k else "next value" for k in range(orders.states - len(levels) - len(seasons))]
    return (*levels, *seasons, *rest)
