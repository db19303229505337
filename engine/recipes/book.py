"""Book mode: the recurrent networks of a well-known chapter, decided as it decides them, on any daily series.

Géron, Hands-On Machine Learning, 3rd edition, chapter 15: windows of 56 days, values divided by a power of ten, Keras'
first weights, momentum 0.9, Huber's loss, at most 500 epochs, stopped when the mean absolute error on windows of the
validation part has stood still for 50. Knows no file and trains nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.beside import beside

WINDOW, BATCH, EPOCHS, PATIENCE = 56, 32, 500, 50
COMMON: dict[str, Any] = {
    "optimiser": "momentum", "loss": "huber", "batch": BATCH, "clip": 0, "judged_by": "mae", "patience": PATIENCE,
    "first_weights": "keras",
}  # fmt: skip
NEXT = "next day: "


@dataclass(frozen=True)
class Recipe:
    """One network of the chapter: its settings, how many days ahead, and whether it sees the columns beside."""

    title: str
    settings: Mapping[str, Any]
    horizon: int = 1
    beside: bool = False


RECIPES = {
    "one unit": Recipe("one unit, no layer after it", {"hidden": 1, "head": False, "learning_rate": 0.02}),
    "univariate": Recipe("univariate RNN of 32", {"hidden": 32, "learning_rate": 0.05}),
    "deep": Recipe("three layers of 32", {"hidden": 32, "layers": 3, "learning_rate": 0.01}),
    "multivariate": Recipe("multivariate RNN of 32", {"hidden": 32, "learning_rate": 0.05}, beside=True),
    "direct": Recipe("14 days at once", {"hidden": 32, "learning_rate": 0.02}, 14, beside=True),
    "seq2seq": Recipe(
        "14 days at every time step",
        {"hidden": 32, "learning_rate": 0.1, "topology": "sequence-to-sequence"},
        14,
        beside=True,
    ),
}


def two_targets(series: Series, second: Mapping[str, Series], kinds: Mapping[str, Series]) -> Series:
    """The series with a second target beside it, and the kinds of its days, known ahead, a column of 0 and 1 each."""
    return beside(series, {**second, **kinds}, (*kinds,))


def as_book(series: Series) -> Series:
    """The series with the columns that the chapter shows: the other target as it is, the kind of the *next* day.

    Columns known ahead become the next day's; where there are none, weekday, Saturday and Sunday do.
    """
    _check(series)
    columns, n = series.covariates, len(series)
    unknown = [name for name, known in zip(columns.names, columns.known, strict=True) if not known]
    known = columns.known_among(columns.names)
    kinds = columns.take(known, n + 1) if known else _kinds(series)
    names = (*unknown, *(NEXT + name for name in known or ("weekday", "Saturday", "Sunday")))
    values = np.concatenate([columns.take(unknown, n), kinds[1 : n + 1]], axis=1)
    return dataclasses.replace(series, covariates=Covariates(names, values, (False,) * len(names)))


def _kinds(series: Series) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Weekday, Saturday or Sunday, as 0 and 1, of every day and the one after the last: (n + 1, 3)."""
    days = series.index.union(series.future(1)).day_of_week.to_numpy()
    return np.stack([days < 5, days == 5, days == 6], axis=1).astype(np.float64)


def decided(series: Series, name: str, validation: int, seed: int = 0) -> Run:
    """The run of one recipe. validation: how many days at the end are kept. Raises Lesson.

    series: what `as_book` returned.
    """
    recipe = RECIPES[name]
    windows = len(series) - validation - WINDOW - recipe.horizon + 1
    updates = EPOCHS * max(1, -(-windows // BATCH))
    return decide(
        series, "rnn", {**COMMON, **recipe.settings, "updates": updates},
        window=WINDOW, horizon=recipe.horizon, validation=validation, seed=seed, anchor="level",
        scaling="power of ten", apart=True, covariates=series.covariates.names if recipe.beside else (),
    )  # fmt: skip


def _check(series: Series) -> None:
    if series.freq != "D":
        raise Lesson(
            f"“{series.name}” has one value per {series.freq}.",
            "The recipe is one for days: eight weeks of them, and the kind of the next one.",
            "Choose a daily series.",
        )
    if not any(not known for known in series.covariates.known):
        raise Lesson(
            f"“{series.name}” has no second column of values beside it.",
            "The recipe forecasts one of two targets from both, such as rail and bus.",
            "Choose a series with another column that is not known ahead.",
        )
