"""The one place that touches st.session_state, st.query_params and caches. Draws nothing."""

from __future__ import annotations

import streamlit as st

from dashboard.stage import tokens
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


def stage_token() -> str:
    """What lets this visitor's stage fetch over HTTP; a new one where this process knows the old one no longer."""
    if not tokens.known(st.session_state.get("stage_token", "")):
        st.session_state["stage_token"] = tokens.issue()
    return str(st.session_state["stage_token"])
