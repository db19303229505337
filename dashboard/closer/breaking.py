"""Break when: conditions under which a run pauses by itself, set and cleared through its file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.lesson import plain
from engine import control
from engine.nouns.trace import Trace

KINDS = {
    "norm": "the gradient's norm is over",
    "not a number": "the loss is not a number",
    "clipped": "the gradient was clipped",
    "validation": "validation has not improved for",
    "update": "this update is done",
    "unit": "a unit crosses a value",
}


def show(trace: Trace) -> None:
    """A new condition, and those that stand."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("Break when", list(KINDS), format_func=KINDS.__getitem__, width=280, key="break.kind")
        condition = {"when": kind, **_numbers(kind, trace)}
        if st.button("Set", icon=":material/add:"):
            control.send(trace.path, "break when", condition)
    standing = control.breakpoints(trace.path)
    if not standing:
        st.caption("No condition stands. A run that breaks says why, and can be continued.")
    for number, one in standing.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(_words(one.model_dump())))
            if st.button("Clear", key=f"break.clear.{number}", type="tertiary", icon=":material/close:"):
                control.send(trace.path, "clear", number)
                st.rerun()


def _numbers(kind: str, trace: Trace) -> dict[str, Any]:
    if kind == "norm":
        return {"over": st.number_input("Norm", value=1.0, min_value=0.0, format="%.4g", width=130, key="break.over")}
    if kind == "validation":
        return {"measurements": st.number_input("Measurements", 1, 1000, 5, width=150, key="break.measurements")}
    if kind == "update":
        return {"number": st.number_input("Update", 0, 10**6, 100, width=130, key="break.update")}
    if kind == "unit":
        return _unit(trace)
    return {}


def _unit(trace: Trace) -> dict[str, Any]:
    signals = {n: s for n, s in trace.signals.items() if len(s.axes) == 2 and "/" not in n}
    name = st.selectbox("Signal", list(signals), width=150, key="break.signal")
    rows, columns = signals[name].shape
    return {
        "signal": name,
        "time": st.number_input("Time step", 0, rows - 1, rows - 1, width=120, key="break.time"),
        "unit": st.number_input("Unit", 0, columns - 1, 0, width=120, key="break.unit"),
        "crosses": st.number_input("Value", value=0.0, format="%.4g", width=120, key="break.crosses"),
    }


def _words(condition: dict[str, Any]) -> str:
    kind = condition.pop("when")
    return f"{KINDS[kind]} " + ", ".join(f"{name} {value}" for name, value in condition.items())
