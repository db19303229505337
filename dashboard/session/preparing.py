"""What this visitor does to a series and plans for its runs: the recipe of steps, and the decisions so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from engine.nouns.series import Series
from engine.preparing.recipe import replay
from engine.preparing.steps.contract import Written


def recipe() -> tuple[Written, ...]:
    """The steps done to the series as it was read."""
    return tuple(st.session_state.get("recipe", ()))


def before() -> tuple[Written, ...]:
    """The steps done to another series before this one was chosen."""
    return tuple(st.session_state.get("recipe before", ()))


def use(steps: Sequence[Written], read: Series) -> None:
    """From now on these steps. Raises the Lesson of one that cannot be done, and changes nothing then."""
    st.session_state["prepared"] = (read.hash, replay(read, steps))
    st.session_state["recipe"] = tuple(steps)


def prepared(read: Series) -> Series:
    """The series that the steps made of this one; the one itself where they were made for another."""
    digest: str
    made: Series
    digest, made = st.session_state.get("prepared", ("", read))
    if digest == read.hash:
        return made
    if recipe():
        st.session_state["recipe before"] = recipe()
    st.session_state["prepared"], st.session_state["recipe"] = (read.hash, read), ()
    st.session_state["plan"] = {}
    return read


def plan() -> dict[str, Any]:
    """What was decided of a run while its series was prepared: sizes, split, transform."""
    return dict(st.session_state.get("plan", {}))


def keep_plan(decided: dict[str, Any]) -> None:
    st.session_state["plan"] = decided
