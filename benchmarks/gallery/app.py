"""The gallery's app: `streamlit run benchmarks/gallery/app.py`. Shows nothing itself."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st  # noqa: E402

from dashboard.stage.routes import routes  # noqa: E402

app = st.App("page.py", routes=routes())
