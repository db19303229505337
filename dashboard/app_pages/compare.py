"""Compare: which forecaster to use, how far ahead, and why; and any of them on the same origins of a series."""

from functools import partial

import streamlit as st

from dashboard import lesson, session
from dashboard.comparing import advice, asking, book, going, many, results
from dashboard.heading import head
from dashboard.lesson import plain
from dashboard.session import comparing
from engine.comparing import keeping
from engine.comparing.keeping import Kept
from engine.comparing.working import POISONED
from engine.errors import Lesson
from engine.nouns.series import Series

KINDS: tuple[keeping.Kind, ...] = ("compare", "leaks")
LEAKS = f"Poisons everything after an origin; a forecast that moves has seen it. At most {POISONED} origins are taken."


def tell_leaks(kept: Kept) -> None:
    """What came of poisoning the future."""
    progress = kept.progress("leaks")
    if progress is None:
        return
    moved = [progress.titles[key] for key, held in progress.results.items() if held is False]
    if moved:
        st.error(f"**The future leaks in.** These forecasts moved: {plain(', '.join(moved))}.")
    elif progress.done:
        st.success(
            f"**No leak.** {progress.done} forecasts stayed the same to the bit when every value after their origin "
            "was replaced by 1e9, and by nothing."
        )
    if not progress.over:
        st.info(
            f"It ended when {progress.done + len(progress.failed)} of {progress.total} forecasts had been looked at. "
            "Press Look for leaks to look at all."
        )
    going.failures(progress)


def show(kept: Kept, series: Series) -> None:
    for kind in KINDS:
        if kept.under_way(kind):
            going.show(kept, kind, partial(going.leading, kept, series) if kind == "compare" else None)
            return
    tell_leaks(kept)
    progress = kept.progress("compare")
    if progress is None:
        return
    if progress.cancelled or not progress.over:
        st.info("It ended before it was done. Press Compare: what was computed is kept, and it goes on from there.")
    going.failures(progress)
    found = comparing.said(kept, progress.done)
    if found.whole:
        results.show(found, kept.plan, series, max(kept.plan.levels))
    elif progress.over:
        st.warning("Nobody could forecast at every origin; above is why.")


kept = comparing.chosen()
series = head("Compare", session.series_here(kept), "compare forecasters on it")

try:
    advice.show(series)
except Lesson as problem:
    lesson.show(problem)

st.subheader("Compare them yourself", anchor=False, divider="gray")
form = asking.ask(series)
try:
    described = form.plan(series)
    busy = kept is not None and any(kept.under_way(kind) for kind in KINDS)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        compare = st.button("Compare", type="primary", icon=":material/leaderboard:", disabled=busy)
        leaks = st.button("Look for leaks", icon=":material/experiment:", disabled=busy,
                          help=LEAKS)  # fmt: skip
    if compare or leaks:
        going.begin(series, described, "comparison", "leaks" if leaks else "compare", form.scheduler)
    if kept is not None:
        if kept.plan.series != series.hash:
            st.caption("The last comparison was of another series. Press Compare.")
        else:
            if kept.plan.id != described.id:
                st.info("Below is the last comparison. Press Compare for what the form says.")
            show(kept, series)
except Lesson as problem:
    lesson.show(problem)

many.show(form)
book.show(series)
