"""From stamps and values as they come to a regular calendar. Knows no file; says each repair in a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from engine.errors import Lesson
from engine.reading.filling import moment
from engine.reading.frequency import Grid, find_grid

# Above this share of repeated stamps with different values a file holds several series, not one with slips.
MOST_REPEATED = 0.1
FEWEST = 3


@dataclass(frozen=True)
class Regular:
    """values: float64 on `index`, NaN where nothing was measured. absent: how many stamps were not in the file."""

    index: pd.DatetimeIndex
    values: pd.Series
    duplicates: int = 0
    absent: int = 0
    repairs: list[str] = field(default_factory=list)


def regular(values: pd.Series) -> Regular:
    """Values by stamp, as in the file, brought onto their calendar. Raises Lesson where there is none."""
    values, repairs = _dated(values)
    values, said = _in_order(values)
    repairs += said
    values, duplicates, said = _once_each(values)
    repairs += said
    if len(values) < FEWEST:
        raise Lesson(
            f"There {'is one stamp' if len(values) == 1 else f'are {len(values)} different stamps'} only.",
            f"A series needs at least {FEWEST}.",
            "Choose a longer file, or another column for the time.",
        )
    grid = find_grid(pd.DatetimeIndex(values.index))
    values, said = _on_grid(values, grid)
    repairs += said
    absent = grid.index.difference(pd.DatetimeIndex(values.index))
    return Regular(grid.index, values.reindex(grid.index), duplicates, len(absent), [*repairs, *_absent_said(absent)])


def _dated(values: pd.Series) -> tuple[pd.Series, list[str]]:
    dated = values[values.index.notna()]
    undated = len(values) - len(dated)
    if not undated:
        return values, []
    rows = "One row without a stamp was" if undated == 1 else f"{undated:,} rows without a stamp were"
    return dated, [f"{rows} left out."]


def _in_order(values: pd.Series) -> tuple[pd.Series, list[str]]:
    if values.index.is_monotonic_increasing:
        return values, []
    if values.index.is_monotonic_decreasing:
        return values.iloc[::-1], ["The newest row came first; the order was turned round."]
    return values.sort_index(kind="stable"), ["Rows were not in the order of time and were sorted."]


def _once_each(values: pd.Series) -> tuple[pd.Series, int, list[str]]:
    """One value for each stamp: exact copies are dropped, different values averaged."""
    repeated = values.index.duplicated()
    if not repeated.any():
        return values, 0, []
    pairs = pd.DataFrame({"stamp": values.index, "value": values.to_numpy()})
    distinct = pairs.drop_duplicates()
    copies = len(pairs) - len(distinct)
    conflicting = distinct["stamp"].duplicated()
    stamps = pd.DatetimeIndex(distinct["stamp"][conflicting])
    if len(stamps) > MOST_REPEATED * len(distinct):
        _refuse_stacked(distinct, stamps)
    said = []
    if copies:
        rows = (
            "One row is an exact copy of another and was"
            if copies == 1
            else f"{copies:,} rows are exact copies and were"
        )
        said.append(f"{rows} dropped.")
    if len(stamps):
        count = stamps.nunique()
        occur = "One stamp occurs" if count == 1 else f"{count:,} stamps occur"
        said.append(
            f"{occur} more than once with different values (the first is {moment(stamps[0])}); they were averaged."
        )
    return distinct.groupby("stamp")["value"].mean(), int(repeated.sum()), said


def _refuse_stacked(distinct: pd.DataFrame, stamps: pd.DatetimeIndex) -> None:
    times = len(distinct) / distinct["stamp"].nunique()
    raise Lesson(
        f"Stamps occur {times:.1f} times each with different values (the first is {moment(stamps[0])}).",
        "A series has one value for each stamp; this file seems to hold several series, one below the other.",
        "Keep the rows of one series, or choose another column for the time.",
    )


def _on_grid(values: pd.Series, grid: Grid) -> tuple[pd.Series, list[str]]:
    """Stamps moved to the grid where they are off it, by less than a step."""
    moved = int((pd.DatetimeIndex(values.index) != grid.places).sum())
    if not moved:
        return values, []
    placed = pd.Series(values.to_numpy(), grid.places)
    said = [f"{'One stamp was' if moved == 1 else f'{moved:,} stamps were'} moved to {grid.moved_to}."]
    if placed.index.has_duplicates:
        shared = int(placed.index.duplicated().sum())
        said.append(f"{shared:,} of them met another value there; those were averaged.")
        placed = placed.groupby(level=0).mean()
    return placed, said


def _absent_said(absent: pd.DatetimeIndex) -> list[str]:
    if not len(absent):
        return []
    if len(absent) == 1:
        return [f"One stamp is not in the file ({moment(absent[0])}); it was put in without a value."]
    first = moment(absent[0])
    return [f"{len(absent):,} stamps are not in the file (the first is {first}); they were put in without a value."]
