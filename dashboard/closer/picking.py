"""Which number of a run: an update, a sub-step, a window, an array and an index, counted from one as pictures count.

Knows where a number stands; not how it came about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.views.words import span
from engine.nouns.explanation import PROBE
from engine.nouns.trace import Trace

SUBSTEPS = {
    "forward": "the window goes through the model, from the series to the forecast",
    "loss": "the forecast is held against what came",
    "backward": "the gradient of the loss goes back, from the forecast to the weights",
    "clip": "a gradient that is too long is shortened",
    "update": "the optimiser moves the weights",
}
OF_A_WINDOW = ("forward", "loss", "backward")
WHOSE = {True: "of the pictures", False: "of the batch"}
AXES = {"t": "Time step", "ahead": "Step ahead"}
SCALED = "Inside the model the series is scaled; its own values stand where the way down ends."
UNNAMED = ("Row", "Column", "Depth")
"""What the axes of weights are called, which have no names."""


def pick(trace: Trace) -> tuple[int, str]:
    """The update and the place that the person picked."""
    steps = trace.steps
    with st.container(horizontal=True, vertical_alignment="bottom"):
        step = st.number_input("Update", int(steps[0]), int(steps[-1]), int(steps[-1]), width=150, key="number.step")
        substep = st.selectbox("Sub-step", SUBSTEPS, width=150, key="number.substep")
        probe = substep in OF_A_WINDOW and st.segmented_control(
            "Window", WHOSE, format_func=WHOSE.__getitem__, default=True, key="number.probe", required=True,
            help="The window that the pictures show, under the weights after this update; or one of those that the "
            "update learned from, under the weights before it.",
        )  # fmt: skip
    said, starts = session.nursery().ask("numbers", trace.path, step=step, substep=substep, probe=bool(probe))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = _place(trace, said, bool(probe), f"number.{substep}.{probe}")
    window = _window(trace, place, starts["starts"].astype(int).tolist())
    st.caption(f"Update {step}, {substep}: {SUBSTEPS[substep]}{window}. {SCALED}")
    return step, place


def _place(trace: Trace, found: Sequence[dict[str, Any]], probe: bool, key: str) -> str:
    names = [f"{one['part']} {one['array']}".removeprefix("value ") for one in found]
    states = [n for n, one in enumerate(found) if one["array"] in trace.signals]
    first = states[-1] if states else len(found) - 1  # the last that is made has all the others behind it
    chosen = st.selectbox("Number of", range(len(names)), first, format_func=names.__getitem__, width=260, key=key)
    one = found[chosen]
    entries = [
        f"{axis}={PROBE}" if probe and axis == "window" else _entry(axis, number, size, f"{key}.{chosen}.{number}")
        for number, (axis, size) in enumerate(zip(one["axes"], one["shape"], strict=True))
    ]
    return names[chosen] + (f"[{', '.join(entries)}]" if entries else "")


def _entry(axis: str, number: int, size: int, key: str) -> str:
    """One axis of a place, as places write it: from zero."""
    name = AXES.get(axis, axis.capitalize()) or UNNAMED[number]
    start = size if axis == "t" else 1  # the last time step, which has all the others behind it
    index = st.number_input(f"{name} (1 to {size})", 1, size, start, width=150, key=key) - 1
    return f"{axis}={index}" if axis else str(index)


def _window(trace: Trace, place: str, starts: Sequence[int]) -> str:
    """From when to when the window of a place reaches; nothing where the place has none."""
    named = re.search(r"window=(\d+)", place)
    if not named and len(starts) > 1:
        return ""
    return f" · the window from {span(trace, starts[int(named[1]) if named else 0])}"


def counted(place: str) -> str:
    """Where a place stands, counted from one: "time step 8, unit 17"."""
    inside = re.findall(r"([a-z]+)=(\d+)", place)
    return ", ".join(f"{AXES.get(axis, axis).lower()} {int(number) + 1}" for axis, number in inside)
