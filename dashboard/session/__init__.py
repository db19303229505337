"""The one place that touches st.session_state, st.query_params and caches. Draws nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from dashboard import scenes, summary, tokens
from dashboard.session import preparing
from dashboard.views.contract import Scene
from engine import runs
from engine.errors import Lesson
from engine.nouns.frame import Signal
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.nursery import Nursery
from engine.reading.filling import Fill
from engine.samples import sample


class WithSeries(Protocol):
    """What is kept with the series that it was made on."""

    @property
    def series(self) -> Series: ...


@dataclass(frozen=True)
class Told:
    """How a series was read. report: in sentences. missing: bool (n,), where its source had no value."""

    report: tuple[str, ...]
    missing: NDArray[np.bool_]
    fill: Fill
    from_file: bool


def series() -> Series | None:
    """The series this visitor has chosen, if any, as the steps of preparation left it."""
    read = as_read()
    return None if read is None else preparing.prepared(read)


def as_read() -> Series | None:
    """The same before any step of preparation."""
    return st.session_state.get("series")


def choose_series(chosen: Series, told: Told | None = None) -> None:
    """From now on every page works on this series. told: how it was read, where that is known."""
    st.session_state["series"] = chosen
    st.session_state["told"] = told


def choose_sample(name: str, fill: Fill = "forward") -> None:
    """The same for one of the samples."""
    missing = np.isnan(sample(name, "none").values)
    choose_series(sample(name, fill), Told((), missing, fill, from_file=False))
    st.session_state["wants_file"] = False


def told() -> Told | None:
    """How the chosen series was read, where that is known."""
    return st.session_state.get("told")


def ask_for_file() -> None:
    """The Data page shall open at the upload."""
    st.session_state["wants_file"] = True


def wants_file() -> bool:
    """Whether the visitor asked to bring a file, or works on one."""
    read_from = told()
    return bool(st.session_state.get("wants_file") or (read_from and read_from.from_file))


@st.cache_resource
def nursery() -> Nursery:
    """The one nursery of this server."""
    return Nursery()


def described(what: str, values: NDArray[np.float64], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What is said of a series' values, asked once for each question; engine/describing/asking.py has the questions."""
    said, arrays = _described(what, values.tobytes(), json.dumps(more, sort_keys=True), values)
    return said, arrays


@st.cache_data(max_entries=100, show_spinner="Looking at the series …")
def _described(what: str, digest: bytes, more: str, _values: NDArray[np.float64]) -> Any:  # noqa: ARG001
    said, arrays = nursery().describe(what, _values.tolist(), **json.loads(more))
    return said, dict(arrays)


def scene(trace: Trace, start: int | None = None) -> Scene:
    """A run's scene, by default of its probe window; what it offers is asked once for each run."""
    return scenes.scene(trace, _ask, start, lambda: _offered(trace.run.id, bool(trace.parameters), trace))


@st.cache_resource(max_entries=200, show_spinner=False)
def _offered(run: str, described: bool, _trace: Trace) -> dict[str, Signal]:  # noqa: ARG001 - what it depends on
    return scenes.offered(_trace, _ask)


def _ask(question: str, path: Path, **more: Any) -> Any:
    return nursery().ask(question, path, **more)


def titles() -> dict[str, str]:
    """The runs in the runs folder by id, the newest first, each with a line that tells it from the others."""
    found = {file.stem: _title(str(file), runs.written(file)) for file in runs.known()}
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


def series_here(shown: WithSeries | None = None) -> Series | None:
    """The series that a page is about: the one chosen, else that of what its address shows, else that of the run there.

    shown: a comparison or a study; its series is read only where it is needed.
    """
    return series() or (shown.series if shown else series_of(run_id()))


def series_of(run: str | None) -> Series | None:
    """The series of a run, chosen as if the visitor had; a link or a refresh brings its run's."""
    try:
        with Trace(runs.path(run or "")) as trace:
            choose_series(trace.series)
    except Lesson:
        return None
    return series()


def choose_run(run: str) -> None:
    st.query_params["run"] = run


def put_beside(run: str) -> None:
    """The stage shall show that run too, on the same clock."""
    st.session_state["stage.many"], st.session_state["stage.twins"] = True, [run]


def day_of_window(start: str, stamp: pd.Timestamp) -> str:
    """The key of the day on which a window begins, beside the key of its start; it follows the start."""
    st.session_state[f"{start}.day"] = stamp.date()
    return f"{start}.day"


def begin_on_day(start: str, index: pd.DatetimeIndex) -> None:
    """The window shall begin with the first value of the day that was picked, or the first one after it."""
    day = st.session_state[f"{start}.day"]
    if day:
        st.session_state[start] = int(index.searchsorted(pd.Timestamp(day)))


def stage_token() -> str:
    """What lets this visitor's stage fetch over HTTP; a new one where this process knows the old one no longer."""
    if not tokens.known(st.session_state.get("stage_token", "")):
        st.session_state["stage_token"] = tokens.issue()
    return str(st.session_state["stage_token"])


def look_at_a_number() -> None:
    """The Inside page shall open with the look at single numbers."""
    st.session_state["closer"] = "A number"


def trail(run: str, step: int, place: str) -> list[str]:
    """The numbers opened one below the other, from the one picked; another pick begins anew."""
    picked = (run, step, place)
    if st.session_state.get("picked") != picked:
        st.session_state["picked"], st.session_state["trail"] = picked, [place]
    return list(st.session_state["trail"])


def go_down(place: str) -> None:
    """Open an operand of the number that is shown."""
    st.session_state["trail"] = [*st.session_state["trail"], place]


def go_back(depth: int) -> None:
    """Back to a number passed on the way down."""
    st.session_state["trail"] = st.session_state["trail"][: depth + 1]
