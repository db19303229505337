"""A study under way: how many orders were tried, the best so far, and a button that ends it. Computes nothing."""

from __future__ import annotations

import streamlit as st

from engine.estimating.study import Study

EVERY = 0.5  # seconds
USUAL = 40  # orders that a search tries, more or less; a thorough one three times as many


def show(study: Study) -> None:
    """The progress, looked at twice a second until it is over; then the page is drawn anew."""

    @st.fragment(run_every=EVERY)
    def going() -> None:
        if not study.alive():
            st.rerun()
        said = study.going() or {"tried": 0}
        usual = USUAL * (3 if study.asked.thorough else 1)
        tried = said["tried"]
        best = f" · best so far {said['best']}" if said.get("aicc") else ""
        words = f"{tried} order{'s' * (tried != 1)} tried, of about {usual}{best}" if tried else "Loading statsmodels …"
        if study.cancelled():
            words = f"Stopping: the best so far is fitted to the last digit{best}"
        st.progress(tried / (tried + usual / 3), words if study.asked.auto else "Estimating …")
        if study.asked.auto and st.button(
            "Stop searching", icon=":material/stop:", key="study.cancel", disabled=study.cancelled()
        ):
            study.cancel()
            st.rerun()

    going()
