"""Break when: conditions under which a run pauses by itself, set and cleared through its file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard.closer.picking import counted
from dashboard.lesson import plain
from dashboard.views.words import title
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
OVER = ("finished", "failed")


def show(trace: Trace) -> None:
    """A new condition, and those that stand."""
    if trace.run.model == "sarima":
        st.write("Only a network pauses at a condition; an estimate can be walked through, iterate by iterate.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox("Break when", list(KINDS), format_func=KINDS.__getitem__, width=280, key="break.kind")
        condition = {"when": kind, **_numbers(kind, trace)}
        if st.button("Set", icon=":material/add:"):
            control.send(trace.path, "break when", condition)
    standing = control.breakpoints(trace.path)
    st.caption(_said(trace.status.state, bool(standing)))
    for number, one in standing.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(plain(words(one.model_dump())))
            if st.button("Clear", key=f"break.clear.{number}", type="tertiary", icon=":material/close:"):
                control.send(trace.path, "clear", number)
                st.rerun()


def _said(state: str, standing: bool) -> str:
    if state in OVER:
        return f"This run has {state}: no condition stops it any more. Fork it, and set one for the fork as it trains."
    if not standing:
        return "No condition stands. A run that breaks says why, and can be continued."
    return "The run pauses at the first of these that holds, says which, and can be continued."


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
    name = st.selectbox("Signal", list(signals), format_func=title, width=220, key="break.signal")
    rows, columns = signals[name].shape
    return {
        "signal": name,
        "time": st.number_input(f"Time step (1 to {rows})", 1, rows, rows, width=150, key="break.time") - 1,
        "unit": st.number_input(f"Unit (1 to {columns})", 1, columns, 1, width=150, key="break.unit") - 1,
        "crosses": st.number_input("Value", value=0.0, format="%.4g", width=120, key="break.crosses"),
    }


def words(condition: Mapping[str, Any]) -> str:
    """A condition as a sentence says it."""
    kind = KINDS[condition["when"]]
    match condition:
        case {"when": "norm", "over": over}:
            return f"{kind} {over:g}"
        case {"when": "validation", "measurements": measurements}:
            return f"{kind} {measurements} measurements"
        case {"when": "update", "number": number}:
            return f"update {number} is done"
        case {"when": "unit", "signal": signal, "time": time, "unit": unit, "crosses": crosses}:
            return f"{title(signal)}, {counted(f'[t={time}, unit={unit}]')}, crosses {crosses:g}"
        case _:
            return kind
