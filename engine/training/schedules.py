"""The learning rate of each update: a pure function of the settings, so that a run goes on with the rate it had.

With n updates since the warm-up, out of N:  step: rate * decay^floor(n / every);  cosine: rate (1 + cos(pi n / N)) / 2
(Loshchilov and Hutter 2017, arXiv 1608.03983, eq. 5, one period down to 0). Warm-up: rate u / w at update u of w.
"""

from __future__ import annotations

import math

from engine.training.settings import NetworkSettings


def rate(settings: NetworkSettings, update: int) -> float:
    """The learning rate of an update, counted from 1."""
    if update <= settings.warmup:
        return settings.learning_rate * update / settings.warmup
    n, N = update - settings.warmup - 1, settings.updates - settings.warmup
    if settings.schedule == "step":
        return float(settings.learning_rate * settings.decay ** (n // settings.decay_every))
    if settings.schedule == "cosine":
        return settings.learning_rate * (1 + math.cos(math.pi * n / N)) / 2
    return settings.learning_rate
