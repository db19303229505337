"""SARIMA: a formula with its numbers, found exactly, checked, and walked through one value at a time."""

import streamlit as st
from pydantic import ValidationError

from dashboard import form, lesson, session
from dashboard.heading import head
from dashboard.sarima import found, going
from dashboard.session import studying
from engine.deciding import defaults
from engine.errors import Lesson
from engine.estimating.study import Asked, place, study
from engine.nouns.series import Series

PLACES = {"order": "pdq", "seasonal": "PDQ"}
"""What the numbers of a field that holds several are called."""


def ask(series: Series) -> Asked:
    """The question as the form has it. Raises Lesson."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        auto = st.segmented_control("Orders", ["Search", "Choose"], default="Search", required=True, key="study.orders")
        names = ["thorough"] if auto == "Search" else ["order", "seasonal"]
        chosen = form.ask(Asked, [*names, "transform", "horizon"], "study", {"horizon": defaults(series)["horizon"]})
    with st.expander("More decisions"), st.container(horizontal=True, vertical_alignment="bottom"):
        chosen |= form.ask(Asked, ["period"] if auto == "Search" else ["period", "trend"], "study")
    try:
        return Asked.model_validate({**chosen, "auto": auto == "Search"})
    except ValidationError as error:
        first = error.errors()[0]
        field, *place = first["loc"]
        which = f"{PLACES[str(field)][int(place[0])]} in " if str(field) in PLACES and place else ""
        raise Lesson(
            f"{which}“{form.label(str(field))}” was set to {first['input']!r}.",
            f"{first['msg'].replace('Input', 'It')}.",
            "Choose another.",
        ) from error


shown = studying.chosen()
series = head(
    "SARIMA",
    session.series_here(shown),
    "explain it by a formula",
    "To step through the optimiser's iterates, train a SARIMA on the Train page.",
)

try:
    asked = ask(series)
    busy = shown is not None and shown.alive()
    if st.button("Search and fit" if asked.auto else "Fit", type="primary", icon=":material/function:", disabled=busy):
        shown = study(series, asked)
        shown.start()
        studying.choose(shown)
        st.rerun()
    if shown is not None and shown.series.hash != series.hash:
        st.caption("The last study was of another series.")
    elif busy and shown is not None:
        going.show(shown)
    elif shown is not None:
        answer = shown.found()
        if answer is None:
            st.info("It ended before it was done. Press the button to begin again.")
        else:
            if shown.folder != place(series, asked):
                st.info("Below is the last study. Press the button for what the form says.")
            found.show(*answer, series)
except Lesson as problem:
    lesson.show(problem)
