"""Which closer look a person takes at a run; only the chosen one is asked for and drawn."""

from __future__ import annotations

import streamlit as st

from dashboard import lesson
from dashboard.closer import breaking, forking, number, window
from engine import runs
from engine.errors import Lesson
from engine.nouns.trace import Trace

LOOKS = {"A number": number.show, "A window": window.show, "Fork": forking.show, "Break when": breaking.show}


@st.fragment
def look_closer(run_id: str) -> None:
    """The chosen look, in a part of the page that runs again by itself."""
    st.subheader("Look closer")
    look = st.segmented_control("Look closer", list(LOOKS), key="closer", label_visibility="collapsed")
    if look is None:
        st.caption(
            "Open any number into the arithmetic that made it, look at any window, go on from an exact past with one "
            "thing changed, or have the training stop when something happens."
        )
        return
    try:
        with Trace(runs.path(run_id)) as trace:
            LOOKS[look](trace)
    except Lesson as problem:
        lesson.show(problem)
