"""What a person wants of a file: its sheet, its series, the columns of values and time. Shows only what is a choice."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.session import brought
from engine.reading.read import Outline, Reading
from engine.reading.timed import COUNT_ROWS


def show(offered: Outline, reading: Reading | None) -> None:
    """A field for each choice; what is taken stands in it. reading: None where the file could not be read so."""
    layout, taken = offered.layout, reading.choice if reading else brought.choice()
    fields: list[Callable[[], None]] = []
    if len(offered.sheets) > 1:
        fields.append(lambda: _select("Sheet", "sheet", offered.sheets, offered.sheet))
    if len(layout.labels) > 1:
        fields.append(lambda: _select("Series", "series", layout.labels, taken.series or layout.labels[0]))
    if layout.columns:
        times = list(dict.fromkeys([*layout.times, *([taken.time] if taken.time else []), COUNT_ROWS]))
        if len(layout.candidates) > 1:
            fields.append(lambda: _select("Values", "column", layout.candidates, taken.column or layout.candidates[0]))
        if len(times) > 1:
            fields.append(lambda: _select("Time", "time", times, taken.time or times[0]))
    for column, field in zip(st.columns(max(len(fields), 1)), fields, strict=False):
        with column:
            field()


def _select(label: str, part: str, offered: list[str], taken: str) -> None:
    """A list to choose from; a choice is kept at once, so that it can be undone."""
    options = offered if taken in offered else [taken, *offered]
    key = f"{part}: {taken}"  # another field where another is taken: one that stays would keep what was put into it
    st.selectbox(label, options, options.index(taken), key=key, on_change=lambda: _take(part, key))


def _take(part: str, key: str) -> None:
    brought.choose(**{part: brought.value_of(key)})
