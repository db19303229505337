"""What the Kalman filter sees as it walks over a series, and where it would go on. Estimates nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.estimating.likelihood import run_filter, state_space
from engine.estimating.orders import Floats, Orders


class Path:
    """The filter's walk over `values` (n,) with fixed `parameters`; no step of it sees a later value.

    states: (n, k), after each step's value was seen. innovations: (n,), each value less its forecast one step
    before; NaN where the value is missing.
    """

    def __init__(self, model: Any, parameters: Floats) -> None:
        walked = run_filter(model, parameters, states=True)
        self.states: NDArray[np.float64] = walked.filtered_state.T
        self.innovations: NDArray[np.float64] = walked.forecasts_error[0]
        self._expected = walked.predicted_state.T  # (n + 1, k), before each step's value was seen
        self._design, self._transition = model.ssm["design"][0], model.ssm["transition"]
        self._constant = model.ssm["state_intercept"].reshape(model.k_states, -1)[:, -1]

    def forecast(self, origin: int, horizon: int) -> Floats:
        """The expected values at `origin` and after, (horizon,), knowing those before it."""
        state, ahead = self._expected[origin], []
        for _ in range(horizon):
            ahead.append(float(self._design @ state))
            state = self._transition @ state + self._constant
        return np.array(ahead)


class Walker:
    """Builds the state space of a series once, to walk over it with many parameters."""

    def __init__(self, values: Floats, orders: Orders) -> None:
        self.model = state_space(values, orders, difference_first=False)

    def walk(self, parameters: Floats) -> Path:
        """Raises LinAlgError where the parameters give no finite variances."""
        return Path(self.model, parameters)
