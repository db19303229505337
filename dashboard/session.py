"""The one place that touches st.session_state, st.query_params and caches. Draws nothing."""

from __future__ import annotations

import streamlit as st

from engine.nouns.series import Series


def series() -> Series | None:
    """The series this visitor has chosen, if any."""
    return st.session_state.get("series")


def choose_series(chosen: Series) -> None:
    st.session_state["series"] = chosen


def run_id() -> str | None:
    """The run in the URL: a link, a refresh and a second tab show the same run."""
    return st.query_params.get("run")


def choose_run(run: str) -> None:
    st.query_params["run"] = run
