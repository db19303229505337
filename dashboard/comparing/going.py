"""A comparison under way: how far it is, what failed, and a button that ends it. Reads its log; computes nothing."""

from __future__ import annotations

import streamlit as st

from dashboard.lesson import plain
from engine.comparing.keeping import Kept, Kind, Progress

EVERY = 0.5  # seconds


def show(kept: Kept, kind: Kind) -> None:
    """The progress, looked at twice a second until it is over; then the page is drawn anew."""

    @st.fragment(run_every=EVERY)
    def going() -> None:
        progress = kept.progress(kind)
        if not kept.under_way(kind):
            st.rerun()
        _bar(progress)
        if st.button("Cancel", icon=":material/stop:", key=f"cancel.{kind}", disabled=kept.cancelled()):
            kept.cancel()
            st.rerun()

    going()


def _bar(progress: Progress | None) -> None:
    if progress is None:
        st.progress(0.0, "Starting …")
        return
    left = f" · about {_seconds(progress.left)} left" if progress.left is not None and not progress.over else ""
    ended = progress.done + len(progress.failed)
    begins = " · starting the processes" if not ended and not progress.running else ""
    st.progress(ended / max(1, progress.total), f"{ended} of {progress.total} cells{left}{begins}")
    if progress.running:
        st.caption(f"Now: {plain(', '.join(progress.running[:4]))}")


def failures(progress: Progress) -> None:
    """What failed, once each, and why."""
    if progress.failed:
        with st.expander(f"{len(progress.failed)} of {progress.total} cells failed; the rest went on"):
            for title, message in progress.failed:
                st.markdown(f"- **{plain(title)}**: {plain(message)}")


def _seconds(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min"
