"""A page that is only a stage of the run in the URL, with a count of the script's runs.

views: names of views, each perhaps with choices: "saturation:signal=hidden.1", "ledger:parts=age".
beside: ids of further runs under the same clock.
"""

from dataclasses import replace

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
    beside = [session.scene(Trace(runs.path(other))) for other in st.query_params.get_all("beside")]
    scene, panels = replace(session.scene(trace), others=tuple(beside)), []
    for asked in st.query_params.get("views", COCKPIT).split(","):
        name, *choices = asked.split(":")
        chosen = dict(choice.split("=", 1) for choice in choices)
        panels.append(Panel(" ".join([views()[name].title, *choices]), views()[name].picture(scene, chosen)))
    stage([scene, *beside], panels, numbers(trace), key="stage")
