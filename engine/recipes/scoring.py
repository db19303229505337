"""How good a trained recipe is on the days it was kept from: mean absolute errors per step, beside the naive line."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from engine.nouns.frame import Array
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.strategies.answers import told
from engine.strategies.asked import Asked, Numbers, Origins
from engine.training.model import network_of


@dataclass(frozen=True)
class Score:
    """Mean absolute errors in the unit of the series, (horizon,), over the same origins."""

    errors: Numbers
    naive: Numbers

    @property
    def mean(self) -> float:
        return float(self.errors.mean())


def origins(run: Run, series: Series) -> Origins:
    """Every origin whose window and horizon lie wholly in the validation part."""
    return np.arange(len(series) - run.validation + run.window, len(series) - run.horizon + 1)


def score(run: Run, series: Series, weights: Array) -> Score:
    """Of one network, from all these origins."""
    chosen = origins(run, series)
    asked = Asked(network_of(run.model), run, series, weights, run.horizon)
    truth = asked.truth(chosen)
    return Score(np.abs(truth - told(asked, chosen)).mean(axis=0), naive_errors(series, chosen, run.horizon))


def naive_errors(series: Series, chosen: Origins, horizon: int) -> Numbers:
    """Of the value one season ago, (horizon,); beyond one season, of the last season again."""
    ahead = np.arange(horizon)
    truth = series.values[chosen[:, None] + ahead]
    repeated = series.values[chosen[:, None] - series.period + ahead % series.period]
    return np.asarray(np.abs(truth - repeated).mean(axis=0))
