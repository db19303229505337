"""From a file to a Series, in one call. Knows the order of the steps; each step is a module of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.nouns.series import Series
from engine.reading import codes, oddities
from engine.reading.cells import give_back
from engine.reading.container import Book, open_file
from engine.reading.filling import Fill, fill_missing, fills
from engine.reading.finding import Finding, chosen, first
from engine.reading.frequency import seconds_of
from engine.reading.grid import Regular, regular
from engine.reading.layouts import find_layout
from engine.reading.layouts.layout import Choice, Layout, Observed
from engine.reading.naming import name_of, unit_of
from engine.reading.question import Asking, Question
from engine.reading.slips import Sorted, once_each

FEWEST = 3


@dataclass(frozen=True)
class Outline:
    """What a file offers, before anything is chosen: its sheets, and how the chosen one holds its series."""

    name: str
    sheets: list[str]
    sheet: str
    layout: Layout


@dataclass(frozen=True)
class Facts:
    """What the file has, before any repair. mean: of all its values. absent, off_grid: None where it is irregular."""

    start: np.datetime64
    end: np.datetime64
    zoned: bool
    freq: str | None
    rows: int
    duplicates: int
    absent: int | None
    off_grid: int | None
    empty: int
    mean: float
    in_order: bool


@dataclass(frozen=True)
class Reading:
    """A file read. missing: bool (n,), where the file had no value for the series. choice: what was taken.

    notes: how it was read. findings: what is wrong with it and what was done. questions: what is doubtful.
    """

    outline: Outline
    choice: Choice
    observed: Observed
    facts: Facts
    notes: tuple[str, ...]
    findings: tuple[Finding, ...]
    questions: tuple[Question, ...]
    series: Series
    missing: NDArray[np.bool_]


def outline(data: bytes, name: str, sheet: str | None = None) -> Outline:
    """What the file offers. Raises Lesson where it holds no table of numbers."""
    return outline_of(open_file(data, name), sheet)


def outline_of(book: Book, sheet: str | None = None) -> Outline:
    """The sheet asked for, or else the first that holds a series. Raises Lesson."""
    names = list(book.sheets)
    if sheet is not None:
        return Outline(
            book.name,
            names,
            _sheet_named(names, sheet),
            find_layout(book.sheets[_sheet_named(names, sheet)], book.name),
        )
    problem: Lesson | None = None
    for place, name in enumerate(names):
        try:
            layout = find_layout(book.sheets[name], book.name)
            layout.observe(Choice(), Asking()) if len(names) > 1 else layout.candidates
            return Outline(book.name, names, names[place], layout)
        except Lesson as lesson:
            problem = problem or lesson
    raise problem or Lesson(f"“{book.name}” holds no sheet.", "Expected is a table.", "Choose another file.")


def _sheet_named(names: list[str], wanted: str) -> str:
    by_place = {str(place): name for place, name in enumerate(names, start=1)}
    near = [name for name in names if name.casefold() == wanted.strip().casefold()]
    if wanted in names or wanted in by_place or len(near) == 1:
        return wanted if wanted in names else by_place.get(wanted) or near[0]
    raise Lesson(f"There is no sheet “{wanted}”.", f"The sheets are {', '.join(names[:20])}.", "Choose one of them.")


def read(data: bytes, name: str, choice: Choice | None = None) -> Reading:
    """The file as a Series. Raises Lesson where it cannot be read without guessing."""
    choice = choice or Choice()
    return read_outline(outline(data, name, choice.sheet), choice)


def replay(data: bytes, name: str, read_as: Mapping[str, Any]) -> Reading:
    """New data read as a file was before: `read_as` of its series."""
    return read(data, name, Choice(**read_as))


def read_outline(offered: Outline, choice: Choice | None = None) -> Reading:
    """The series chosen; what is not chosen is the first that is offered, or the likely answer."""
    choice = choice or Choice()
    asking = Asking(choice.answers)
    give_back()
    observed = offered.layout.observe(choice, asking)
    give_back()
    values, findings = codes.without_codes(observed.values, observed.seconds, observed.column, asking)
    if observed.form:
        observed, values = _without_unfilled(observed, values)
    findings = [*_words_for_missing(observed), *findings]
    put_right = once_each(observed.seconds, values, choice.answers)
    on_calendar = regular(put_right.seconds, put_right.values, asking)
    facts = _facts(observed, values, put_right, on_calendar)
    plausible, odd = oddities.marked(on_calendar.values, seconds_of(on_calendar.index), choice.answers)
    findings = [*findings, *put_right.findings, *on_calendar.findings, *odd]
    give_back()
    filled, start, filling = _filled(on_calendar, plausible, choice.answers)
    findings += filling
    taken = _taken(offered, observed, asking, findings)
    series = _series(offered, observed, on_calendar, filled, start, findings, taken)
    missing = np.isnan(plausible)[start : start + len(filled)]
    notes = (*offered.layout.notes, *observed.said)
    return Reading(offered, taken, observed, facts, notes, tuple(findings), tuple(asking.asked), series, missing)


def _without_unfilled(observed: Observed, values: NDArray[np.float64]) -> tuple[Observed, NDArray[np.float64]]:
    """A series from a form without the places at its ends that nobody filled in."""
    order = np.argsort(observed.seconds, kind="stable")
    filled = np.flatnonzero(~np.isnan(values[order]))
    kept = np.sort(order[filled[0] : filled[-1] + 1]) if len(filled) else order
    shorter = replace(observed, seconds=observed.seconds[kept], values=observed.values[kept], codes={})
    return shorter, values[kept]


def _facts(observed: Observed, values: NDArray[np.float64], put_right: Sorted, on_calendar: Regular) -> Facts:
    start, end = put_right.seconds[[0, -1]].astype("datetime64[s]")
    return Facts(
        start, end, observed.zoned, on_calendar.freq, len(values), put_right.repeated, on_calendar.absent,
        on_calendar.off_grid, int(np.isnan(values).sum()), float(np.nanmean(values)), put_right.in_order,
    )  # fmt: skip


def _words_for_missing(observed: Observed) -> list[Finding]:
    findings = []
    if observed.codes:
        said = ", ".join(f"“{code}” ({times:,} times)" for code, times in observed.codes.items())
        where = first(observed.seconds, np.isnan(observed.values))
        total = sum(observed.codes.values())
        findings.append(
            Finding("words", f"{said} in “{observed.column}” stands where a number is expected.", total, where,
                    done=f"{said} in “{observed.column}” was taken for missing.")
        )  # fmt: skip
    if observed.undated:
        rows = "One row has" if observed.undated == 1 else f"{observed.undated:,} rows have"
        left = (
            "One row without a stamp was"
            if observed.undated == 1
            else f"{observed.undated:,} rows without a stamp were"
        )
        none = np.empty(0, np.int64)
        findings.append(
            Finding("undated", f"{rows} a value and no stamp.", observed.undated, none, done=f"{left} left out.")
        )
    return findings


def _filled(
    on_calendar: Regular, plausible: NDArray[np.floating[Any]], answers: Mapping[str, str]
) -> tuple[NDArray[np.floating[Any]], int, list[Finding]]:
    """Values without gaps, where they begin on the calendar, and the finding of what was missing."""
    empty = np.isnan(plausible)
    if not empty.any():
        return plausible, 0, []
    how = chosen("fill", fills(), answers)
    kept, said = fill_missing(pd.Series(plausible, on_calendar.index, copy=False), cast(Fill, how))
    filled, start = kept.to_numpy(np.float64), int(on_calendar.index.searchsorted(kept.index[0]))
    if len(filled) < FEWEST:
        raise Lesson(
            f"There are {len(filled)} values.", f"A series needs at least {FEWEST}.", "Choose another column or file."
        )
    times, places = int(empty.sum()), first(seconds_of(on_calendar.index), empty)
    sentence = f"{times:,} of {len(plausible):,} values {'is' if times == 1 else 'are'} missing on the calendar."
    return filled, start, [Finding("fill", sentence, times, places, fills(), how, " ".join(said))]


def _taken(offered: Outline, observed: Observed, asking: Asking, findings: list[Finding]) -> Choice:
    """Everything that was decided, so that the same can be done again with new data."""
    answered = {question.id: asking.answers.get(question.id, question.likely) for question in asking.asked}
    repairs = {finding.id: finding.chosen for finding in findings if finding.chosen}
    column = observed.column if offered.layout.columns else None
    time = observed.time if offered.layout.columns else None
    series = observed.label or None
    answered.pop("series", None)
    sheet = offered.sheet if len(offered.sheets) > 1 else None
    return Choice(sheet, time, column, series, {**asking.decided, **answered, **repairs})


def _series(
    offered: Outline, observed: Observed, on_calendar: Regular, values: NDArray[np.floating[Any]], start: int,
    findings: list[Finding], taken: Choice,
) -> Series:  # fmt: skip
    said = [sentence for sentence in observed.said if observed.counted and "mean nothing" in sentence]
    repairs = (*said, *(finding.done for finding in findings if finding.done and finding.chosen != "keep"))
    read_as = {key: value for key, value in vars(taken).items() if value}
    index = on_calendar.index[start : start + len(values)]
    name, unit = name_of(offered, observed), unit_of(observed, offered.layout.about)
    return Series(name, index, values.astype(np.float64, copy=False), unit, repairs, read_as=read_as)
