"""A comparison under way: how far it is, who leads so far, what failed, and a button that ends it. Computes nothing."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from dashboard.comparing import leaderboard
from dashboard.lesson import plain
from dashboard.session import comparing
from dashboard.session.comparing import Which
from engine.comparing import working
from engine.comparing.keeping import Kept, Kind, Progress, keep
from engine.comparing.lasting import Left
from engine.comparing.plan import Plan
from engine.comparing.rolled import title
from engine.nouns.series import Series

EVERY = 0.5  # seconds


def begin(series: Series, wanted: Plan, which: Which, kind: Kind = "compare", scheduler: str | None = None) -> None:
    """Starts it in a process of its own, where it is kept and in the address; then the page is drawn anew."""
    kept = keep(series, wanted)
    comparing.choose(kept, which)
    working.start(kept, kind, scheduler)
    st.rerun()


def show(kept: Kept, kind: Kind, so_far: Callable[[Progress], None] | None = None) -> None:
    """The progress, looked at twice a second until it is over; then the page is drawn anew.

    so_far: shows what there is to see already.
    """

    @st.fragment(run_every=EVERY)
    def going() -> None:
        progress = kept.progress(kind)
        if not kept.under_way(kind):
            st.rerun()
        _bar(progress)
        if st.button(
            "Cancel", icon=":material/stop:", key=f"cancel.{kept.folder.name}.{kind}", disabled=kept.cancelled()
        ):
            kept.cancel()
            st.rerun()
        if so_far and progress:
            so_far(progress)

    going()


def leading(kept: Kept, series: Series, progress: Progress) -> None:
    """Who leads at the origins that all who are shown have finished, and who has nothing to show yet."""
    plan = kept.plan
    models = {cell.title: cell.model for cell in plan.cells()}
    failed = {models[name] for name, _ in progress.failed}
    found, waited_for = comparing.so_far(kept, progress.done, failed)
    if found is None or not found.whole:
        return
    count = len(found.origins)
    missing = f" Not yet there: {', '.join(title(name) for name in waited_for)}." if waited_for else ""
    out = f" Failed, and left out: {', '.join(title(name) for name in sorted(failed))}." if failed else ""
    st.markdown(
        f"**So far**, at the first {count} of {len(plan.origins)} origins, which all who are shown have finished."
        f"{plain(missing)}{plain(out)}"
    )
    leaderboard.show(found, plan, series, max(plan.levels))


def _bar(progress: Progress | None) -> None:
    if progress is None:
        st.progress(0.0, "Starting …")
        return
    left = f" · {_told(progress.left)} left" if progress.left is not None and not progress.over else ""
    ended = progress.done + len(progress.failed)
    waits = not progress.running and ended < progress.total
    begins = " · starting processes" if waits else ""
    st.progress(ended / max(1, progress.total), f"{ended} of {progress.total} cells{left}{begins}")
    if progress.running:
        st.caption(f"Now: {plain(', '.join(progress.running[:4]))}")


def failures(progress: Progress) -> None:
    """What failed, once each, and why."""
    if progress.failed:
        with st.expander(f"{len(progress.failed)} of {progress.total} cells failed; the rest went on"):
            for name, message in progress.failed:
                st.markdown(f"- **{plain(name)}**: {plain(message)}")


def _told(left: Left) -> str:
    return f"{'at least' if left.at_least else 'about'} {_seconds(left.seconds)}"


def _seconds(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / 60:.0f} min"
