"""The pages and their order; each shows itself. Titles stand here once."""

import streamlit as st

from dashboard import session

st.set_page_config("Unrolled", page_icon=":material/conversion_path:", layout="wide")
session.nursery()  # torch is being imported while the person still reads

pages = [
    st.Page("app_pages/start.py", title="Start", icon=":material/home:", default=True),
    st.Page("app_pages/data.py", title="Data", icon=":material/table_chart:"),
    st.Page("app_pages/train.py", title="Train", icon=":material/play_circle:"),
    st.Page("app_pages/inside.py", title="Inside", icon=":material/search:"),
]
st.navigation(pages, position="top").run()
