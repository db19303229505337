"""A page that is only a stage of the run in the URL, with a count of the script's runs."""

import streamlit as st

from dashboard import session
from dashboard.stage.component import Panel, stage
from dashboard.views.contract import views
from dashboard.views.numbers import numbers
from engine import runs
from engine.nouns.trace import Trace

COCKPIT = "loss,hidden,gradients,forecast"

st.set_page_config(layout="wide", page_title="Unrolled")
st.session_state["runs"] = st.session_state.get("runs", 0) + 1
st.caption(f"script runs: {st.session_state['runs']}")
st.button("Run the script again")
run_id = session.run_id() or ""
with Trace(runs.path(run_id)) as trace:
    shown = [views()[name] for name in st.query_params.get("views", COCKPIT).split(",")]
    scene = session.scene(trace)
    panels = [Panel(view.title, view.picture(scene, {})) for view in shown]
    stage([scene], panels, numbers(trace), key="stage")
