"""Comparisons of several series as one: a folder that names them, one grid for all. Each stays a comparison of its own.

So every one of them can be opened alone, and what is computed here is not computed again there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from pydantic import Field, ValidationError

from engine.comparing import keeping
from engine.comparing.keeping import Kept, comparison
from engine.comparing.plan import Cell, Plan, keys
from engine.errors import Lesson
from engine.nouns.run import Decisions
from engine.nouns.series import Series


class Members(Decisions):
    """Names of series, each with the id of its comparison."""

    members: tuple[tuple[str, str], ...] = Field(min_length=1)

    @property
    def id(self) -> str:
        """The hash of its JSON."""
        return hashlib.sha256(f"many {self.model_dump_json()}".encode()).hexdigest()[:16]


def keep(asked: Sequence[tuple[Series, Plan]]) -> Kept:
    """Their folder, and one for each, made where it is not there yet. The names of the series are their own."""
    members = Members(members=tuple((series.name, keeping.keep(series, plan).folder.name) for series, plan in asked))
    kept = comparison(members.id)
    kept.folder.mkdir(parents=True, exist_ok=True)
    (kept.folder / "plan.json").write_text(members.model_dump_json())
    return kept


def members(kept: Kept) -> dict[str, Kept]:
    """The comparisons by the names of their series. Raises Lesson where the folder is of no such kind."""
    try:
        said = Members.model_validate_json((kept.folder / "plan.json").read_text())
    except (OSError, ValidationError) as error:
        raise Lesson(
            "That comparison of several series is not here.", "They are kept beside the runs.", "Start it again."
        ) from error
    return {name: comparison(folder) for name, folder in said.members}


def tasks(kept: Kept) -> tuple[list[tuple[Series, Plan]], dict[str, Cell], dict[str, str]]:
    """The series with their plans; every cell by key; and what each is called."""
    asked = {name: (one.series, one.plan) for name, one in members(kept).items()}
    cells, titles = dict[str, Cell](), dict[str, str]()
    for name, (series, plan) in asked.items():
        mine = keys(series, plan)
        cells |= mine
        titles |= _titled(name, mine)
    return [*asked.values()], cells, titles


def _titled(name: str, mine: Mapping[str, Cell]) -> dict[str, str]:
    return {key: f"{name}: {cell.title}" for key, cell in mine.items()}
