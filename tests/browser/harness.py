"""An app with nothing but a stage, for browser tests and the benchmark: `streamlit run tests/browser/harness.py`."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import streamlit as st  # noqa: E402

from dashboard.stage.routes import routes  # noqa: E402

app = st.App("harness_page.py", routes=routes())
