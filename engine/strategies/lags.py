"""The lag lens: how far the next forecast moves with each past value, d forecast / d x_(t-k). Trains nothing.

The AR form of a SARIMA forecasts a sum of pi_k x_(t-k), so its derivatives are its pi-weights, which
engine.estimating.weights finds: one axis serves all.
"""

from __future__ import annotations

import numpy as np

from engine.lazy import torch
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.strategies.asked import Numbers, Origins
from engine.training.network import Network, untouched
from engine.training.parameters import split
from engine.training.windows import Windows


def influence(network: Network, run: Run, series: Series, weights: Array, origins: Origins) -> Numbers:
    """Of the first step's forecast, on the series as the model sees it: (K, N, T), lag 1 first.

    weights: (K, P). One pass back serves all windows of an update: each window's forecast hangs on its own values.
    """
    settings = network.settings.model_validate(run.settings)
    windows = Windows(prepare(run, series), settings.batch, torch.device("cpu"), settings.every)
    starts = origins - run.window
    ahead, found = windows.ahead(starts), []
    for flat in torch.from_numpy(weights):
        rows = windows.rows(starts)[:, : run.window].clone().requires_grad_()
        shapes = network.shapes(settings, run)
        told = network.forward(settings, split(flat, shapes), windows.inputs(rows, starts), untouched, ahead)
        first = (told[:, -1] if settings.every else told)[:, :1] + windows.level(rows)
        (gradient,) = torch.autograd.grad(first.sum(), rows)
        found.append(gradient.flip(1).double().numpy())
    return np.stack(found)
