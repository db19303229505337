"""L-BFGS down the minus log-likelihood, one iterate at a time. Knows no series and no Frame."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import closing
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.estimating.iterates import Work, iterates
from engine.estimating.likelihood import Likelihood, Point

TOLERANCE = 1e-5  # of the largest slope of the loss, which is per value and so the same for any length


class NotFiniteError(ArithmeticError):
    """The loss or its gradient was not a number at `point`."""

    def __init__(self, point: Point) -> None:
        self.point = point
        super().__init__("the likelihood is not a number")


def descend(likelihood: Likelihood, iterations: int) -> Generator[tuple[Point, str], None, None]:
    """Yield the start and each iterate with "", the last one with "converged" or "not converged".

    Converged is decided here, by the gradient: the library's own flag also says so where it merely stopped. Where
    the line search finds nothing better, the last point comes once more. Raises NotFiniteError.
    """
    work: Work[Point] = partial(_minimise, likelihood, iterations)
    with closing(iterates(work)) as points:
        for step, point in enumerate(points):
            if np.abs(point.score).max() <= TOLERANCE:
                yield point, "converged"
                return
            if step == iterations:
                yield point, "not converged"
                return
            yield point, ""
    yield point, "not converged"


def _minimise(likelihood: Likelihood, iterations: int, hand_over: Callable[[Point], None]) -> None:
    from scipy.optimize import minimize

    tried: dict[bytes, Point] = {}  # since the last iterate, which is one of them

    def loss_and_score(unconstrained: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        point = tried.get(unconstrained.tobytes()) or likelihood.at(unconstrained)
        if not point.finite:
            raise NotFiniteError(point)
        tried[point.unconstrained.tobytes()] = point
        return point.loss, point.score

    def after_iteration(intermediate_result: Any) -> None:
        found = tried.get(intermediate_result.x.tobytes()) or likelihood.at(intermediate_result.x)
        tried.clear()
        hand_over(found)

    loss_and_score(likelihood.start)
    hand_over(tried[likelihood.start.tobytes()])
    # The tolerances are 0 because when to stop is decided where the iterates are taken.
    options = {"maxiter": iterations, "ftol": 0.0, "gtol": 0.0}
    minimize(loss_and_score, likelihood.start, jac=True, method="L-BFGS-B", callback=after_iteration, options=options)
