"""Columns whose stamps are written in several ways: one date format beside another, or years, quarters and months."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import NDArray

from engine.reading.cells import Cells, matches
from engine.reading.counted import YEARS
from engine.reading.question import Answer, Asking, Question
from engine.reading.stamps import NONE, Reading, partial

# A way of writing that fewer cells share than this is a slip, not a way.
FEWEST, SHARE = 3, 0.02
MOST_WAYS = 3
ADJECTIVES = {"year": "yearly", "half-year": "half-yearly", "quarter": "quarterly", "month": "monthly"}
ADJECTIVES |= {"week": "weekly", "day": "daily", "second": "at times of day"}
FINENESS = tuple(ADJECTIVES)


def _groups(texts: Cells) -> list[list[Reading]]:
    """Ways of writing that exclude each other, the commonest first, each with its readings."""
    groups = partial(texts, max(FEWEST, int(SHARE * len(texts))))
    if (years := _years(texts)) is not None:
        groups.append([years])
    groups.sort(key=lambda group: -int(group[0].fits.sum()))
    apart: list[list[Reading]] = []
    taken = np.zeros(len(texts), bool)
    for group in groups:
        if not (group[0].fits & taken).any():
            apart.append(group)
            taken |= np.any([reading.fits for reading in group], axis=0)
    return apart if taken.all() and 1 < len(apart) <= MOST_WAYS + 1 else []


def _years(texts: Cells) -> Reading | None:
    """Bare years among other stamps."""
    bare = matches(texts, r"\d{4}")
    if bare.sum() < FEWEST:
        return None
    years = np.array([int(text) if lone else 0 for text, lone in zip(texts.to_pylist(), bare, strict=True)])
    fits = bare & (years >= YEARS[0]) & (years <= YEARS[1])
    seconds = ((years - 1970) * 12).view("datetime64[M]").astype("datetime64[s]").astype(np.int64)
    return Reading("year", np.where(fits, seconds, NONE), "year", roles="Y")


def one_of_several(texts: Cells, asking: Asking) -> tuple[Reading, NDArray[np.bool_]] | None:
    """Years, quarters and months stacked in one column: which of them is asked, the finest being likely.

    Returns its reading and where it is, (n,), or None where the column holds one frequency.
    """
    groups = [group[0] for group in _groups(texts)]
    units = [reading.unit for reading in groups]
    if len(groups) < 2 or len(set(units)) < len(units):
        return None
    groups.sort(key=lambda reading: -FINENESS.index(reading.unit))
    answers = tuple(Answer(ADJECTIVES[g.unit], f"{ADJECTIVES[g.unit]} ({int(g.fits.sum()):,} rows)") for g in groups)
    firsts = [f"“{texts[int(np.argmax(g.fits))].as_py()}”" for g in groups]
    question = Question(
        "frequency", "Series of several frequencies stand in one column. Which of them do you want?",
        f"Stamps are written as {', '.join(firsts)}.", answers, answers[0].value,
    )  # fmt: skip
    given = asking.ask(question)
    chosen = next(reading for reading in groups if ADJECTIVES[reading.unit] == given)
    return chosen, chosen.fits


def together(texts: Cells) -> list[Reading]:
    """Two or three ways of writing the same kind of stamp, read together so that the steps are most even."""
    groups = _groups(texts)
    units = {group[0].unit for group in groups}
    if not groups or len(units) > 1 or len(groups) > MOST_WAYS:
        return []
    joined = [_joined(readings) for readings in product(*groups)]
    fewest = min(reading.misfits for reading in joined)
    return sorted((r for r in joined if r.misfits == fewest), key=lambda reading: reading.evenness)


def _joined(readings: tuple[Reading, ...]) -> Reading:
    seconds = np.max([reading.seconds for reading in readings], axis=0)  # NONE is the least of all numbers
    words = " beside ".join(reading.words for reading in readings)
    said = dict.fromkeys(sentence for reading in readings for sentence in reading.said)
    unit, zoned = readings[0].unit, any(reading.zoned for reading in readings)
    mixed = f"Stamps are written in {len(readings)} ways ({words}); they were read together."
    return Reading(words, seconds, unit, zoned, (*said, mixed), "+".join(reading.roles for reading in readings))
