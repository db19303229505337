"""The head of a page about one series: its title, which series, or where to get one. Chooses none."""

from __future__ import annotations

import streamlit as st

from dashboard.lesson import plain
from dashboard.views.words import stamp_format
from engine.nouns.series import Series


def head(title: str, series: Series | None, wanted: str, more: str = "") -> Series:
    """The series, which is told; without one the page ends here. wanted: what a person came to do with it."""
    st.title(title)
    if series is None:
        st.write(f"There is no series yet. Choose a sample or bring your own file; then {wanted} here.")
        st.page_link("app_pages/data.py", label="Choose a series", icon=":material/table_chart:")
        st.stop()
    written = stamp_format(series.index)
    first, last = (series.index[place].strftime(written) for place in (0, -1))
    told = [f"**{plain(series.name)}**", f"{len(series):,} values", f"{first} to {last}", *([more] if more else [])]
    st.caption(" · ".join(told))
    return series
