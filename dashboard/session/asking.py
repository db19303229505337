"""What the answering process said of finished runs, kept: the same question is asked once. Draws nothing."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from dashboard import session
from engine import runs

Numbers = NDArray[np.float64]


def answers(run_id: str, step: int, origins: Sequence[int], horizon: int) -> dict[str, Numbers]:
    """What a run's weights after `step` answer from each origin: point, guided and truth, (origins, horizon).

    Raises Lesson.
    """
    return _answers(run_id, step, tuple(map(int, origins)), horizon)


def lags(run_id: str, steps: Sequence[int]) -> dict[str, Numbers]:
    """How far the next forecast moves with each past value at each update: mean, low, high, (steps, T)."""
    return _lags(run_id, tuple(map(int, steps)))


@st.cache_data(max_entries=300, show_spinner="The models are asked …")
def _answers(run_id: str, step: int, origins: tuple[int, ...], horizon: int) -> dict[str, Numbers]:
    said = session.nursery().ask("answers", runs.path(run_id), step=step, origins=origins, horizon=horizon)[1]
    return {name: array.astype(np.float64) for name, array in said.items()}


@st.cache_data(max_entries=100, show_spinner="The models are asked …")
def _lags(run_id: str, steps: tuple[int, ...]) -> dict[str, Numbers]:
    said = session.nursery().ask("lags", runs.path(run_id), steps=steps)[1]
    return {name: array.astype(np.float64) for name, array in said.items()}


def left_over(run_id: str, step: int, lags: int) -> tuple[Numbers, float]:
    """How what a run leaves over one step ahead hangs together, lag 1 first, and within what noise stays."""
    return _left_over(run_id, step, lags)


@st.cache_data(max_entries=100, show_spinner="The models are asked …")
def _left_over(run_id: str, step: int, lags: int) -> tuple[Numbers, float]:
    band, said = session.nursery().ask("left over", runs.path(run_id), step=step, lags=lags)
    return said["autocorrelation"].astype(np.float64), float(band)


def since(what: str, begun: bool = False) -> float:
    """For how many seconds something that this visitor started has been under way; `begun`: it begins now."""
    if begun or what not in st.session_state:
        st.session_state[what] = time.monotonic()
    return float(time.monotonic() - st.session_state[what])
