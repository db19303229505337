"""Our own recommendation for a series with columns beside it: an ensemble of the network that was best before the end.

Candidates are fitted on a past without its last part and asked from every origin of that part; who errs least there is
fitted again on the whole past, with several seeds, and the median of their forecasts is taken. What comes after the
past is never looked at. Knows no file.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.forecasters.networks import FittedNetwork, fit
from engine.nouns.covariates import Covariates
from engine.nouns.past import past
from engine.nouns.series import Series
from engine.preparing.steps.calendar import Calendar, apply
from engine.recipes.book import NEXT
from engine.strategies.asked import Numbers, Origins
from engine.strategies.names import Strategy


@dataclass(frozen=True)
class Candidate:
    """A network and its decisions."""

    title: str
    model: str
    strategy: Strategy
    settings: Mapping[str, Any]
    sizes: Mapping[str, Any]


TRAINED: dict[str, Any] = {"loss": "mae", "learning_rate": 0.003, "updates": 3000, "patience": 25}
WINDOW = 56
SIZES: dict[str, Any] = {"window": WINDOW, "validation": 120}
LEVEL: dict[str, Any] = {**SIZES, "anchor": "level"}
CANDIDATES = (
    Candidate("LSTM", "lstm", "direct", TRAINED, LEVEL),
    Candidate("LSTM on changes", "lstm", "direct", TRAINED, SIZES),
    Candidate("CNN on changes", "cnn", "direct", TRAINED, SIZES),
    Candidate("encoder-decoder of LSTMs", "lstm", "seq2seq", TRAINED, LEVEL),
    Candidate("encoder-decoder of LSTMs on changes", "lstm", "seq2seq", TRAINED, SIZES),
)


def shown_ahead(series: Series) -> Series:
    """The series with the weekday and the time of year, and every column known ahead shown one step early as well.

    What is shown early ends with the values: what lies a step beyond a horizon is not known.
    """
    series, _ = apply(Calendar(day_type=False, weekday=True, month=True, country=""), series)
    beside, n = series.covariates, len(series.covariates.values)
    known = beside.known_among(beside.names)
    early = np.concatenate([beside.take(known, n)[1:], np.full((1, len(known)), np.nan)])
    early[len(series) :] = np.nan
    names = (*beside.names, *(NEXT + name for name in known))
    flags = (*beside.known, *(False for _ in known))
    return dataclasses.replace(
        series, covariates=Covariates(names, np.concatenate([beside.values, early], axis=1), flags)
    )


def chosen(
    series: Series, horizon: int, kept: int, seeds: Sequence[int], candidates: Sequence[Candidate] = CANDIDATES,
    told: Callable[[], None] = lambda: None,
) -> dict[str, float]:  # fmt: skip
    """Mean absolute error of each candidate's ensemble over the origins of the last `kept` values, the best first.

    told: is called after every training.
    """
    n = len(series)
    origins = np.arange(n - kept, n - horizon + 1)
    truth = series.values[origins[:, None] + np.arange(horizon)]
    found = {}
    for one in candidates:
        members = ensemble(past(series, n - kept, horizon), one, horizon, seeds, told)
        found[one.title] = float(np.abs(truth - forecast(series, members, origins, horizon)).mean())
    return dict(sorted(found.items(), key=lambda item: item[1]))


def ensemble(
    history: Series, one: Candidate, horizon: int, seeds: Sequence[int], told: Callable[[], None] = lambda: None
) -> tuple[FittedNetwork, ...]:
    """A candidate fitted on a past, once for each seed. told: is called after every training."""
    members = []
    for seed in seeds:
        members.append(fit(one.model, one.strategy, history, horizon, seed, dict(one.settings), **one.sizes))
        told()
    return tuple(members)


def forecast(series: Series, members: Sequence[FittedNetwork], origins: Origins, horizon: int) -> Numbers:
    """The median of the members' forecasts from each origin: (N, horizon)."""
    return np.asarray(np.median([member.told(series, origins, horizon) for member in members], axis=0))
