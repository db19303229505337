"""What was found in a file and what is done about it: a repair to choose, a look at the places, undo. Knows no file."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lesson import plain
from dashboard.session import brought
from engine.reading.finding import Finding, moment
from engine.reading.read import Reading
from engine.reading.report import only_done

LOOKED_AT = 8


def show(reading: Reading) -> None:
    """Every finding with its repair; a way back beside them."""
    head, undo, again = st.columns([6, 1, 1.4], vertical_alignment="bottom")
    found = len(reading.findings)
    head.markdown(
        f"**{found} {'thing' if found == 1 else 'things'} found**" if found else "Nothing had to be repaired."
    )
    undo.button(
        "Undo", icon=":material/undo:", on_click=brought.undo, disabled=len(brought.choices()) < 2, width="stretch",
        help="Take the last choice, answer or repair back.",
    )  # fmt: skip
    again.button(
        "Start again", icon=":material/restart_alt:", on_click=brought.start_again, width="stretch",
        disabled=not brought.changed(), help="Read the file as it would be read at first.",
    )  # fmt: skip
    for finding in reading.findings:
        with st.container(border=True):
            _finding(finding, reading)


def _finding(finding: Finding, reading: Reading) -> None:
    said, repair = st.columns([3, 2], vertical_alignment="center")
    said.markdown(plain(finding.sentence))
    if len(finding.repairs) > 1:
        with repair:
            _choose(finding)
    elif finding.done:
        repair.caption(plain(only_done(finding)))
    if len(finding.stamps):
        with said.popover("Look", icon=":material/table_rows:"):
            st.dataframe(places(finding, reading), hide_index=True)
            if finding.count > LOOKED_AT:
                st.caption(f"The first {LOOKED_AT} of {finding.count:,}.")


def _choose(finding: Finding) -> None:
    values = [answer.value for answer in finding.repairs]
    labels = {answer.value: plain(answer.label) for answer in finding.repairs}
    key = f"{finding.id}: {finding.chosen}"  # another field where another is chosen: one that stays would keep its own
    st.selectbox(
        "Repair",
        values,
        values.index(finding.chosen),
        format_func=labels.__getitem__,
        key=key,
        on_change=lambda: brought.answer(finding.id, brought.value_of(key)),
        label_visibility="collapsed",
    )


def places(finding: Finding, reading: Reading) -> pd.DataFrame:
    """The first places of a finding: what the file has there, and what the series has after the repair."""
    rows = []
    for stamp in np.unique(finding.stamps)[:LOOKED_AT]:
        in_file = reading.observed.values[reading.observed.seconds == stamp]
        rows.append((moment(stamp), _said(in_file), _after(reading, stamp)))
    return pd.DataFrame(rows, columns=["time", "in the file", "in the series"])


def _said(values: np.ndarray) -> str:
    if not len(values):
        return "no row"
    return ", ".join("missing" if np.isnan(value) else f"{value:,.6g}" for value in values)


def _after(reading: Reading, stamp: np.int64) -> str:
    index = reading.series.index
    place = int(index.searchsorted(pd.Timestamp(int(stamp), unit="s").as_unit("s")))
    if place >= len(index) or index[place] != pd.Timestamp(int(stamp), unit="s"):
        return "no such step"
    return _said(reading.series.values[place : place + 1])
