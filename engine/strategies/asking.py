"""What a page asks about a run's strategy: its answers from many origins, and its lags, at recorded updates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.estimating.weights import pi_weights
from engine.models.sarima import Question
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace
from engine.strategies.answers import Answers, answers
from engine.strategies.asked import Asked, Numbers, as_origins
from engine.strategies.lags import influence
from engine.training.model import network_of

MOST_WINDOWS = 64
"""Lags are averaged over so many windows of the training part, evenly spread."""


def answers_of(trace: Trace, step: int, origins: Sequence[int], horizon: int) -> Answers:
    """With the weights after that update. Raises Lesson for a model that is no network."""
    network = network_of(trace.run.model)
    run, series = made_under(trace.run, trace.series, step)
    weights = trace.stack("weights", [step])[0]
    return answers(Asked(network, run, series, weights, horizon), as_origins(origins))


def lags_of(trace: Trace, steps: Sequence[int]) -> Numbers:
    """Mean influence of each lag at each update, and the quantiles .1 and .9 over windows: (3, steps, T), lag 1 first.

    A SARIMA's is the same everywhere. Raises Lesson for a model that is neither a SARIMA nor a network.
    """
    if trace.run.model == "sarima":
        orders = Question(trace.run, trace.series).orders
        rows = trace.stack("weights", steps)[:, orders.trends :].astype(np.float64)
        stated = np.stack([pi_weights(orders, row, trace.run.window) for row in rows])
        return np.stack([stated] * 3)
    network = network_of(trace.run.model)
    run, series = made_under(trace.run, trace.series, int(max(steps)))
    split = len(series) - run.validation - run.test
    first = run.window + run.seasonal_difference * series.period + run.difference
    origins = np.unique(np.linspace(first, split - run.horizon, MOST_WINDOWS).astype(np.int64))
    found = influence(network, run, series, trace.stack("weights", steps), origins)
    low, high = np.quantile(found, [0.1, 0.9], axis=1)
    return np.stack([found.mean(axis=1), low, high])
