"""The one place that touches st.session_state, st.query_params and caches. Draws nothing."""

from __future__ import annotations

import streamlit as st

from dashboard import summary
from dashboard.stage import tokens
from engine import runs
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.nursery import Nursery


def series() -> Series | None:
    """The series this visitor has chosen, if any."""
    return st.session_state.get("series")


def choose_series(chosen: Series) -> None:
    st.session_state["series"] = chosen


@st.cache_resource
def nursery() -> Nursery:
    """The one nursery of this server."""
    return Nursery()


def titles() -> dict[str, str]:
    """The runs in the runs folder by id, the newest first, each with a line that tells it from the others."""
    found = {file.stem: _title(str(file), file.stat().st_mtime_ns) for file in runs.known()}
    return {run: title for run, title in found.items() if title}


@st.cache_data(max_entries=1000, show_spinner=False)
def _title(path: str, written: int) -> str | None:  # noqa: ARG001 - a file written since has another title
    try:
        with Trace(path) as trace:
            return summary.title(trace)
    except Lesson:
        return None  # not a run file: not in the list


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
