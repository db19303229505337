"""The pages and their order; each shows itself. Titles stand here once."""

from pathlib import Path

import streamlit as st

from dashboard import following_theme, session

# A picture of our own: Streamlit's named icons come from the internet.
st.set_page_config("Unrolled", page_icon=str(Path(__file__).with_name("icon.png")), layout="wide")
st.html(Path(__file__).with_name("page.css"))
following_theme.follow()
session.nursery()  # torch is being imported while the person still reads

pages = [
    st.Page("app_pages/start.py", title="Start", icon=":material/home:", default=True),
    st.Page("app_pages/data.py", title="Data", icon=":material/table_chart:"),
    st.Page("app_pages/train.py", title="Train", icon=":material/play_circle:"),
    st.Page("app_pages/inside.py", title="Inside", icon=":material/search:"),
    st.Page("app_pages/forecast.py", title="Forecast", icon=":material/insights:"),
    st.Page("app_pages/sarima.py", title="SARIMA", icon=":material/function:"),
    st.Page("app_pages/compare.py", title="Compare", icon=":material/leaderboard:"),
    st.Page("app_pages/lessons.py", title="Lessons", icon=":material/school:"),
]
st.navigation(pages, position="top").run()
