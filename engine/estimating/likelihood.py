"""The likelihood of a SARIMA, value by value, and its gradient. Knows no optimiser, no Run and no unit.

The Kalman filter gives each value's innovation v_t and its variance F_t, both for an error variance of 1. The error
variance itself is put at its best, sigma^2 = mean(v_t^2 / F_t), so it is no parameter, and the estimate does not
depend on the scale of the values.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from engine.estimating.orders import Floats, Orders

# Of the central differences, in unconstrained parameters: their error is then about 1e-10 of the gradient.
NUDGE = 1e-5
# Partial autocorrelations start at most this far out, x / sqrt(1 + x^2) = 0.98: further out the gradient fades and
# an optimiser would take the start for the end.
FARTHEST_START = 5.0
# Below this a value's diffuse variance is none: the value no longer serves to find the starting level.
NO_DIFFUSE = 1e-9


def state_space(values: Floats, orders: Orders, *, difference_first: bool) -> Any:
    """statsmodels' SARIMAX. Exact diffuse, because its default prior of variance 1e6 errs by gaps near the start."""
    from statsmodels.tsa.statespace.sarimax import SARIMAX

    return SARIMAX(
        values, order=orders.named_order, seasonal_order=orders.seasonal, trend=orders.trend,
        simple_differencing=difference_first, use_exact_diffuse=True,
    )  # fmt: skip


def run_filter(model: Any, parameters: Floats, *, states: bool) -> Any:
    """The Kalman filter's results for an error variance of 1, keeping the states if asked, never their variances."""
    from statsmodels.tsa.statespace import kalman_filter as options

    unneeded = (
        options.MEMORY_NO_LIKELIHOOD | options.MEMORY_NO_GAIN | options.MEMORY_NO_SMOOTHING
        | options.MEMORY_NO_STD_FORECAST | options.MEMORY_NO_PREDICTED_COV | options.MEMORY_NO_FILTERED_COV
    )  # fmt: skip
    if not states:
        unneeded |= options.MEMORY_NO_PREDICTED | options.MEMORY_NO_FILTERED
    model.update(np.append(parameters, 1.0))
    return model.ssm.filter(conserve_memory=unneeded)


@dataclass(frozen=True)
class Point:
    """unconstrained: (k,), any number allowed. parameters: (k,), stationary and invertible. score: (k,),
    the gradient of the loss with respect to the unconstrained parameters."""

    unconstrained: Floats
    parameters: Floats
    loss: float
    score: Floats

    @property
    def finite(self) -> bool:
        return bool(np.isfinite(self.loss) and np.isfinite(self.score).all())


class Likelihood:
    """Of `values`, float64 (n,), centred and scaled by whoever asks, NaN where missing."""

    def __init__(self, values: Floats, orders: Orders) -> None:
        # Differencing first is up to 6 times as quick and the same likelihood, but a gap would spread.
        self.model = state_space(values, orders, difference_first=not np.isnan(values).any())
        self.names = orders.names
        self.lost = len(values) - int(self.model.nobs)

    @cached_property
    def start(self) -> Floats:
        """Unconstrained (k,): conditional least squares, or 0 where those would not be stationary and invertible."""
        from statsmodels.tools.sm_exceptions import EstimationWarning

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", EstimationWarning)  # it says that it takes 0 instead; so does the frame
            start = self.model.untransform_params(self.model.start_params)[:-1]
        return np.clip(np.where(np.isfinite(start), start, 0.0), -FARTHEST_START, FARTHEST_START)

    def constrain(self, unconstrained: Floats) -> Floats:
        """Parameters as statsmodels orders and names them, stationary and invertible."""
        return np.array(self.model.transform_params(np.append(unconstrained, 1.0))[:-1])

    def terms(self, unconstrained: Floats) -> Floats:
        """Each value's share of the loss, (n,); they add up to it. 0 where a value is missing or spent on the start.

        loss = mean over the values of (log(2 pi sigma^2 F_t) + v_t^2 / (sigma^2 F_t)) / 2
        """
        terms = np.zeros(self.lost + self.model.nobs)
        try:
            filtered = run_filter(self.model, self.constrain(unconstrained), states=False)
        except np.linalg.LinAlgError:
            return np.full_like(terms, np.nan)
        known = np.isfinite(self.model.endog[:, 0])
        if filtered.nobs_diffuse:
            known &= filtered.forecasts_error_diffuse_cov[0, 0] < NO_DIFFUSE
        v, F = filtered.forecasts_error[0, known], filtered.forecasts_error_cov[0, 0, known]
        with np.errstate(all="ignore"):  # what is not finite is said by the Point
            variance = np.mean(v**2 / F)
            terms[self.lost :][known] = (np.log(2 * np.pi * variance * F) + v**2 / (variance * F)) / (2 * len(v))
        return terms

    def slopes(self, unconstrained: Floats) -> Floats:
        """Each value's share of the gradient, (n, k), by central differences; they add up to the score."""
        slopes = []
        for position, value in enumerate(unconstrained):
            nudge = np.zeros_like(unconstrained)
            nudge[position] = NUDGE * max(1.0, abs(value))
            with np.errstate(invalid="ignore"):  # infinity less infinity: the Point says that it is not finite
                rise = self.terms(unconstrained + nudge) - self.terms(unconstrained - nudge)
            slopes.append(rise / (2 * nudge[position]))
        return np.stack(slopes, axis=1)

    def at(self, unconstrained: Floats) -> Point:
        """Loss and score at these parameters."""
        unconstrained = np.array(unconstrained)
        loss, score = float(self.terms(unconstrained).sum()), self.slopes(unconstrained).sum(axis=0)
        return Point(unconstrained, self.constrain(unconstrained), loss, score)
