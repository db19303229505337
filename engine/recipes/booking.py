"""Book mode under way: every network of the chapter and its SARIMA, in processes, each kept once it is done.

`python -m engine.recipes FOLDER` does the work; the page writes the folder and reads its log. Draws nothing.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from filelock import Timeout
from pydantic import Field

from engine.comparing import cells
from engine.comparing.grids import Event
from engine.comparing.keeping import Kept, comparison, lay_out
from engine.comparing.plan import code
from engine.comparing.running import events
from engine.comparing.working import launch
from engine.errors import Lesson
from engine.forecasters import networks, sarima
from engine.nouns.forecast import Numbers
from engine.nouns.run import Decisions
from engine.nouns.series import Series
from engine.recipes.book import RECIPES, WINDOW, as_book, decided
from engine.recipes.published import of_the_chapter

DAYS, VALIDATION = 1247, 151
"""The chapter's: three years to learn from, and the five months after that are looked at."""
SARIMA = {"book": "SARIMA, statsmodels' defaults on raw units", "exact": "SARIMA, exact maximum likelihood"}
FITTED, CHUNK = 92, 23
"""Days that a SARIMA is fitted anew for, at the end of those that are kept; and how many of them are one task."""


class Task(NamedTuple):
    """A recipe and its seed; or a way to fit the SARIMA, and which of its days: first to last of those kept."""

    name: str
    seed: int
    first: int = 0
    last: int = 0

    @property
    def kind(self) -> str:
        """What takes about as long: a network takes many times as long as a SARIMA."""
        return "network" if self.name in RECIPES else self.name

    @property
    def title(self) -> str:
        if self.name in RECIPES:
            return f"{RECIPES[self.name].title}, seed {self.seed}"
        return f"{SARIMA[self.name]}, days {self.first} to {self.last - 1}"


class Book(Decisions):
    """What was asked: by how many seeds each network is trained, on which series, by which program."""

    series: str
    seeds: int = Field(1, ge=1, le=12)
    code: str = Field(default_factory=code)

    @property
    def id(self) -> str:
        return hashlib.sha256(f"book {self.model_dump_json()}".encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Result:
    """Mean absolute errors. errors: of each seed, (S, H), a SARIMA's (1, 1). naive: on the same days, (H,)."""

    errors: Numbers
    naive: Numbers


def material(series: Series) -> Series:
    """The last days of a daily series with a second target, as the chapter shows them. Raises Lesson.

    Of the ridership itself, the chapter's own days. The last day is left out where the kind of the next is not known.
    """
    cut = of_the_chapter(series)
    if cut is None:
        end = len(series) - (not _next_day_is_known(series))
        last = slice(max(0, end - DAYS), end)
        beside = series.covariates.part(last.start, last.stop)
        cut = dataclasses.replace(series, index=series.index[last], values=series.values[last], covariates=beside)
    shown, fewest = as_book(cut), VALIDATION + 2 * WINDOW
    if len(cut) < fewest or not np.isfinite(cut.values).all():
        raise Lesson(
            f"“{series.name}” has {len(cut)} days, {int(np.isnan(cut.values).sum())} of them without a value.",
            f"The recipe keeps {VALIDATION} days to be judged by, and learns from windows of {WINDOW} before them.",
            f"Bring at least {fewest} days, all with a value.",
        )
    return shown


def _next_day_is_known(series: Series) -> bool:
    known = series.covariates.known_among(series.covariates.names)
    return bool(np.isfinite(series.covariates.take(known, len(series) + 1)[-1]).all())


def keep(shown: Series, seeds: int) -> Kept:
    """The folder of it. shown: what `material` gave."""
    book = Book(series=shown.hash, seeds=seeds)
    kept = comparison(book.id)
    lay_out(kept, shown, book.model_dump_json())
    return kept


def asked(kept: Kept) -> Book:
    return Book.model_validate_json((kept.folder / "plan.json").read_text())


def tasks(book: Book) -> dict[str, Task]:
    """All there is to do, by key; the SARIMA first, which is quick."""
    first = VALIDATION - FITTED
    chunks = [(day, min(day + CHUNK, VALIDATION)) for day in range(first, VALIDATION, CHUNK)]
    wanted = [Task(name, 0, *chunk) for name in SARIMA for chunk in chunks]
    wanted += [Task(name, seed) for seed in range(book.seeds) for name in RECIPES]
    written = ((json.dumps(["book", book.series, *task, book.code]), task) for task in wanted)
    return {hashlib.sha256(text.encode()).hexdigest()[:32]: task for text, task in written}


def compute(shown: Series, task: Task) -> cells.Arrays:
    """errors and naive, (H,), of a network; the errors of its days, of a SARIMA. Raises Lesson."""
    if task.name in RECIPES:
        from engine.forecasters.networks import best
        from engine.recipes.scoring import score

        run = decided(shown, task.name, VALIDATION, task.seed)
        found = score(run, shown, best(run, shown))
        return {"errors": found.errors, "naive": found.naive}
    from engine.estimating.book import as_in_the_book, by_exact_likelihood

    values = np.array(shown.values[-VALIDATION:])
    by = as_in_the_book if task.name == "book" else by_exact_likelihood
    return {"errors": np.abs(values[task.first : task.last] - by(values[: task.last], task.first))}


def start(kept: Kept) -> None:
    """Have a process work on it; where one already does, nothing happens."""
    if not kept.alive():
        todo = tasks(asked(kept))
        kept.begin("book", {key: one.title for key, one in todo.items()}, {key: one.kind for key, one in todo.items()})
        launch(kept, "engine.recipes")


def work(kept: Kept, workers: int | None = None) -> None:
    """Do what is left to do, write what happens, until it is done or cancelled."""
    try:
        with kept.lock().acquire(timeout=0):
            for event in _happening(kept, workers):
                kept.write("book", event)
    except Timeout:
        return


def _happening(kept: Kept, workers: int | None) -> Iterator[Event]:
    shown = kept.series
    wanted = tasks(asked(kept))
    missing = {key: (shown, task) for key, task in wanted.items() if cells.read(key) is None}
    yield from (Event("done", key) for key in wanted if key not in missing)
    imported = {key: networks.NEEDS if task.name in RECIPES else sarima.NEEDS for key, (_, task) in missing.items()}
    for event in events(missing, compute, workers, None, kept.cancelled, imported):
        if event.state == "done":
            cells.keep(event.key, event.result)
        yield event


def results(shown: Series, book: Book) -> Mapping[str, Result]:
    """What has been computed so far, by recipe or way to fit; a SARIMA's once all its days are there."""
    found: dict[str, list[cells.Arrays]] = {}
    wanted = tasks(book)
    for key, task in wanted.items():
        arrays = cells.read(key)
        if arrays is not None:
            found.setdefault(task.name, []).append(arrays)
    said, week_before = {}, np.abs(shown.values[shown.period :] - shown.values[: -shown.period])
    for name, parts in found.items():
        if name in RECIPES:
            said[name] = Result(np.stack([one["errors"] for one in parts]), parts[0]["naive"])
        elif len(parts) == sum(task.name == name for task in wanted.values()):
            days = np.concatenate([one["errors"] for one in parts])
            said[name] = Result(np.array([[days.mean()]]), np.array([week_before[-len(days) :].mean()]))
    return said
