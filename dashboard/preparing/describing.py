"""What is said of the training part before anything is trained. Asks a process that has statsmodels."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from dashboard import session
from dashboard.lesson import plain
from dashboard.preparing import correlogram, decomposition_plot
from engine.describing.seasons import seasons
from engine.describing.stretch import MOST
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.preparing.differencing import Differences
from engine.preparing.power import learn_power

PLOT = {"displaylogo": False}
Planned = dict[str, Any]
KINDS = {"none": "series", "log": "logarithm of the series", "box-cox": "Box-Cox transformed series"}


def training_part(series: Series, planned: Planned, *, differenced: bool) -> np.ndarray:
    """What is described: the values before the split, transformed as planned; nothing after it is looked at."""
    split = max(0, len(series) - planned["validation"] - planned["test"])
    values = series.values[:split]
    shown = learn_power(planned["transform"], values).apply(values)
    if differenced:
        shown = Differences(planned["difference"], planned["seasonal_difference"], series.period).apply(shown)
    return shown


def _described(what: str, values: np.ndarray, **more: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    first = max(0, len(values) - MOST)
    said, arrays = session.described(what, values[first:], **more)
    return {**said, "first": said["first"] + first}, arrays


def _say_part(said: dict[str, Any], series: Series) -> None:
    first, last = (f"{series.index[place]:%Y-%m-%d}" for place in (said["first"], said["first"] + said["count"] - 1))
    st.caption(f"Of the training part, {said['count']:,} values from {first} to {last}; nothing after the split.")


def decomposition(series: Series, planned: Planned) -> None:
    """Trend, seasons and remainder."""
    values = training_part(series, planned, differenced=False)
    offered = seasons(series, min(len(values), MOST))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect(
            "Seasons, in steps", offered, default=offered[:2], accept_new_options=True, key=f"seasons.{series.hash}",
            help="Those of the calendar that fit twice are offered; type any other number.",
        )  # fmt: skip
        robust = st.toggle("Robust", help="Outliers count for less; takes nine times as long.", key="prepare.robust")
    said, parts = _described("parts", values, seasons=_numbers(chosen), robust=robust)
    stamps = series.index[said["first"] : said["first"] + said["count"]]
    st.plotly_chart(decomposition_plot.figure(stamps, parts), config=PLOT, key="prepare.decomposition")
    strengths = ", ".join(f"{name} {strength:.2f}" for name, strength in said["strength"].items())
    st.markdown(f"Strength, from 0 to 1: {strengths}. The parts add up to the {KINDS[planned['transform']]}.")
    _say_part(said, series)


def _numbers(chosen: list[Any]) -> list[int]:
    wrong = [text for text in chosen if not str(text).strip().isdecimal()]
    if wrong:
        raise Lesson(
            f"“{wrong[0]}” is no length of a season.", "A season is a whole number of steps.", "Type a number."
        )
    return [int(text) for text in chosen]


def memory(series: Series, planned: Planned) -> None:
    """Autocorrelations, whole and partial."""
    values = training_part(series, planned, differenced=True)
    said, found = _described("memory", values, season=series.period)
    st.plotly_chart(correlogram.figure(found, series.period), config=PLOT, key="prepare.memory")
    st.markdown(correlogram.sentence(found, series.period))
    _say_part(said, series)


def stillness(series: Series, planned: Planned) -> None:
    """Two tests, and what they say together."""
    values = training_part(series, planned, differenced=True)
    said, _ = _described("stillness", values)
    taken = {"seasonal": planned["seasonal_difference"], "ordinary": planned["difference"]}
    words = [f"{times} {kind} difference{'s' if times > 1 else ''}" for kind, times in taken.items() if times]
    st.markdown(
        f"**The {KINDS[planned['transform']]}, {' and '.join(words) or 'not differenced'}.** {said['sentence']}"
    )
    st.markdown("\n".join(f"- {plain(words)}" for words in said["lines"]))
    _say_part(said, series)
