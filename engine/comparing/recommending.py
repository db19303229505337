"""Which forecaster to take for a series, chosen on its past alone by rolling origins, with a sentence why.

Knows forecasters by name. Of an ensemble's kin the safest wins: many small series and few origins make whichever was
best by chance look better than it is, and averages vary least.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.comparing import combining
from engine.comparing.grids import Event
from engine.comparing.origins import fewest
from engine.comparing.plan import Plan, plan
from engine.comparing.rolled import ENSEMBLES, Rolled, rolled, title
from engine.comparing.running import run
from engine.comparing.verdict import difference, ranked, test
from engine.errors import Lesson
from engine.forecasters.beside import carries
from engine.forecasting import Fitted, forecaster, forecasters
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series

ORIGINS = 12
"""Looked back from, where the past is long enough."""

DIFFERENT = ("ets", "theta", "auto_sarima")
"""Smoothing, a trend line, and correlations: averages gain most from models that err differently."""


@dataclass(frozen=True)
class Choice:
    """What to take. members: of an ensemble, with their weights; of one forecaster, that one. sentence: why."""

    name: str
    members: tuple[str, ...]
    weights: tuple[float, ...]
    sentence: str
    rolled: Rolled
    plan: Plan

    def fit(self, history: Series, horizon: int, seed: int = 0) -> Fitted:
        """Every member fitted on all of a history; one that cannot be is left out, while another is there.

        Raises the Lesson of the last where none can.
        """
        fitted, weights, failed = [], [], None
        for name, weight in zip(self.members, self.weights, strict=True):
            try:
                fitted.append(forecaster(name).fit(history, horizon, seed))
                weights.append(weight)
            except Lesson as lesson:
                failed = lesson
        if failed and not fitted:
            raise failed
        return Together(self.name, tuple(fitted), np.array(weights))


@dataclass(frozen=True)
class Together:
    """Several fitted forecasters that say one thing; of one alone, what it says."""

    kind: str
    fitted: tuple[Fitted, ...]
    weights: Numbers

    def forecast(self, history: Series, horizon: int, levels: Sequence[float] = ()) -> Forecast:
        """As engine.forecasting.Fitted says; several together have no intervals of their own."""
        said = [one.forecast(history, horizon, levels) for one in self.fitted]
        if len(said) == 1:
            return said[0]
        point = combining.combine(self.kind, np.stack([one.point for one in said]), self.weights)
        return Forecast(said[0].origin, said[0].index, point)


def suited(series: Series | None = None) -> tuple[str, ...]:
    """Those who are compared where nobody chose: the naive lines, and three models of different kinds.

    Of SARIMA the one whose order is searched: a fixed one is an order that the search weighs too. Where it is asked for
    one series, and columns stand beside its days, networks that read them, too.
    """
    reads = ("beside",) if series is not None and carries(series) else ()
    known = forecasters()
    return tuple(name for name, one in known.items() if one.naive or name in (*DIFFERENT, *reads))


def recommend(
    series: Series,
    horizon: int,
    models: Sequence[str] | None = None,
    origins: int = ORIGINS,
    seeds: int = 1,
    workers: int | None = 1,
    told: Callable[[Event, int], None] | None = None,
) -> Choice:
    """The choice for the `horizon` values after the end of the series. Raises Lesson where it is too short.

    All of `models` (those that suit any series, if not given) are fitted once, before the first of the origins,
    and asked at each.
    """
    room = len(series) - horizon - fewest(series) + 1
    chosen = plan(series, models or suited(series), horizon, max(1, min(origins, room)), 1, refit=0, seeds=seeds)
    for event in run(series, chosen, workers):
        if told:
            told(event, len(chosen.models))
    return choose(rolled(series, chosen), chosen)


def choose(found: Rolled, chosen: Plan) -> Choice:
    """The choice after a comparison: the best ensemble, unless one forecaster leads it by more than chance."""
    order = ranked(found)
    if not order:
        raise Lesson(
            "No forecaster had something to say at every origin.", "They say why in the comparison.", "Choose others."
        )
    alone = next(name for name in order if name not in ENSEMBLES)
    ensemble = next((name for name in order if name in ENSEMBLES), None)
    count = len(found.origins)
    looked = f"Looking back from {count} origin{'s' if count > 1 else ''} of its past, {chosen.policy}:"
    if ensemble is None:
        return Choice(alone, (alone,), (1.0,), f"{looked} {title(alone)} had the lowest error.", found, chosen)
    one = difference(found, alone, ensemble)
    if alone == order[0] and not one.noise:
        why = f"{looked} {title(alone)} beats every average of the others by more than chance ({test(one)})."
        return Choice(alone, (alone,), (1.0,), why, found, chosen)
    best = "had the lowest error" if ensemble == order[0] else f"is no worse than {title(alone)} but for chance"
    names = ", ".join(f"“{title(name)}”" for name in found.members)
    why = (
        f"{looked} the {ensemble if ensemble != 'inverse' else 'error-weighted mean'} of {names} {best} ({test(one)})."
    )
    errors = np.stack([found.points[name][0] - found.truth for name in found.members])
    weights = tuple(map(float, combining.weights(errors)))
    return Choice(ensemble, found.members, weights, why, found, chosen)
