"""Which regular calendar stamps lie on. Knows stamps only: sorted, each once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.reading.stamps import tallied

DAY = 86_400
# Fewer stamps than this on the grid, or a grid with more empty places than this leaves, is no frequency.
ENOUGH_ON_GRID = 0.9
ENOUGH_FILLED = 0.5
MOST_MONTHS = 20_000
MONTH_NAMES = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
UNITS = ((7 * DAY, "week"), (DAY, "day"), (3600, "hour"), (60, "minute"), (1, "second"))


@dataclass(frozen=True)
class Grid:
    """index: the full calendar, with its frequency. places: where each stamp goes, rising. moved_to: in words."""

    index: pd.DatetimeIndex
    places: pd.DatetimeIndex
    moved_to: str


@dataclass(frozen=True)
class Irregular:
    """Stamps that lie on no calendar. modal: the most common step in seconds. share: of the steps that are so long.

    odd: the position of the first step that is not. on_grid: the share of stamps that would lie on such a calendar.
    """

    modal: int
    share: float
    odd: int
    on_grid: float


def find_grid(stamps: pd.DatetimeIndex) -> Grid | Irregular:
    """The calendar of at least two sorted, distinct stamps; what they look like where they are irregular."""
    seconds = seconds_of(stamps)
    modal = _most_common(seconds[1:] - seconds[:-1])
    monthly = _monthly(stamps)
    span = int(seconds[-1] - seconds[0])
    if not monthly and span // modal > len(stamps) / ENOUGH_FILLED:
        return _irregular(seconds, modal, 0.0)
    grid = _by_months(stamps) if monthly else _by_seconds(stamps, seconds, modal)
    on_grid = float((grid.places == stamps).mean())
    places = seconds_of(grid.places)
    distinct = 1 + int((places[1:] != places[:-1]).sum())
    sparse = distinct < ENOUGH_FILLED * len(grid.index)
    if sparse or (not monthly and on_grid < ENOUGH_ON_GRID):
        return _irregular(seconds, modal, on_grid)
    return grid


def _irregular(seconds: NDArray[np.int64], modal: int, on_grid: float) -> Irregular:
    usual = seconds[1:] - seconds[:-1] == modal
    return Irregular(modal, float(usual.mean()), int(np.argmin(usual)), on_grid)


def seconds_of(stamps: pd.DatetimeIndex) -> NDArray[np.int64]:
    """Seconds since 1970, without a copy where the stamps are counted in seconds, as they are here."""
    return stamps.to_numpy().astype("datetime64[s]", copy=False).view(np.int64)


def _monthly(stamps: pd.DatetimeIndex) -> bool:
    """At most one stamp a month, in the same week of it: months, quarters or years."""
    if len(stamps) > MOST_MONTHS:
        return False
    months = stamps.year * 12 + stamps.month
    from_end = stamps.days_in_month - stamps.day
    same_week = stamps.day.max() - stamps.day.min() < 7 or from_end.max() < 7
    return bool(months.is_unique and same_week)


def _most_common(steps: NDArray[np.int64]) -> int:
    kinds, times = tallied(steps)
    return int(kinds[np.argmax(times)])


def _by_seconds(stamps: pd.DatetimeIndex, seconds: NDArray[np.int64], step: int) -> Grid:
    if step == DAY and _business_days(stamps):
        return _calendar(stamps, "B", "the business day")
    moved_to = f"the nearest step of {said_step(step)}"
    if bool((seconds[1:] - seconds[:-1] == step).all()):
        index = pd.DatetimeIndex(stamps, freq=_fixed(step, stamps[0]), copy=False)
        return Grid(index, index, moved_to)
    phase = _most_common(seconds % step)
    places = (seconds - phase + step // 2) // step * step + phase
    freq = _fixed(step, pd.Timestamp(int(places[0]), unit="s"))
    index = pd.date_range(_stamp(places[0]), _stamp(places[-1]), freq=freq, unit="s")
    return Grid(index, pd.DatetimeIndex(places.view("datetime64[s]"), copy=False), moved_to)


def _stamp(seconds: np.int64) -> pd.Timestamp:
    return pd.Timestamp(np.datetime64(int(seconds), "s"))


def _business_days(stamps: pd.DatetimeIndex) -> bool:
    """No Saturday and no Sunday, over two weeks at least, at midnight."""
    weekday = (stamps.day_of_week < 5).all() and (stamps == stamps.normalize()).all()
    return bool(weekday) and (stamps[-1] - stamps[0]).days >= 14


def _fixed(step: int, first: pd.Timestamp) -> str:
    if step == 7 * DAY and first == first.normalize():
        return f"W-{first.strftime('%a').upper()}"
    for size, code in ((DAY, "D"), (3600, "h"), (60, "min"), (1, "s")):
        if step % size == 0:
            return f"{step // size}{code}"
    raise ValueError(f"a step of {step} seconds")


def _by_months(stamps: pd.DatetimeIndex) -> Grid:
    """Months, quarters, years: at their start or their end as most stamps are; others move to the start."""
    months = stamps.year * 12 + stamps.month - 1
    step = _most_common(np.diff(months.to_numpy()))
    at_end = bool(stamps.is_month_end.all())
    phase = int(months[0]) % step
    code = _month_code(step, int(stamps[0].month), "E" if at_end else "S")
    words = {1: "month", 3: "quarter", 12: "year"}.get(step, f"{step} months")
    place = (months - phase) // step * step + phase
    starts = pd.DatetimeIndex((place.to_numpy() - 1970 * 12).astype("datetime64[M]").astype("datetime64[s]"))
    places = starts + pd.offsets.MonthEnd(1) if at_end else starts
    index = pd.date_range(places[0], places[-1], freq=code, unit="s")
    return Grid(index, pd.DatetimeIndex(places), f"the {'end' if at_end else 'start'} of the {words}")


def _month_code(step: int, month: int, edge: str) -> str:
    if step == 12:
        return f"Y{edge}-{MONTH_NAMES[month - 1]}"
    if step == 3:
        return f"Q{edge}-{MONTH_NAMES[(month - 1) % 3]}"
    return f"M{edge}" if step == 1 else f"{step}M{edge}"


def _calendar(stamps: pd.DatetimeIndex, freq: str, words: str) -> Grid:
    return Grid(pd.date_range(stamps[0], stamps[-1], freq=freq, unit="s"), stamps, words)


def said_step(step: int) -> str:
    """Seconds as people say them: “15 minutes”, “1 day”."""
    size, unit = next((size, unit) for size, unit in UNITS if step % size == 0)
    return f"{step // size} {unit}{'' if step == size else 's'}"
