"""Which columns beside a series a network is shown, and which it is told of the time to come. Trains nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import session
from dashboard.session import brought, preparing
from engine.nouns.series import Series
from engine.preparing.beside import beside

HELP = "Their past is shown beside the values, each scaled by its own training part."
HELP_AHEAD = "What is settled before its time, such as a calendar, is told of the horizon too."


def bring(read: Series) -> None:
    """Asks which other columns of the file stand beside the series, and puts them there. Raises Lesson."""
    told = session.told()
    names = brought.others() if told and told.from_file else []
    if not names:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.multiselect("Other columns of the file", names, key=f"bring.{read.hash}", help=HELP)
        known = st.multiselect(
            "Known ahead", chosen, key=f"bring ahead.{read.hash}.{chosen}", help=HELP_AHEAD, disabled=not chosen
        )
    others = {name: brought.column(name) for name in chosen}
    joined = beside(read, others, known) if others else read
    if joined.hash != preparing.base(read).hash:
        preparing.put_beside(read, joined)
        st.rerun()


def ask(series: Series) -> dict[str, Any]:
    """The decisions, by their names in Run; nothing is asked, and nothing decided, where there are no columns."""
    names = series.covariates.names
    if not names:
        return {}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        shown = st.multiselect(
            "Columns beside the values", names, default=names, key=f"beside.{series.hash}", help=HELP
        )
        known = series.covariates.known_among(shown)
        if not known:
            return {"covariates": shown, "known_ahead": []}
        ahead = st.multiselect("Known ahead", known, default=known, key=f"ahead.{series.hash}.{known}", help=HELP_AHEAD)
    return {"covariates": shown, "known_ahead": ahead}
