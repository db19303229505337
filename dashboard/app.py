"""The entry: `streamlit run dashboard/app.py`. Serves the pages and the stage's routes; shows nothing itself."""

import logging
import sys
from pathlib import Path

# Streamlit puts this file's folder on the path, not the repository's.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import streamlit as st  # noqa: E402

from dashboard.stage.routes import routes  # noqa: E402


def say(error: Exception) -> bool:
    """What a person sees where the pages fail: a sentence; the traceback is for the log."""
    logging.getLogger("unrolled").exception("a page failed", exc_info=error)
    st.error(
        "Something inside Unrolled went wrong on this page. Nothing recorded is lost, and training goes on. "
        "Reload the page; if it happens again, the app's log says what it was."
    )
    return True  # no traceback on the page


app = st.App("main.py", routes=routes(), on_script_error=say)
