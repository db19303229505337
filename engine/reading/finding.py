"""Something a file has that a series may not have, and what is done about it. Knows neither file nor series."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.reading.question import Answer

FIRST = 200  # how many places are kept to be shown


@dataclass(frozen=True)
class Finding:
    """sentence: what was found. count: how often. stamps: the first places, seconds since 1970.

    repairs: what can be done, the default first; () where there is no choice. chosen: which is done. done: in words.
    """

    id: str
    sentence: str
    count: int
    stamps: NDArray[np.int64]
    repairs: tuple[Answer, ...] = ()
    chosen: str = ""
    done: str = ""

    @property
    def default(self) -> str:
        return self.repairs[0].value if self.repairs else ""

    def head(self) -> dict[str, object]:
        """The finding as JSON takes it; the first ten places."""
        return {
            "id": self.id, "found": self.sentence, "count": self.count, "done": self.done, "repair": self.chosen,
            "repairs": [{"value": answer.value, "label": answer.label} for answer in self.repairs],
            "first": [moment(stamp) for stamp in self.stamps[:10]],
        }  # fmt: skip


def chosen(id: str, repairs: tuple[Answer, ...], answers: Mapping[str, str]) -> str:
    """The repair asked for, or the default. Raises Lesson where it is none of those offered."""
    given = answers.get(id, repairs[0].value)
    if given not in [repair.value for repair in repairs]:
        offered = ", ".join(repair.value for repair in repairs)
        raise Lesson(f"“{given}” was asked for as the repair of “{id}”.", f"The repairs are {offered}.", "Choose one.")
    return given


def moment(stamp: pd.Timestamp | np.datetime64 | np.int64 | int) -> str:
    """A stamp as people write it: the day alone at midnight, and seconds only where there are any."""
    at = pd.Timestamp(stamp, unit="s") if isinstance(stamp, int | np.integer) else pd.Timestamp(stamp)
    return at.isoformat(sep=" ")[: 10 if at == at.normalize() else 19 if at.second else 16]


def count(number: int, one: str, many: str) -> str:
    """A number and its noun: “value” alone for 1, “1,204 values” otherwise."""
    return one if number == 1 else f"{number:,} {many}"


def first(stamps: NDArray[np.int64], where: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The first places where a mask is true."""
    return stamps[np.flatnonzero(where)[:FIRST]]
