"""Chicago ridership by the book's recipe and by our own recommendation: `python -m benchmarks.ridership [NAME ...]`.

Each figure is a validation MAE, the median of five seeds, beside what the book printed. Needs the file in the shared
data folder; trains for minutes.
"""

from __future__ import annotations

import sys
import time
import warnings

import numpy as np

from engine.estimating.ahead import forecast as ahead_of
from engine.estimating.estimate import estimate
from engine.estimating.orders import Orders
from engine.forecasters.networks import best
from engine.kernels.path import make_ready
from engine.nouns.past import past
from engine.nouns.series import Series
from engine.reading import kinds, read
from engine.reading.layouts.layout import Choice
from engine.recipes.book import RECIPES, WINDOW, decided, two_targets
from engine.recipes.booking import FITTED, VALIDATION, material
from engine.recipes.published import PUBLISHED, of_the_chapter
from engine.recipes.recommended import CANDIDATES, chosen, ensemble, forecast, shown_ahead
from engine.recipes.scoring import naive_errors, score
from engine.training import device
from tests.makers import SHARED

FILE = SHARED / "ageron_data" / "CTA_-_Ridership_-_Daily_Boarding_Totals.csv"
SEEDS = range(5)
LAST = 180  # days of the training part that candidates are judged by


def ridership() -> Series:
    """Rail boardings a day, as the pages read them; beside them bus boardings, and the type of the day, known ahead."""
    offered = read.outline(FILE.read_bytes(), FILE.name)
    rail = read.read_outline(offered, Choice(column="rail_boardings"))
    types = {name: kinds.column(rail, name) for name in kinds.kinds(offered)["day_type"]}
    return two_targets(rail.series, {"bus": kinds.column(rail, "bus")}, types)


def _chapter() -> Series:
    cut = of_the_chapter(ridership())
    if cut is None:
        raise SystemExit("The file does not hold the chapter's numbers.")
    return cut


def book(names: list[str]) -> None:
    """Each recipe of the chapter, as it stands there."""
    series = material(ridership())
    for name in names:
        began = time.perf_counter()
        scores = [trained(series, name, seed) for seed in SEEDS]
        median = sorted(scores, key=lambda one: one.mean)[len(scores) // 2]
        steps = "" if len(median.errors) == 1 else f"  +1 {_median(scores, 0):,.0f}  +14 {_median(scores, -1):,.0f}"
        spread = " ".join(f"{one.mean:,.0f}" for one in scores)
        print(
            f"{name:14} {np.median([one.mean for one in scores]):10,.0f}  book {PUBLISHED[name]:10,.0f}  "
            f"naive {median.naive.mean():,.0f}{steps}  ({spread}; {time.perf_counter() - began:.0f} s)",
            flush=True,
        )


def trained(series: Series, name: str, seed: int):
    run = decided(series, name, VALIDATION, seed)
    return score(run, series, best(run, series))


def _median(scores, step: int) -> float:
    return float(np.median([one.errors[step] for one in scores]))


def recommendation(horizon: int) -> None:
    """What we would take, chosen before the validation part begins, and how it fared there."""
    series = shown_ahead(_chapter())
    training = past(series, len(series) - VALIDATION, horizon)
    ranking = chosen(training, horizon, LAST, SEEDS[:2])
    for title, error in ranking.items():
        print(f"   {error:10,.0f}  {title}, on the last {LAST} days of the training part", flush=True)
    best_one = next(one for one in CANDIDATES if one.title == next(iter(ranking)))
    members = ensemble(training, best_one, horizon, SEEDS)
    days = np.arange(len(series) - VALIDATION + WINDOW, len(series) - horizon + 1)
    truth = series.values[days[:, None] + np.arange(horizon)]
    alone = [np.abs(truth - one.told(series, days, horizon)).mean() for one in members]
    mean = np.abs(truth - forecast(series, members, days, horizon)).mean()
    print(
        f"recommended, {horizon:2} ahead {mean:10,.0f}  {best_one.title}, median of {len(members)} seeds; book "
        f"{PUBLISHED['multivariate' if horizon == 1 else 'direct']:,.0f}; naive "
        f"{naive_errors(series, days, horizon).mean():,.0f}; each alone {' '.join(f'{one:,.0f}' for one in alone)}",
        flush=True,
    )


def sarima() -> None:
    """One day ahead over 92 days, refitted every day: as the book prints it, and by exact maximum likelihood."""
    values = np.array(_chapter().values[-VALIDATION:])
    days = range(VALIDATION - FITTED, VALIDATION)
    orders = Orders((1, 0, 0), (0, 1, 1, 7))

    def by_the_book(past_values: np.ndarray) -> float:
        from statsmodels.tsa.arima.model import ARIMA

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(ARIMA(past_values, order=(1, 0, 0), seasonal_order=(0, 1, 1, 7)).fit().forecast()[0])

    def exactly(past_values: np.ndarray) -> float:
        return float(ahead_of(estimate(past_values, orders), past_values, 1)[0][0])

    told = {"statsmodels' defaults on raw units, which stop early": by_the_book, "exact maximum likelihood": exactly}
    for title, by in told.items():
        error = np.mean([abs(values[day] - by(values[:day])) for day in days])
        print(f"SARIMA, {title:52} {error:10,.2f}  book 32,040.72", flush=True)


if __name__ == "__main__":
    make_ready()
    device.settle("plain")
    names = sys.argv[1:] or [*RECIPES, "sarima", "recommended", "recommended 14"]
    others = {"sarima": sarima, "recommended": lambda: recommendation(1), "recommended 14": lambda: recommendation(14)}
    for name in names:
        others[name]() if name in others else book([name])
