"""Which comparisons this visitor looks at, and their results, read as far as they are. Draws nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

import streamlit as st

from engine.comparing import many
from engine.comparing.keeping import Kept, comparison
from engine.comparing.partly import fair
from engine.comparing.ranking import Ranking, ranking
from engine.comparing.rolled import Rolled, rolled
from engine.errors import Lesson

Which = Literal["comparison", "advice", "ahead", "book", "many"]
"""What a person planned, what a recommendation is made of, the recommended one's forecast, book mode, several."""


def chosen(which: Which = "comparison") -> Kept | None:
    """The one in the URL, where it is kept here and of that kind: a refresh and a second tab show the same."""
    try:
        kept = comparison(st.query_params.get(which, ""))
    except Lesson:
        return None
    return kept if (kept.folder / "plan.json").exists() and _is(kept, which) else None


def _is(kept: Kept, which: Which) -> bool:
    """Whether a folder is of that kind: addresses are written by hand, too."""
    try:
        plan = kept.plan
    except Lesson:
        return which == ("many" if _names_series(kept) else "book")
    beyond = plan.origins[-1] + plan.horizon > len(kept.series)
    return which not in ("book", "many") and beyond == (which == "ahead")


def _names_series(kept: Kept) -> bool:
    try:
        return bool(many.members(kept))
    except Lesson:
        return False


def choose(kept: Kept, which: Which = "comparison") -> None:
    st.query_params[which] = kept.folder.name


def said(kept: Kept, done: int) -> Rolled:
    """What was said by the time that `done` cells were done."""
    return _said(str(kept.folder), done, kept)


def so_far(kept: Kept, done: int, failed: Collection[str]) -> tuple[Rolled | None, tuple[str, ...]]:
    """The same while it is under way, as `fair` has it."""
    return _so_far(str(kept.folder), done, tuple(sorted(failed)), kept)


@st.cache_resource(max_entries=6, show_spinner="Reading the comparison …")
def _said(folder: str, done: int, _kept: Kept) -> Rolled:  # noqa: ARG001 - folder and how far it is stand for it
    return rolled(_kept.series, _kept.plan)


@st.cache_resource(max_entries=4, show_spinner=False)
def _so_far(folder: str, done: int, failed: tuple[str, ...], _kept: Kept) -> tuple[Rolled | None, tuple[str, ...]]:  # noqa: ARG001
    series = _kept.series
    return fair(rolled(series, _kept.plan), series, failed)


def ranked(kept: Kept, done: int) -> Ranking | None:
    """Forecasters over several series, by the time that `done` cells were done."""
    return _ranked(str(kept.folder), done, kept)


@st.cache_resource(max_entries=6, show_spinner="Ranking over the series …")
def _ranked(folder: str, done: int, _kept: Kept) -> Ranking | None:  # noqa: ARG001
    found = ranking({name: rolled(one.series, one.plan) for name, one in many.members(_kept).items()})
    if found:
        _ = found.critical  # looked up once, and here: behind the words that it takes a while
    return found
