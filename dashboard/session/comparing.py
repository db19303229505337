"""Which comparison this visitor looks at, and its results, read once it is over. Draws nothing."""

from __future__ import annotations

import streamlit as st

from engine.comparing.keeping import Kept, comparison
from engine.comparing.rolled import Rolled, rolled
from engine.errors import Lesson


def chosen() -> Kept | None:
    """The comparison in the URL, where it is kept here: a refresh and a second tab show the same."""
    wanted = st.query_params.get("comparison")
    try:
        kept = comparison(wanted or "")
    except Lesson:
        return None
    return kept if (kept.folder / "plan.json").exists() else None


def choose(kept: Kept) -> None:
    st.query_params["comparison"] = kept.folder.name


def said(kept: Kept, done: int) -> Rolled:
    """What was said by the time that `done` cells were done."""
    return _said(str(kept.folder), done, kept)


@st.cache_resource(max_entries=4, show_spinner="Reading the comparison …")
def _said(folder: str, done: int, _kept: Kept) -> Rolled:  # noqa: ARG001 - folder and how far it is stand for it
    return rolled(_kept.series, _kept.plan)
