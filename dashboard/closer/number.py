"""A number: the arithmetic that made it, and its operands opened further down, to weights and data.

Asks a process that has torch; computes nothing itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import session
from dashboard.closer.picking import counted, pick
from dashboard.lesson import plain
from engine.nouns.trace import Trace

SHOWN = 24  # operands that have a button at once; the others when they are asked for


def show(trace: Trace) -> None:
    """The picker, the way down so far, and the number it ends at."""
    if not len(trace.steps):
        st.write("Nothing was recorded yet.")
        return
    step, place = pick(trace)
    trail = session.trail(trace.run.id, step, place)
    explained = session.nursery().ask("explain", trace.path, step=step, place=trail[-1])[0]
    _way_back(trail)
    _explanation(explained)
    _operands(explained["operands"], f"number.{len(trail)}")
    if explained["operands"]:
        with st.expander("The sentence in full"):
            st.code(explained["sentence"], language=None, wrap_lines=True)


def _way_back(trail: list[str]) -> None:
    """The numbers passed on the way down; a press goes back up to one."""
    if len(trail) == 1:
        return
    with st.container(horizontal=True, gap=None):
        for depth, place in enumerate(trail[:-1]):
            st.button(
                plain(place), key=f"number.back.{depth}", icon=":material/arrow_upward:", type="tertiary",
                on_click=session.go_back, args=(depth,),
            )  # fmt: skip


def _explanation(explained: dict[str, Any]) -> None:
    where = counted(explained["place"])
    st.markdown(f"**{plain(explained['place'])}** · {plain(explained['operation'])}" + (f" · {where}" if where else ""))
    st.code(explained["short"], language=None, wrap_lines=True)


def _operands(operands: Sequence[dict[str, Any]], key: str) -> None:
    """What the number was made of, two in a row, as they stand in a product."""
    if not operands:
        st.caption("Here the way down ends.")
        return
    shown, hidden = list(operands), len(operands) - SHOWN
    if hidden > 0 and not st.toggle(f"Show {hidden} more", key=f"{key}.all"):
        shown = shown[:SHOWN]
    for side, column in enumerate(st.columns(2)):
        with column.container(gap=None):
            for number in range(side, len(shown), 2):
                _operand(shown[number], f"{key}.{number}")


def _operand(operand: dict[str, Any], key: str) -> None:
    value = "not finite" if operand["value"] is None else f"{operand['value']:.9g}"
    st.button(
        f"{plain(operand['place'])} = **{value}** :gray[{plain(operand['role'])}]", key=key, type="tertiary",
        icon=":material/arrow_downward:", on_click=session.go_down, args=(operand["place"],),
    )  # fmt: skip
