"""Comparisons of several series as one: a folder that names them, one grid for all. Each stays a comparison of its own.

So every one of them can be opened alone, and what is computed here is not computed again there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

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


def asked(kept: Kept) -> list[tuple[Series, Plan]]:
    """The series with their plans."""
    return [(one.series, one.plan) for one in members(kept).values()]


def tasks(kept: Kept) -> tuple[dict[str, Cell], dict[str, str]]:
    """Every cell by key, and what each is called."""
    todo = [
        (name, key, cell) for name, one in members(kept).items() for key, cell in keys(one.series, one.plan).items()
    ]
    return {key: cell for _, key, cell in todo}, {key: f"{name}: {cell.title}" for name, key, cell in todo}
