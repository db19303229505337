"""Several series of the visitor's file at once: chosen, compared as one grid, ranked. Computes nothing."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.comparing import going
from dashboard.comparing.asking import Form
from dashboard.comparing.spreadsheet import csv
from dashboard.downloading import download
from dashboard.lesson import plain
from dashboard.session import brought, comparing
from engine.comparing import many
from engine.comparing.keeping import Kept
from engine.comparing.ranking import Ranking, by_series, table, verdict
from engine.comparing.working import start
from engine.errors import Lesson

AT_FIRST = 12  # series that are chosen already
COLUMNS = {
    "Mean rank": "1 is the lowest MASE of a series; the mean over the series.",
    "Mean MASE": "Mean |error| by that of the seasonal naive inside each past; the mean over the series.",
    "Median MASE": "Half of the series have a lower one.",
    "Best on": "On so many series nobody was better.",
}


def show(form: Form) -> None:
    """The choice of series, how far it is, and who ranks where; nothing for a file with one series."""
    told = session.told()
    names = brought.several() if told and told.from_file else []
    kept = comparing.chosen("many")
    if len(names) < 2 and kept is None:
        return
    with st.expander("Several series at once", icon=":material/stacks:", expanded=kept is not None):
        if len(names) > 1:
            _ask(form, names, kept)
        if kept is not None:
            _show(kept)


def _ask(form: Form, names: list[str], kept: Kept | None) -> None:
    st.caption(
        "The forecasters, horizon and origins chosen above, on each of these series as it was read: who is best on "
        "most of them? Steps of preparation belong to the one series they were taken on, and are not taken here."
    )
    chosen = st.multiselect("Series", names, default=names[:AT_FIRST], key=f"many.series.{len(names)}.{names[0]}")
    busy = kept is not None and kept.under_way("many")
    if not st.button("Compare on all of these", icon=":material/leaderboard:", key="many.compare", disabled=busy):
        return
    asked, refused = [], []
    for name in chosen:
        try:
            one = brought.one_of_several(name)
            asked.append((one, form.plan(one)))
        except Lesson as problem:
            refused.append(f"- **{plain(name)}**: {plain(problem.happened)} {plain(problem.mend)}")
    if refused:
        st.warning("\n".join(["Choose without these, or other sizes:", *refused]))
    elif len(asked) < 2:
        st.warning("Choose two series at least.")
    else:
        made = many.keep(asked)
        comparing.choose(made, "many")
        start(made, "many", form.scheduler)
        st.rerun()


def _show(kept: Kept) -> None:
    if kept.under_way("many"):
        going.show(kept, "many")
        return
    progress = kept.progress("many")
    if progress is None:
        return
    if not progress.over:
        st.info("It ended before it was done. Press the button: what was computed is kept, and it goes on from there.")
        return
    going.failures(progress)
    found = comparing.ranked(kept, progress.done)
    if found is None:
        st.warning("Nobody could forecast a series at every origin; above is why.")
        return
    _tables(found, kept)


def _tables(found: Ranking, kept: Kept) -> None:
    st.markdown(plain(verdict(found)).replace(r"\*\*", "**"))
    if found.left_out:
        st.caption(f"Left out: {plain(', '.join(found.left_out))}.")
    rows, each = table(found), by_series(found)
    config = {
        name: st.column_config.NumberColumn(name, help=text, format="%.4g", width="small")
        for name, text in COLUMNS.items()
    }
    st.dataframe(rows, hide_index=True, height="content", key="many.ranks",
                 column_config={**config, "model": st.column_config.TextColumn("Forecaster")})  # fmt: skip
    st.caption("MASE of each series, the forecaster with the lowest mean rank first.")
    numbers = {name: st.column_config.NumberColumn(format="%.3g") for name in each.columns if name != "best"}
    st.dataframe(each, height="content" if len(each) <= 20 else 720, key="many.each",
                 column_config={**numbers, "best": st.column_config.TextColumn("Best")})  # fmt: skip
    with st.container(horizontal=True):
        name = kept.folder.name
        download("Download the ranks as CSV", csv(rows), f"ranks-{name}.csv")
        download("Download every series as CSV", csv(each), f"series-{name}.csv")
