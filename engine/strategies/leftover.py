"""What a trained run leaves over: its errors one step ahead on the training part, and how they hang together.

Trains nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.estimating.diagnostics import diagnose
from engine.models.sarima import Problem
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace
from engine.strategies.asked import Numbers
from engine.strategies.asking import answers_of


@dataclass(frozen=True)
class LeftOver:
    """autocorrelation: (L,), lag 1 first. band: noise stays within it 95 times of 100, 1.96 / sqrt(errors)."""

    autocorrelation: Numbers
    band: float


def left_over(trace: Trace, step: int, lags: int) -> LeftOver:
    """Of the weights after that update, truth less forecast at every step of the training part that has a past.

    A SARIMA's are the innovations of its filter, less those that find the level. Raises Lesson for a model that is
    neither a SARIMA nor a network.
    """
    found = diagnose(_errors(trace, step), 0, lags)
    return LeftOver(found.autocorrelation, found.band)


def _errors(trace: Trace, step: int) -> Numbers:
    run, series = made_under(trace.run, trace.series, step)
    split = len(series) - run.validation - run.test
    if run.model == "sarima":
        problem = Problem(run, series)
        path = problem.walker.walk(trace.stack("weights", [step])[0].astype(np.float64))
        return np.asarray(path.innovations[problem.orders.lost : split])
    first = run.window + run.seasonal_difference * series.period + run.difference
    return answers_of(trace, step, range(first, split), 1).error[:, 0]
