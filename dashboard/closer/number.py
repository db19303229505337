"""A number: pick any number of any update, see the arithmetic that made it, and open its operands further down.

Asks a process that has torch; computes nothing itself.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard import session
from dashboard.lesson import plain
from engine.nouns.trace import Trace

SUBSTEPS = ("forward", "loss", "backward", "clip", "update")
SHOWN = 24  # operands with a button of their own; the sentence in full has them all


def show(trace: Trace) -> None:
    """The picker, the way down so far, and the number it ends at."""
    steps = trace.steps
    if not len(steps):
        st.write("Nothing was recorded yet.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input("Update", int(steps[0]), int(steps[-1]), int(steps[-1]), width=150, key="number.step")
        place = _probe(trace, step) if step == 0 else _pick(trace, step)
    trail = session.trail(trace.run.id, step, place)
    explained = session.nursery().ask("explain", trace.path, step=step, place=trail[-1])[0]
    _way_back(trail)
    _explanation(explained, trail)


def _pick(trace: Trace, step: int) -> str:
    """The place that the person picked: a sub-step of the update, an array of it, and an index."""
    substep = st.segmented_control("Sub-step", SUBSTEPS, default="forward", key="number.substep", required=True)
    found = session.nursery().ask("numbers", trace.path, step=step, substep=substep)[0]
    return _place(trace, found, key=f"number.{substep}")


def _probe(trace: Trace, step: int) -> str:
    found = session.nursery().ask("numbers", trace.path, step=step, substep="probe")[0]
    return _place(trace, found, key="number.probe")


def _place(trace: Trace, found: list[dict[str, Any]], key: str) -> str:
    names = [f"{one['part']} {one['array']}".removeprefix("value ") for one in found]
    states = [n for n, one in enumerate(found) if one["array"] in trace.signals]
    first = states[-1] if states else len(found) - 1  # the last that is made has all the others behind it
    chosen = st.selectbox("Number of", range(len(names)), first, format_func=names.__getitem__, width=260, key=key)
    one = found[chosen]
    entries: list[str] = []
    for axis, size in zip(one["axes"], one["shape"], strict=True):
        label = f"{axis or 'index'} (0 to {size - 1})"
        start = size - 1 if axis == "t" else 0  # the last time step, which has all the others behind it
        index = st.number_input(label, 0, size - 1, start, width=150, key=f"{key}.{chosen}.{len(entries)}")
        entries.append(f"{axis}={index}" if axis else str(index))
    return names[chosen] + (f"[{', '.join(entries)}]" if entries else "")


def _way_back(trail: list[str]) -> None:
    """The numbers passed on the way down; a press goes back up to one."""
    if len(trail) == 1:
        return
    with st.container(horizontal=True):
        for depth, place in enumerate(trail[:-1]):
            st.button(
                place, key=f"number.back.{depth}", icon=":material/arrow_upward:", type="tertiary",
                on_click=session.go_back, args=(depth,),
            )  # fmt: skip


def _explanation(explained: dict[str, Any], trail: list[str]) -> None:
    st.markdown(f"**{plain(explained['place'])}** — {plain(explained['operation'])}")
    st.code(explained["short"], language=None, wrap_lines=True)
    operands = explained["operands"]
    if not operands:
        st.caption("Here the way down ends.")
        return
    for number, operand in enumerate(operands[:SHOWN]):
        with st.container(horizontal=True, vertical_alignment="center"):
            value = "not finite" if operand["value"] is None else f"{operand['value']:.9g}"
            st.button(
                operand["place"], key=f"number.open.{len(trail)}.{number}", icon=":material/arrow_downward:",
                type="tertiary", on_click=session.go_down, args=(operand["place"],),
            )  # fmt: skip
            st.markdown(f"{value} · {plain(operand['role'])}")
    if len(operands) > SHOWN:
        st.caption(f"{len(operands) - SHOWN} more operands are in the sentence in full.")
    with st.expander("The sentence in full"):
        st.code(explained["sentence"], language=None, wrap_lines=True)
