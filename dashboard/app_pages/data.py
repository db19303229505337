"""Data: choose a sample or bring a file, and see what was read before anything is trained on it."""

import numpy as np
import streamlit as st

from dashboard import lesson, series_plot, session
from dashboard.lesson import plain
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.reading.filling import Fill, moment
from engine.reading.read import Outline, cadence
from engine.reading.stamps import COUNT_ROWS
from engine.samples import sample, samples

SAMPLE, FILE = "A sample", "My own file"
MEGABYTES = 50
FILLS: dict[Fill, str] = {"forward": "Carry the last value on", "line": "A straight line", "none": "Leave them empty"}
FILL_HELP = (
    "Carrying on uses nothing from the future. A straight line looks at the value after the gap. "
    "Left empty, only SARIMA can be trained."
)


def ask_fill() -> Fill:
    told = session.told()
    return st.segmented_control(
        "Missing values",
        list(FILLS),
        default=told.fill if told else "forward",
        format_func=FILLS.__getitem__,
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


def from_file() -> None:
    """Reads the file uploaded; stops the page where there is none, and nothing read earlier."""
    file = st.file_uploader(
        "A text file with one row for each stamp", type=["csv", "txt", "tsv"], max_upload_size=MEGABYTES, key="upload"
    )
    told = session.told()
    if file is None:
        if told is None or not told.from_file:
            st.caption("Separators, decimal commas, date formats and title lines are found out, and said.")
            st.stop()
        st.caption("This was read earlier. Upload the file again to choose other columns.")
        return
    data = file.getvalue()
    offered = session.outline(data, file.name)
    column, time = ask_columns(offered)
    fill: Fill = "forward"
    found = session.reading(data, file.name, column, time, fill)
    if found.empty:
        fill = ask_fill()
        found = session.reading(data, file.name, column, time, fill)
    session.choose_series(found.series, session.Told(found.report, found.missing, fill, from_file=True))


def ask_columns(offered: Outline) -> tuple[str, str]:
    """The columns of values and of time; what seems to be meant as time comes before counting rows."""
    left, right = st.columns(2)
    column = left.selectbox("Values", offered.candidates)
    suspected = [offered.suspected] if offered.suspected else []
    time = right.selectbox("Time", [*offered.times, *suspected, COUNT_ROWS])
    return column, time


def describe(series: Series) -> None:
    """What was read and what was mended, in words."""
    first, last = moment(series.index[0]), moment(series.index[-1])
    unit = f", in {plain(series.unit)}" if series.unit else ""
    st.markdown(f"**{len(series):,} steps**, {cadence(series.freq)}, from {first} to {last}{unit}.")
    told = session.told()
    if told and told.report:
        st.caption(" ".join(plain(sentence) for sentence in told.report[:-1]))
    if series.repairs:
        st.markdown("\n".join(f"- {plain(sentence)}" for sentence in series.repairs))
    else:
        st.caption("Nothing had to be repaired.")


def draw(series: Series) -> None:
    told = session.told()
    missing = told.missing if told else np.isnan(series.values)
    st.plotly_chart(series_plot.figure(series, missing), config={"displaylogo": False}, key="series")
    if len(series) > series_plot.MOST_POINTS:
        st.caption(
            f"Of {len(series):,} values the lowest and the highest of each of {series_plot.BUCKETS:,} stretches are "
            "drawn; training uses all."
        )


st.title("Data")
source = st.segmented_control(
    "Where from", [SAMPLE, FILE], default=FILE if session.wants_file() else SAMPLE, key="source", required=True
)
try:
    if source == SAMPLE:
        from_sample()
    else:
        from_file()
except Lesson as problem:
    lesson.show(problem)
    st.stop()

chosen = session.series()
if chosen is None:
    st.stop()
st.subheader(plain(chosen.name))
describe(chosen)
draw(chosen)
if st.button("Train a model on it", type="primary", icon=":material/play_circle:"):
    st.switch_page("app_pages/train.py")
