"""What this visitor does to a series and plans for its runs: the recipe of steps, and the decisions so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.errors import Lesson
from engine.nouns.series import Series
from engine.preparing.recipe import replay
from engine.preparing.steps.contract import Written


def recipe() -> tuple[Written, ...]:
    """The steps done to the series as it was read."""
    return tuple(st.session_state.get("recipe", ()))


def before() -> tuple[Written, ...]:
    """The steps done to another series before this one was chosen."""
    return tuple(st.session_state.get("recipe before", ()))


def base(read: Series) -> Series:
    """The series as it was read, with the columns beside it that were chosen."""
    digest, found = _kept("base", read)
    return found if digest == read.hash else read


def put_beside(read: Series, joined: Series) -> None:
    """From now on this is the series before any step. Raises the Lesson of a step that cannot be done to it."""
    _, before = _kept("base", read)
    st.session_state["base"] = (read.hash, joined)
    try:
        use(recipe(), read)
    except Lesson:
        st.session_state["base"] = (read.hash, before)
        raise


def use(steps: Sequence[Written], read: Series) -> None:
    """From now on these steps. Raises the Lesson of one that cannot be done, and changes nothing then."""
    st.session_state["prepared"] = (read.hash, replay(base(read), steps))
    st.session_state["recipe"] = tuple(steps)


def prepared(read: Series) -> Series:
    """The series that the steps made of this one; the one itself where they were made for another."""
    digest, made = _kept("prepared", read)
    if digest == read.hash:
        return made
    if recipe():
        st.session_state["recipe before"] = recipe()
    st.session_state["prepared"] = st.session_state["base"] = (read.hash, read)
    st.session_state["recipe"], st.session_state["plan"] = (), {}
    return read


def _kept(name: str, read: Series) -> tuple[str, Series]:
    """What was made under that name, and the hash of the series it was made of."""
    digest, made = st.session_state.get(name, ("", read))
    return str(digest), made


def plan() -> dict[str, Any]:
    """What was decided of a run while its series was prepared: sizes, split, transform."""
    return dict(st.session_state.get("plan", {}))


def keep_plan(decided: dict[str, Any]) -> None:
    st.session_state["plan"] = decided
