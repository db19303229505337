"""Inside: any run, finished or still training, with everything that was recorded of it."""

import numpy as np
import streamlit as st

from dashboard import lesson, session, showing, summary
from dashboard.closer.choosing import look_closer
from dashboard.columns import stamped
from dashboard.downloading import download
from engine import runs, sharing
from engine.errors import Lesson
from engine.nouns.trace import Trace


def take_in(data: bytes) -> None:
    """Shows a run that someone brought; one that was here already stays as it was, and that is said."""
    here = session.titles()
    run = sharing.take_in(data)
    session.choose_run(run)
    if run in here:
        st.info("This run was here already. It is shown as it was here; the file was not needed.")


st.title("Inside")
top = st.container(horizontal=True, vertical_alignment="bottom")
# A form, so that a file is taken in once: a bare uploader keeps its file, and would bring it back with every rerun.
with (
    top.popover("Open a run file", icon=":material/upload_file:"),
    st.form("bring", clear_on_submit=True, border=False),
):
    brought = st.file_uploader("A run file, as downloaded here or left by the command line", type="run")
    asked = st.form_submit_button("Open it")
if asked and brought:
    try:
        take_in(brought.getvalue())
    except Lesson as problem:
        lesson.show(problem)

titles = session.titles()
if not titles:
    st.write("There is no run yet. Train a model; every run is kept and can be looked into here.")
    st.page_link("app_pages/train.py", label="Train a model", icon=":material/play_circle:")
    st.stop()

wanted = session.run_id()
if wanted and wanted not in titles:
    st.warning(f"There is no run {wanted} in the runs folder. Choose one of those that are there.")
ids = list(titles)
chosen = top.selectbox(
    "Run", ids, index=ids.index(wanted) if wanted in ids else 0, format_func=titles.__getitem__, key=f"run.{wanted}"
)
if chosen != wanted:
    session.choose_run(chosen)
    st.rerun()

try:
    showing.show(chosen)
    with Trace(runs.path(chosen)) as trace:
        table, step = summary.decisions(trace), summary.best(trace)
        measured = np.isfinite(trace.history("validation")).any()
        ahead = summary.forecast(trace, step) if step is not None and "ahead" in trace.signals else None
except Lesson as problem:
    lesson.show(problem)
    st.stop()

look_closer(chosen)

left, right = st.columns(2)
with left:
    st.subheader("What was decided")
    st.dataframe(table, height=320)
    download("Download the run file", lambda: sharing.exported(runs.path(chosen)), f"{chosen}.run")
with right:
    st.subheader("The forecast")
    if ahead is None:
        st.write("Nothing was recorded yet.")
    else:
        why = "its best on validation" if measured else "its last so far; validation was never measured"
        st.caption(f"Beyond the end of the series, as the model was after update {step}, {why}.")
        st.dataframe(ahead, column_config=stamped(ahead), height=280)
        download("Download the forecast", ahead.to_csv(), f"forecast-{chosen}.csv")
