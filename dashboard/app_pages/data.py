"""Data: choose a sample or bring a file, and see what was read before anything is trained on it."""

import numpy as np
import streamlit as st

from dashboard import lesson, preparing, series_plot, session
from dashboard.bringing import choosing, questions, repairs, report, source
from dashboard.lesson import plain
from dashboard.session import brought
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.reading.filling import LABELS, Fill
from engine.reading.finding import moment
from engine.reading.report import cadence
from engine.samples import sample, samples

SAMPLE, FILE = "A sample", "My own file"
FILL_HELP = (
    "Carrying on uses nothing from the future. A straight line looks at the value after the gap. "
    "Left empty, only SARIMA can be trained."
)


def ask_fill() -> Fill:
    told = session.told()
    return st.segmented_control(
        "Missing values",
        list(LABELS),
        default=told.fill if told else "forward",
        format_func=lambda fill: LABELS[fill].capitalize(),
        required=True,
        help=FILL_HELP,
        key="fill",
    )


def from_sample() -> None:
    """Chooses the sample picked; stops the page where none is."""
    known, current = samples(), session.series()
    default = current.name if current and current.name in known and not session.wants_file() else None
    name = st.pills("Sample", list(known), default=default, format_func=lambda n: known[n].title, key="sample")
    if name is None:
        st.stop()
    st.caption(f"{known[name].sentence} Source: {known[name].source}.")
    empty = np.isnan(sample(name, "none").values)
    session.choose_sample(name, ask_fill() if empty.any() else "forward")
    describe(sample(name))


def from_file() -> None:
    """Reads the file brought and shows how; stops the page where there is none or it cannot be read."""
    source.show()
    offered, problem, reading = None, None, None
    try:
        offered = brought.outline()
        reading = brought.reading()
    except Lesson as found:
        problem = found
    if offered is not None:
        choosing.show(offered, reading)
    if reading is None:
        if problem is not None:
            lesson.show(problem)
        if brought.changed():
            st.button("Undo the last choice", icon=":material/undo:", on_click=brought.undo)
        st.stop()
    session.choose_series(reading.series, session.Told((), reading.missing, "forward", from_file=True))
    st.subheader(plain(reading.series.name))
    questions.show(reading)
    report.show(reading)
    repairs.show(reading)


def describe(series: Series) -> None:
    """What a sample is and what was mended in it, in words."""
    st.subheader(plain(series.name))
    first, last = moment(series.index[0]), moment(series.index[-1])
    unit = f", in {plain(series.unit)}" if series.unit else ""
    st.markdown(f"**{len(series):,} steps**, {cadence(series.freq)}, from {first} to {last}{unit}.")
    chosen = session.as_read()
    for sentence in chosen.repairs if chosen else ():
        st.markdown(f"- {plain(sentence)}")


st.title("Data")
wanted = st.segmented_control(
    "Where from", [SAMPLE, FILE], default=FILE if session.wants_file() else SAMPLE, key="source", required=True
)
try:
    if wanted == SAMPLE:
        from_sample()
    else:
        from_file()
except Lesson as found:
    lesson.show(found)
    st.stop()

series, told = session.as_read(), session.told()
if series is None:
    st.stop()
series_plot.show(series, told.missing if told else np.isnan(series.values))
preparing.show(series)
if st.button("Train a model on it", type="primary", icon=":material/play_circle:"):
    st.switch_page("app_pages/train.py")
