"""A network made with random weights, and every value that passes in it. Knows no oracle."""

from __future__ import annotations

import numpy as np
import torch

from engine.training.network import Ahead
from engine.training.parameters import uniform
from tests.makers import small, wave

WINDOW, BATCH, HORIZON = 11, 3, 3


class Seen:
    """A tap that keeps what passes, (T, B, rows) by name, T being 1 where there is no time."""

    def __init__(self):
        self.values = {}

    def __call__(self, name, value, t=None):
        self.values.setdefault(name, []).extend([value] if value.ndim == 2 else value.unbind(1))
        return value


def made(module, settings, seed, truth=False):
    """Random weights in float64, random inputs, and what the network made of them."""
    run = small(wave(), window=WINDOW, horizon=HORIZON)
    shapes = module.shapes(settings, run)
    weights = {
        name: torch.tensor(w, dtype=torch.float64)
        for name, w in uniform(shapes, dict.fromkeys(shapes, 2), seed).items()
    }
    random = np.random.default_rng(seed)
    inputs = torch.tensor(random.normal(size=(BATCH, WINDOW, 1)))
    seen = Seen()
    forecast = module.forward(settings, weights, inputs, seen, told(random.normal(size=(BATCH, HORIZON)), truth))
    return weights, inputs, forecast, {name: torch.stack(values) for name, values in seen.values.items()}


def told(truth=None, fed=False):
    """What a network is told of the horizon, in float64."""
    return Ahead(torch.zeros(BATCH, HORIZON, 0, dtype=torch.float64), torch.tensor(truth) if fed else None)
