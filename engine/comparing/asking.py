"""A forecast or a comparison in one call: what the command line and `import engine` offer. Prints nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from engine.comparing import conformal, recommending
from engine.comparing.board import board, definitions, table, window
from engine.comparing.grids import Event
from engine.comparing.leaking import holds
from engine.comparing.origins import fewest
from engine.comparing.plan import Plan, keys, plan
from engine.comparing.recommending import Choice, suited
from engine.comparing.rolled import Rolled, rolled
from engine.comparing.running import events, run, together
from engine.comparing.verdict import verdict
from engine.errors import Lesson
from engine.forecasting import forecaster, forecasters, needs
from engine.nouns.forecast import Forecast, Numbers
from engine.nouns.series import Series
from engine.opening import series_of

Data = Series | str
"""A series, the path of a file, or the name of a sample."""
AUTO = "auto"
LOOKED_BACK = 40
"""From how many origins an interval is calibrated, where the past is long enough."""


def opened(data: Data, column: str | None = None) -> Series:
    """The series. Raises Lesson."""
    return data if isinstance(data, Series) else series_of(data, column)


def named(model: str, strategy: str | None = None) -> str:
    """The forecaster of a model and a strategy. Raises Lesson where there is none."""
    if strategy is None or f"{model}-{strategy}" in forecasters():
        return model if model == AUTO or strategy is None else f"{model}-{strategy}"
    from engine.strategies.plans import offered

    if strategy in offered(model):
        return model  # the one it is trained for where none is named
    raise Lesson(
        f"“{model}” does not forecast by the strategy “{strategy}”.",
        f"It offers {', '.join(offered(model)) or 'none: it is no network'}.",
        "Choose another, or leave it out.",
    )


def forecast(
    data: Data,
    model: str = AUTO,
    horizon: int = 12,
    strategy: str | None = None,
    level: float = 90.0,
    seed: int = 0,
    told: Callable[[Event, int], None] | None = None,
) -> pd.DataFrame:
    """point, lower and upper for each of the next `horizon` stamps; "auto" takes what `recommend` chooses.

    Intervals are the forecaster's own where it has some, else split-conformal, from its errors at origins of the past;
    NaN where the past is too short for the level. told: is called when one looked back from the past, and how many
    will. Raises Lesson.
    """
    series, name = opened(data), named(model, strategy)
    if not 0 < level < 100 or horizon < 1:
        raise Lesson(
            f"A level of {level:g} % and a horizon of {horizon} were asked for.",
            "A level lies between 0 and 100, a horizon is 1 at least.",
            "Choose others.",
        )
    if name == AUTO:
        choice = recommending.recommend(series, horizon, origins=LOOKED_BACK, told=told)
        said = choice.fit(series, horizon, seed).forecast(series, horizon, [level])
        name, looked = choice.name, choice.rolled
    else:
        said, looked = forecaster(name).fit(series, horizon, seed).forecast(series, horizon, [level]), None
    lower, upper = said.intervals.get(level) or _around(said, series, name, level, looked)
    return pd.DataFrame({"point": said.point, "lower": lower, "upper": upper}, index=said.index)


def recommend(data: Data, horizon: int = 12, models: Sequence[str] = ()) -> Choice:
    """Which forecaster to take, chosen on the series by rolling origins, with a sentence why. Raises Lesson."""
    return recommending.recommend(opened(data), horizon, models or None)


def _around(said: Forecast, series: Series, name: str, level: float, found: Rolled | None) -> tuple[Numbers, Numbers]:
    """The point less and plus the conformal width."""
    horizon = len(said.point)
    count = min(LOOKED_BACK, len(series) - horizon - fewest(series) + 1)
    if found is None and count > 0:
        past = plan(series, [name], horizon, count, 1, refit=0, seeds=1)
        for _ in run(series, past, workers=1):
            pass
        found = rolled(series, past)
    width = np.full(horizon, np.nan)
    if found is not None:
        width = conformal.ahead(found.points[name][0] - found.truth, found.origins, level)
    return said.point - width, said.point + width


@dataclass(frozen=True)
class Backtest:
    """A comparison that is done. table: one line for each, the lowest MAE first. failed: who could not, and why."""

    table: pd.DataFrame
    verdict: str
    window: str
    policy: str
    definitions: Mapping[str, str]
    failed: tuple[str, ...]
    rolled: Rolled
    plan: Plan


@dataclass(frozen=True)
class Terms:
    """What is asked of a comparison besides series and forecasters.

    horizon: how many values ahead. origins: how many, `step` values apart; None spreads them. refit: fitted anew at
    every so many origins; 0 is once. seeds: of networks. level: of coverage and Winkler, in percent. workers: how many
    processes, 1 for this one alone. scheduler: the address of dask's. told: is called with everything that happens,
    and how many cells there are.
    """

    horizon: int = 12
    origins: int = 20
    step: int | None = None
    refit: int = 1
    seeds: int = 3
    level: float = 90.0
    workers: int | None = None
    scheduler: str | None = None
    told: Callable[[Event, int], None] | None = None

    def plan(self, series: Series, models: Sequence[str]) -> Plan:
        """What is decided by it for one series. Raises Lesson."""
        levels = sorted({80.0, self.level})
        return plan(series, models, self.horizon, self.origins, self.step, self.refit, self.seeds, levels)


def backtest(data: Data, models: Sequence[str] = (), **terms: Any) -> Backtest:
    """Every forecaster at the same rolling origins; the naive lines are always among them. Raises Lesson.

    terms: those of `Terms`, by name.
    """
    return backtests([data], models, **terms)[0]


def backtests(data: Sequence[Data], models: Sequence[str] = (), **terms: Any) -> tuple[Backtest, ...]:
    """The same of several series, in their order, as one grid of series, forecasters, origins and seeds."""
    asked = Terms(**terms)
    names = [*(name for name, one in forecasters().items() if one.naive), *(models or suited())]
    plans = [(one, asked.plan(one, names)) for one in map(opened, data)]
    titles = [{key: cell.title for key, cell in keys(*one).items()} for one in plans]
    failed: dict[str, str] = {}
    for event in together(plans, asked.workers, asked.scheduler):
        if asked.told:
            asked.told(event, sum(map(len, titles)))
        if event.state == "failed":
            failed[event.key] = event.message
    return tuple(_done(*one, asked.level, of, failed) for one, of in zip(plans, titles, strict=True))


def _done(series: Series, chosen: Plan, level: float, titles: Mapping[str, str], why: Mapping[str, str]) -> Backtest:
    found = rolled(series, chosen)
    failed = tuple(f"{title}: {why[key]}" for key, title in titles.items() if key in why)
    said = definitions(found, chosen.levels, level)
    rows = table(board(found, chosen.levels, level))
    return Backtest(rows, verdict(found), window(series, found, level), chosen.policy, said, failed, found, chosen)


def leaks(
    data: Data, models: Sequence[str] = (), horizon: int = 12, origins: int = 3, workers: int | None = 1
) -> dict[str, bool]:
    """Whether a forecast moved when everything after its origin was poisoned, by forecaster. Raises Lesson."""
    series = opened(data)
    chosen = plan(series, models or suited(), horizon, origins, seeds=1)
    cells = keys(series, chosen)
    moved = dict.fromkeys(chosen.models, False)
    tasks = {key: (series, cell) for key, cell in cells.items()}
    for event in events(tasks, holds, workers, imported=needs({key: cell.model for key, cell in cells.items()})):
        if event.state == "done":
            moved[cells[event.key].model] |= not event.result
        elif event.state == "failed":
            raise Lesson(f"{cells[event.key].title}: {event.message}", "It has to forecast first.", "Leave it out.")
    return moved
