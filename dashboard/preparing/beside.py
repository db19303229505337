"""Which columns beside a series a network is shown, and which it is told of the time to come. Trains nothing."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.nouns.series import Series

HELP = "Their past is shown beside the values, each scaled by its own training part."
HELP_AHEAD = "What is settled before its time, such as a calendar, is told of the horizon too."


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
