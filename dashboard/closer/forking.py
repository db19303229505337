"""Fork: a new run from an exact past, with one decision, weight or value changed. Trains nothing itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import form, session
from engine.contract import models
from engine.nouns.trace import Trace

WHAT = ("a setting", "a weight", "a value of the series")


def show(trace: Trace) -> None:
    """What to change, from which update on, and the button."""
    steps = trace.steps
    if not len(steps) or trace.run.model == "sarima":
        st.write("Only a network with recorded updates can be forked.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input(
            "From update", int(steps[0]), int(steps[-1]), int(steps[len(steps) // 2]), width=150, key="fork.step"
        )
        what = st.segmented_control("Change", WHAT, default=WHAT[0], key="fork.what", required=True)
        change = {WHAT[0]: _setting, WHAT[1]: _weight, WHAT[2]: _value}[what](trace, step)
    st.caption("The new run shares every update up to there, bit for bit, and goes on with what you changed.")
    if st.button("Fork and train", icon=":material/fork_right:", type="primary"):
        forked = session.nursery().ask("fork", trace.path, step=step, **change)[0]
        session.nursery().start(trace.path.with_name(f"{forked}.run"))
        session.choose_run(forked)
        st.rerun()


def _setting(trace: Trace, step: int) -> dict[str, Any]:  # noqa: ARG001 - as the others are asked
    fields = models()[trace.run.model].settings.model_fields
    name = st.selectbox("Setting", list(fields), index=list(fields).index("learning_rate"), key="fork.setting")
    value = form.field(name, fields[name], f"fork.{name}", trace.run.settings[name])
    return {"settings": {name: value}}


def _weight(trace: Trace, step: int) -> dict[str, Any]:
    shapes = trace.parameters
    name = st.selectbox("Weights", list(shapes), key="fork.weights", width=160)
    index = [
        int(
            st.number_input(
                f"index {axis + 1} of {len(shapes[name])}", 0, size - 1, 0, width=130, key=f"fork.{name}.{axis}"
            )
        )
        for axis, size in enumerate(shapes[name])
    ]
    value = st.number_input(f"{name} after update {step}", value=0.0, format="%.6g", width=180, key="fork.weight")
    return {"weights": [[name, index, value]]}


def _value(trace: Trace, step: int) -> dict[str, Any]:  # noqa: ARG001
    series = trace.series
    index = int(st.number_input("Value number", 0, len(series) - 1, 0, width=150, key="fork.index"))
    label = f"{series.index[index]:%Y-%m-%d %H:%M}"
    value = st.number_input(
        label, value=float(series.values[index]), format="%.6g", width=190, key=f"fork.value.{index}"
    )
    return {"values": [[index, value]]}
