"""Preparing: the steps done to a series, how it is split and transformed, and a look at what comes of it."""

from __future__ import annotations

import streamlit as st

from dashboard import lesson
from dashboard.preparing import beside, looking, planning, steps
from dashboard.session import preparing
from engine.errors import Lesson
from engine.nouns.series import Series


def show(read: Series) -> None:
    """Steps, plan and look, one below the other; `read` is the series before any step."""
    st.subheader("Prepare", divider="gray")
    try:
        beside.bring(read)
        steps.show(read)
    except Lesson as problem:
        lesson.show(problem)
    _planned(read)


@st.fragment
def _planned(read: Series) -> None:
    """Runs again by itself: what is planned changes nothing above it."""
    series = preparing.prepared(read)
    planned = planning.ask(series)
    preparing.keep_plan(planned)
    try:
        looking.show(series, read, planned)
    except Lesson as problem:
        lesson.show(problem)
