"""What every layout offers and gives: the series in it, and one of them as stamps and values. Knows no layout."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.cells import listed
from engine.reading.question import Answer, Asking, Question

# A list longer than this is searched by name, not chosen from one by one.
MOST_OFFERED = 200


@dataclass(frozen=True)
class Choice:
    """What a person wants of a file. answers: to questions, and repairs by the finding they mend; all by id."""

    sheet: str | None = None
    time: str | None = None
    column: str | None = None
    series: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Observed:
    """One series as the file has it. seconds: since 1970, (n,), in the order of the file. values: float64 (n,).

    codes: words taken for missing. counted: whether the stamps are made up. zoned: whether they are UTC.
    form: whether the file has a place for every stamp, so that those at its ends may not be filled in yet.
    """

    name: str
    time: str
    column: str
    label: str
    seconds: NDArray[np.int64]
    values: NDArray[np.float64]
    said: tuple[str, ...]
    codes: Mapping[str, int] = field(default_factory=dict)
    zoned: bool = False
    counted: bool = False
    undated: int = 0
    form: bool = False


class Layout(Protocol):
    """A table that holds series. columns, times, candidates: names to choose from, the best first.

    labels: the series by name, () where the columns are the series. notes: how it was read.
    """

    @property
    def words(self) -> str: ...
    @property
    def columns(self) -> list[str]: ...
    @property
    def times(self) -> list[str]: ...
    @property
    def candidates(self) -> list[str]: ...
    @property
    def labels(self) -> list[str]: ...
    @property
    def notes(self) -> tuple[str, ...]: ...
    @property
    def about(self) -> Mapping[str, str]: ...

    def observe(self, choice: Choice, asking: Asking) -> Observed:
        """The series chosen. Raises Lesson where it cannot be read."""


def chosen_label(labels: list[str], wanted: str | None, asking: Asking) -> str:
    """The series wanted, by its whole name or one part of it; a question where none was named."""
    if wanted is None:
        return labels[0] if len(labels) == 1 else _asked(labels, asking)
    for match in (_whole, _by_part, _in_any_case):
        found = [label for label in labels if match(label, wanted)]
        if len(found) == 1:
            return found[0]
        if found:
            raise Lesson(
                f"“{wanted}” names {len(found):,} series.", f"They are {listed(found, 10)}.", "Name one whole."
            )
    near = difflib.get_close_matches(wanted, labels, 3) or labels[:10]
    raise Lesson(
        f"There is no series “{wanted}”.", f"There are {len(labels):,}, such as {listed(near, 10)}.", "Name one."
    )


def _whole(label: str, wanted: str) -> bool:
    return label == wanted.strip()


def _by_part(label: str, wanted: str) -> bool:
    return wanted.strip() in re.split(r"\s*[,;|]\s*", label)


def _in_any_case(label: str, wanted: str) -> bool:
    return label.casefold() == wanted.strip().casefold()


def _asked(labels: list[str], asking: Asking) -> str:
    offered = tuple(Answer(label, label) for label in labels[:MOST_OFFERED])
    more = f" The first {MOST_OFFERED} are listed; name any other." if len(labels) > MOST_OFFERED else ""
    return asking.ask(
        Question(
            "series", f"The file holds {len(labels):,} series. Which do you want?",
            f"They are {listed(labels, 5)}.{more}", offered, labels[0],
        )
    )  # fmt: skip


def unique(labels: list[str]) -> list[str]:
    """Labels told apart by a number where they are the same."""
    seen: dict[str, int] = {}
    told = []
    for place, label in enumerate(labels, start=1):
        name = label or f"row {place}"
        seen[name] = seen.get(name, 0) + 1
        told.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return told
