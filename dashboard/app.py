"""The entry: `streamlit run dashboard/app.py`. Serves the pages and the stage's routes; shows nothing itself."""

import sys
from pathlib import Path

# Streamlit puts this file's folder on the path, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit as st  # noqa: E402

from dashboard.stage.routes import routes  # noqa: E402

app = st.App("main.py", routes=routes())
