"""Fork: a new run from an exact past, with one decision, weight or value changed. Trains nothing itself."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import form, session
from dashboard.closer.picking import UNNAMED
from dashboard.views.words import stamp_format
from engine.contract import models
from engine.nouns.frame import Array, parted
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
        what = st.selectbox("Change", WHAT, width=180, key="fork.what")
        change = {WHAT[0]: _setting, WHAT[1]: _weight, WHAT[2]: _value}[what](trace, step)
    st.caption("The new run shares every update up to there, bit for bit, and goes on with what you changed.")
    if st.button("Fork and train", icon=":material/fork_right:", type="primary"):
        forked = session.nursery().ask("fork", trace.path, step=step, **change)[0]
        session.nursery().start(trace.path.with_name(f"{forked}.run"))
        session.choose_run(forked)
        st.rerun()


def _setting(trace: Trace, step: int) -> dict[str, Any]:  # noqa: ARG001 - as the others are asked
    fields = models()[trace.run.model].settings.model_fields
    name = st.selectbox(
        "Setting", list(fields), list(fields).index("learning_rate"), width=260, key="fork.setting",
        format_func=lambda name: fields[name].title or form.label(name),
    )  # fmt: skip
    value = form.field(name, fields[name], f"fork.{name}", trace.run.settings[name])
    return {"settings": {name: value}}


def _weight(trace: Trace, step: int) -> dict[str, Any]:
    shapes = trace.parameters
    name = st.selectbox("Weights", list(shapes), key="fork.weights", width=160)
    index = tuple(
        st.number_input(f"{UNNAMED[axis]} (1 to {size})", 1, size, 1, width=130, key=f"fork.{name}.{axis}") - 1
        for axis, size in enumerate(shapes[name])
    )
    was = float(weights(trace, step)[name][index])
    entry = ", ".join(map(str, index))
    value = st.number_input(
        f"{name}[{entry}] after update {step}", value=was, format="%.6g", width=220, key=f"fork.{name}.{step}.{entry}"
    )
    return {"weights": [[name, index, value]]}


def weights(trace: Trace, step: int) -> dict[str, Array]:
    """The weights after an update, each in its shape."""
    return parted(trace.stack("weights", [step])[0], trace.parameters)


def _value(trace: Trace, step: int) -> dict[str, Any]:  # noqa: ARG001
    series = trace.series
    index = int(st.number_input("Value number", 0, len(series) - 1, 0, width=150, key="fork.index"))
    value = st.number_input(
        f"{series.index[index]:{stamp_format(series.index)}}", value=float(series.values[index]), format="%.6g",
        width=190, key=f"fork.value.{index}",
    )  # fmt: skip
    return {"values": [[index, value]]}
