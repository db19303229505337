"""Whether these orders can be estimated on these values; a Lesson where they cannot. Estimates nothing."""

from __future__ import annotations

import numpy as np

from engine.errors import Lesson
from engine.estimating.orders import Floats, Orders

MOST_STATES = 200  # a filter step costs their cube: at 366 states one likelihood of 1,500 values takes 5 seconds
SPARE = 3  # values more than parameters, so that an error variance is left to estimate
UNCHANGING = 1e-9  # deviation of the differenced values, which are scaled: below it only rounding is left


def check(values: Floats, orders: Orders) -> None:
    """What is trained: values (n,) of the training part, scaled, NaN where missing."""
    _check_steps(orders)
    check_values(values, orders)


def check_values(values: Floats, orders: Orders) -> None:
    """Whether these values, of any unit, NaN where missing, leave something that these orders can explain."""
    _check_orders(orders)
    if np.isnan(values).any():
        _check_states(orders)
    _check_length(values, orders)
    changes = orders.difference(values)
    changes = changes[np.isfinite(changes)]
    if len(changes) and changes.std() < UNCHANGING * np.nanmax(np.abs(values)):
        raise Lesson(
            "After differencing, the training values are all the same.",
            "The formula explains what differences leave over, and here they leave nothing.",
            "Take differences less often, or choose another series.",
        )


def check_beside(values: Floats, beside: Floats, exact: bool) -> None:
    """Whether the values can be regressed on these columns (b, n), and their gaps left to this method."""
    if beside.size and (beside.shape[1] != len(values) or not np.isfinite(beside).all()):
        raise Lesson(
            f"The columns beside have {beside.shape[1]} rows, {int((~np.isfinite(beside)).sum())} numbers missing.",
            f"There are {len(values)} values, and each needs a number in every column.",
            "Fill the gaps of the columns, or leave them out.",
        )
    if not exact and np.isnan(values).any():
        raise Lesson(
            f"{int(np.isnan(values).sum())} of {len(values)} values are missing.",
            "Conditional least squares take every value for given.",
            "Choose exact maximum likelihood, which can do with gaps.",
        )


def _check_steps(orders: Orders) -> None:
    """The optimiser's steps need something to step over, and the Kalman filter's a state of moderate length."""
    if orders.estimated == 0:
        raise Lesson(
            f"The order {orders.order} with the seasonal order {orders.seasonal[:3]} has no parameter.",
            "Estimation needs at least one: a past value, a past error, or a constant.",
            "Raise p or q, or choose the trend “c”.",
        )
    _check_states(orders)


def _check_orders(orders: Orders) -> None:
    (p, _, q), (P, _, Q, m) = orders.order, orders.seasonal
    for lags, most in ((orders.ar, p), (orders.ma, q)):
        if lags and (sorted(set(lags)) != list(lags) or lags[0] < 1 or lags[-1] != most):
            raise Lesson(
                f"Coefficients were asked for at the lags {', '.join(map(str, lags))}.",
                f"They rise from 1 at least to {most}, as the order says.",
                f"Write them so, or raise the order to {max(lags)}.",
            )
    if (P and p >= m) or (Q and q >= m):
        raise Lesson(
            f"The order {orders.order} reaches back one whole season of {m} steps.",
            "The same past step cannot have a parameter of its own and a seasonal one.",
            f"Choose p and q below {m}, or set the seasonal order to (0, 0, 0).",
        )


def _check_states(orders: Orders) -> None:
    if orders.states > MOST_STATES:
        raise Lesson(
            f"With a season of {orders.seasonal[3]} steps this SARIMA keeps {orders.states} numbers as its state.",
            f"Up to {MOST_STATES} can be estimated in reasonable time.",
            "Choose a shorter period, lower seasonal orders, or resample the series to a coarser step.",
        )


def _check_length(values: Floats, orders: Orders) -> None:
    reach = orders.lost + max(orders.states - orders.lost - 1, 0)
    known, needed = int(np.isfinite(values).sum()), reach + orders.estimated + SPARE
    if known < needed:
        raise Lesson(
            f"The training part has {known} values.",
            f"The order {orders.order} with the seasonal order {orders.seasonal[:3]} at a season of "
            f"{orders.seasonal[3]} steps needs at least {needed}.",
            "Choose lower orders or a shorter period, keep fewer values for validation, or use a longer series.",
        )
