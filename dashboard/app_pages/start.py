"""Start: what this is, and a series in one click."""

import streamlit as st

from dashboard import series_plot, session
from engine.samples import sample, samples

PAGES = (
    ("Start", "app_pages/start.py", ":material/home:", "This page: a series in one click."),
    (
        "Data",
        "app_pages/data.py",
        ":material/table_chart:",
        "Bring any table or take a sample; see what was read, mend it, prepare it.",
    ),
    ("Train", "app_pages/train.py", ":material/play_circle:", "Choose a model, train it, stop it, step through it."),
    (
        "Inside",
        "app_pages/inside.py",
        ":material/search:",
        "Open any run again: its decisions, its forecast, its file.",
    ),
    (
        "Forecast",
        "app_pages/forecast.py",
        ":material/insights:",
        "Three ways to forecast many steps, whose error it is, and what each model looks at.",
    ),
    (
        "SARIMA",
        "app_pages/sarima.py",
        ":material/function:",
        "An exact estimate, how it was checked, and its filter one value at a time.",
    ),
    (
        "Compare",
        "app_pages/compare.py",
        ":material/leaderboard:",
        "Every forecaster on the same past, and whether its lead is more than chance.",
    ),
    ("Lessons", "app_pages/lessons.py", ":material/school:", "Small networks by hand, every number live."),
)


def open_sample(name: str) -> None:
    session.choose_sample(name)
    st.switch_page("app_pages/train.py")


known = samples()
first, *others = known.values()

left, right = st.columns([3, 2], gap="large", vertical_alignment="center")
with left:
    st.title("Unrolled")
    st.markdown(
        "Watch a sequence model learn, one update at a time. Train a CNN, RNN, LSTM or SARIMA on a time series, and "
        "step through its training as through a program, forwards and back, down to a single number."
    )
    with st.container(horizontal=True):
        if st.button("Open AirPassengers", type="primary", icon=":material/flight_takeoff:"):
            open_sample(first.name)
        if st.button("Use my own file", icon=":material/upload_file:"):
            session.ask_for_file()
            st.switch_page("app_pages/data.py")
with right:
    st.image(series_plot.spark(sample(first.name).values, 150), width="stretch")
    st.caption(f"{first.title}, monthly, 1949 to 1960")

st.subheader("Or start with")
for column, other in zip(st.columns(len(others)), others, strict=True):
    with column.container(border=True, height="stretch"):
        st.image(series_plot.spark(sample(other.name).values, 64), width="stretch")
        st.markdown(f"**{other.title}**")
        st.caption(other.sentence)
        if st.button(f"Open {other.title}", type="tertiary", icon=":material/arrow_forward:", key=other.name):
            open_sample(other.name)

st.subheader("The pages")
rows = st.container(gap=None)
for title, path, icon, sentence in PAGES:
    name, line = rows.columns([1, 6], vertical_alignment="center")
    if name.button(title, icon=icon, type="tertiary"):
        st.switch_page(path)
    line.markdown(sentence)
