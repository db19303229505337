"""Networks as forecasters: trained on a past alone, stopped early on the end of that past, asked at any origin.

The same loop trains them as trains a run that is watched, on the fastest path there is; nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.contract import models
from engine.forecasting import Forecaster
from engine.kernels.path import make_ready, ready
from engine.lazy import torch
from engine.nouns.forecast import Forecast
from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.saying import say
from engine.strategies.names import TITLES, Strategy
from engine.strategies.plans import offered, plan

SETTINGS: dict[str, Any] = {"updates": 1500, "patience": 15, "batch": 32}
"""At most so many updates; an end of the past that was measured 15 times without a new best stops it."""
FEWEST = 12
"""Of four times so many values at least the end of a past consists: an early stop by fewer would be chance."""
NEEDS = ("torch", "engine.kernels.preload", "engine.training.loop", "engine.strategies.answers")
"""Modules that training loads, the compiled kernels among them."""
PARTS = 30
"""Of a training at most: so often it says how far it is, unless an early stop ends it before."""
FIRST: Strategy = "direct"
"""What a network is trained for where no strategy is named."""


@dataclass(frozen=True)
class FittedNetwork:
    """A run's best weights. split: how many values it learned scale and weights from."""

    run: Run
    weights: Array
    split: int

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:  # noqa: ARG002
        """As engine.forecasting.Fitted says; intervals it has none. Raises Lesson where what is known ahead ends."""
        point = self.told(history, np.array([len(history)]), horizon)[0]
        if not np.isfinite(point).all():
            history.covariates.check_ahead(self.run.known_ahead, len(history), horizon)
        return Forecast(history.index[-1], history.future(horizon), point)

    def told(self, series: Series, origins: NDArray[np.int64], horizon: int) -> NDArray[np.float64]:
        """The forecasts from each of these origins of a series that begins as its past did: (N, horizon)."""
        from engine.strategies.answers import told
        from engine.strategies.asked import Asked
        from engine.training.model import network_of

        # The same values lie before the split, so the scale is the same to the bit, however long the series grew.
        run = self.run.model_copy(update={"validation": len(series) - self.split - self.run.test})
        return told(Asked(network_of(run.model), run, series, self.weights, horizon), origins)


def fit(
    model: str, strategy: Strategy, history: Series, horizon: int, seed: int, settings: dict[str, Any] | None = None,
    **sizes: Any,
) -> FittedNetwork:  # fmt: skip
    """Train it, and keep the weights that were best on the end of the past. Raises Lesson."""
    sizes = {"validation": max(horizon, min(len(history) // 5, 4 * max(horizon, history.period, FEWEST))), **sizes}
    run = plan(history, model, strategy, horizon, {**SETTINGS, **(settings or {})}, seed=seed, **sizes)
    return FittedNetwork(run, best(run, history), len(history) - run.validation - run.test)


def best(run: Run, series: Series) -> Array:
    """The weights after the update with the lowest validation error, flat."""
    from engine.training import device
    from engine.training.loop import fit_network
    from engine.training.model import network_of

    path = device.possible(models()[run.model].describe(run, series).path)
    if path != "plain" and not ready():
        make_ready()  # now: else of two fits of one comparison only the later one would take this path
    torch.set_num_threads(device.THREADS)
    kept: Array = np.empty(0)
    network, said = network_of(run.model), 0
    updates = network.settings.model_validate(run.settings).updates
    with device.on(path):
        for frame in fit_network(network, run, series):
            if (part := PARTS * frame.step // updates) > said:
                said = part
                say(part, PARTS)
            if frame.step == 0 or "best validation" in frame.events:
                kept = frame.signals["weights"]
    return kept


def _declared(model: str, strategy: Strategy, order: int) -> Forecaster:
    known, plain = models()[model], strategy == FIRST or model == "seq2seq"
    return Forecaster(
        model if plain else f"{model}-{strategy}",
        known.title if plain else f"{known.title}, {TITLES[strategy].lower()}",
        known.sentence, partial(fit, model, strategy), seeded=True, order=order, needs=NEEDS,
    )  # fmt: skip


FORECASTERS = tuple(
    _declared(model, strategy, 60 + position)
    for position, model in enumerate(models())
    for strategy in sorted(offered(model), key=lambda one: one != FIRST)
)
