"""Book mode on the Compare page: the chapter's networks on a person's own days, beside what the book printed.

Computes nothing: a process of its own does.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import session
from dashboard.comparing import going
from dashboard.comparing.spreadsheet import csv
from dashboard.downloading import download
from dashboard.lesson import plain
from dashboard.session import brought, comparing
from engine.comparing.keeping import Kept, Progress
from engine.errors import Lesson
from engine.estimating.book import PUBLISHED as SARIMA_PUBLISHED
from engine.nouns.series import Series
from engine.recipes import booking
from engine.recipes.book import RECIPES, two_targets
from engine.recipes.booking import SARIMA, Result
from engine.recipes.published import PUBLISHED, of_the_chapter

WHAT = (
    "Géron, Hands-On Machine Learning, 3rd edition, chapter 15: six recurrent networks and a SARIMA on two daily "
    "targets, decided as it decides them. They learn from three years, and are judged by the five months after these."
)
CALENDAR = "weekday, Saturday or Sunday, by the calendar"
SENTENCE = (
    "The SARIMA's printed {printed:,.2f} is the error of an optimiser that stops early: on raw units statsmodels' "
    "defaults end almost where they start, and say that they converged. The exact maximum of the same model's "
    "likelihood has an error of {exact:,.0f} on the same days{worse}."
)


def show(series: Series) -> None:
    """The preset, how far it is, and its table; why not, where the series is no such one."""
    with st.expander("Book mode: the chapter's recipe on this series", icon=":material/menu_book:",
                     expanded=comparing.chosen("book") is not None):  # fmt: skip
        st.caption(WHAT)
        try:
            _ask(_with_second(series))
        except Lesson as problem:
            st.caption(" ".join(plain(said) for said in (problem.happened, problem.expected, problem.mend)))


def _with_second(series: Series) -> Series:
    """The series with a second target and the kinds of its days: those it has, or others of the file's columns."""
    told = session.told()
    if any(not known for known in series.covariates.known) or not (told and told.from_file):
        return series
    kinds = brought.kinds_of_moments()
    numbers = [name for name in brought.others() if not any(name in words for words in kinds.values())]
    if not numbers:
        return series
    with st.container(horizontal=True):
        second = st.selectbox("The second target", numbers, key="book.second", width=240)
        kind = st.selectbox("The kind of the next day", [*kinds, CALENDAR], key="book.kind", width=240,
                            help="Told a day ahead, as the chapter does with its day type.")  # fmt: skip
    words = kinds.get(kind, [])
    return two_targets(series, {second: brought.column(second)}, {name: brought.column(name) for name in words})


def _ask(series: Series) -> None:
    shown = booking.material(series)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        seeds = int(st.number_input("Seeds of each network", 1, 12, 1, key="book.seeds", width=200,
                                    help="The table shows the median; the book printed one."))  # fmt: skip
        pressed = st.button("Train as the book does", icon=":material/play_arrow:", key="book.train")
    kept = comparing.chosen("book")
    if pressed:
        kept = booking.keep(shown, seeds)
        comparing.choose(kept, "book")
        booking.start(kept)
        st.rerun()
    if kept is None or booking.asked(kept).series != shown.hash:
        st.caption(f"{len(shown):,} days, {shown.index[0]:%Y-%m-%d} to {shown.index[-1]:%Y-%m-%d}: some minutes.")
        return
    printed = of_the_chapter(series) is not None

    def so_far(_: Progress | None = None) -> None:
        _table(kept, shown, printed)

    if kept.under_way("book"):
        going.show(kept, "book", so_far)
        return
    progress = kept.progress("book")
    if progress is None or not progress.over:
        st.info("It ended before it was done. Press the button: what was computed is kept, and it goes on from there.")
    if progress:
        going.failures(progress)
    so_far()


def _table(kept: Kept, shown: Series, printed: bool) -> None:
    found = booking.results(shown, booking.asked(kept))
    if not found:
        return
    rows = [_row(name, found[name], printed) for name in (*RECIPES, *SARIMA) if name in found]
    table = pd.DataFrame(rows).set_index("network").dropna(axis="columns", how="all")
    numbers = [name for name in table.columns if name != "of seeds"]
    st.dataframe(
        table, column_config={name: st.column_config.NumberColumn(format="%,.0f") for name in numbers},
        height="content", key=f"book.table.{kept.folder.name}",
    )  # fmt: skip
    st.caption(
        "Mean absolute errors, of fourteen days ahead the mean over all of them. Naive: the value a week before, on "
        f"the same days. Shown beside the values: {plain(', '.join(shown.covariates.names))}."
        + ("" if printed else " The book's own numbers are of Chicago's ridership, and stand here beside it only.")
    )
    if printed and "exact" in found:
        _say_of_sarima(found)
    download("Download these as CSV", csv(table), "book.csv", key="book.csv")


def _say_of_sarima(found: Mapping[str, Result]) -> None:
    exact = float(found["exact"].errors.mean())
    worse = ", and is worse there: a better fit to the past is no better forecast" if exact > SARIMA_PUBLISHED else ""
    st.markdown(SENTENCE.format(printed=SARIMA_PUBLISHED, exact=exact, worse=worse))


def _row(name: str, result: Result, printed: bool) -> dict[str, object]:
    """One line: what the book printed, and what came of it here."""
    means, network = result.errors.mean(axis=1), name in RECIPES
    book = PUBLISHED.get(name) if network else SARIMA_PUBLISHED if name == "book" else np.nan
    return {
        "network": RECIPES[name].title if network else SARIMA[name],
        "the book": book if printed else np.nan,
        "ours": float(np.median(means)),
        "naive": float(result.naive.mean()),
        **_ends(result.errors),
        "of seeds": f"{means.min():,.0f} to {means.max():,.0f}" if len(means) > 1 else None,
    }


def _ends(errors: np.ndarray) -> dict[str, float]:
    """The first day's and the last day's, where there are several ahead."""
    steps = errors.shape[1]
    return {} if steps == 1 else {f"day {step}": float(np.median(errors[:, step - 1])) for step in (1, steps)}
