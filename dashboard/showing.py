"""A run on the stage: which pictures, of which window, and what may be chosen about them. Records nothing."""

from __future__ import annotations

import contextlib
import textwrap
from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from dashboard import again, lesson, session, summary
from dashboard.scenes import can_be_looked_into
from dashboard.stage.component import Panel, stage
from dashboard.views.contract import Options, Picture, Scene, View, probe_start, views
from dashboard.views.difference import difference
from dashboard.views.drawing import message
from dashboard.views.numbers import numbers
from dashboard.views.words import which_window
from engine import runs
from engine.errors import Lesson
from engine.nouns.trace import Trace

FIRST = "strip"
"""The one picture of the beginner's view."""
OTHERWISE = "hidden"
"""Where a model has no time steps."""
COCKPIT = ("loss", "hidden", "gradients", "forecast")
LETTERS = "ABCD"
FEW = ("update", "loss", "validation")
"""The numbers beside one picture."""


@st.fragment
def show(run_id: str, begun: float | None = None) -> None:
    """One picture of a run, or any of them side by side, under one clock; drawn anew without the rest of the page.

    begun: when a person set this run going, if they did so just now; the pictures then come into view.
    """
    try:
        with Trace(runs.path(run_id)) as trace:
            _show(trace, run_id, begun)
    except Lesson as problem:
        lesson.show(problem)


def _show(trace: Trace, run_id: str, begun: float | None) -> None:
    _lineage(trace)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picker = st.container()
        many = st.toggle("Full cockpit", key="stage.many", help="Any pictures side by side, and every control.")
    with picker:
        names = _several() if many else [_one(trace)]
    start = _window(trace) if many and can_be_looked_into(trace) else None
    shown = [number for number in numbers(trace) if many or number.name in FEW]
    with contextlib.ExitStack() as opened:
        others = [opened.enter_context(Trace(runs.path(other))) for other in (_beside(run_id) if many else [])]
        beside = [session.scene(other) for other in others]
        scenes = [replace(session.scene(trace, start), others=tuple(beside)), *beside]
        if others:
            lettered = zip(LETTERS, [trace, *others], strict=False)
            st.caption(" ".join(f"**{letter}** is {lesson.plain(summary.title(one))}." for letter, one in lettered))
        chosen = [views()[name] for name in names]
        again.offer(scenes[0], chosen)
        panels = _panels(scenes, chosen, many)
        height = 330 if len(panels) > 1 else 430
        stage(scenes, panels, shown, key=f"stage.{run_id}", simple=not many, height=height, begun=begun)


def _lineage(trace: Trace) -> None:
    """Of a fork: what it changed, and its parent beside it where that is at hand."""
    told, parent = summary.fork(trace), trace.run.parent
    if not told or not parent:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(lesson.plain(told), width="content")
        if parent.id in session.titles():
            st.button(
                "Show both on one clock", icon=":material/compare_arrows:", type="tertiary",
                on_click=session.put_beside, args=(parent.id,),
            )  # fmt: skip


def _panels(scenes: Sequence[Scene], chosen: Sequence[View], many: bool) -> list[Panel]:
    """Each picture of each run, the same picture of all runs side by side, then what differs."""
    with st.container(horizontal=True):
        options = {
            view.name: _options(scenes[0], view) if many and not view.lacking(scenes[0]) else {} for view in chosen
        }
    panels: list[Panel] = []
    for view in chosen:
        pictures = [_picture(scene, view, options.get(view.name, {})) for scene in scenes]
        taken = {panel.title for panel in panels}
        named = [p.title if p.title and p.title not in taken else view.title for p in pictures]
        mark = len(scenes) > 1
        panels += [
            Panel(f"{LETTERS[run]} · {named[run]}" if mark else named[run], picture, run)
            for run, picture in enumerate(pictures)
        ]
        for run in range(1, len(scenes)):
            less = difference(scenes[0], scenes[run], pictures[0])
            if less:
                panels.append(Panel(f"{LETTERS[0]} − {LETTERS[run]} · {named[0]}", less, 0, run))
    return panels


def _beside(run_id: str) -> list[str]:
    """Up to three further runs on the same clock."""
    titles = {run: title for run, title in session.titles().items() if run != run_id}
    if not titles:
        return []
    return st.multiselect(
        "Runs beside it, on the same clock",
        list(titles),
        format_func=titles.__getitem__,
        max_selections=3,
        key="stage.twins",
    )


def _one(trace: Trace) -> str:
    """The picture of the beginner's view, by name."""
    names = sorted(views(), key=lambda name: (views()[name].zoom, views()[name].title))
    first = names.index(OTHERWISE if views()[FIRST].lacking(session.scene(trace)) else FIRST)
    return st.selectbox("Picture", names, first, format_func=_named, key="stage.picture", width=320)


def _several() -> list[str]:
    names = sorted(views(), key=lambda name: (views()[name].zoom, views()[name].title))
    return st.multiselect("Pictures", names, COCKPIT, format_func=_named, key="stage.pictures")


def _named(name: str) -> str:
    return f"{views()[name].title} · {views()[name].zoom}"


def _window(trace: Trace) -> int:
    """Where the window begins that is looked at."""
    index, key = trace.series.index, f"stage.start.{trace.run.id}"
    last, probe = len(index) - trace.run.window, probe_start(trace)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        start = st.slider("The window looked at begins at value", 0, max(1, last), probe, key=key)
        # Among many thousands of values a slider has no room for each.
        st.date_input(
            "on the day", min_value=index[0].date(), max_value=index[max(1, last)].date(), width=150,
            key=session.day_of_window(key, index[start]), on_change=session.begin_on_day, args=(key, index),
        )  # fmt: skip
    told = which_window(session.scene(trace, start))
    st.caption(f"{told[0].upper()}{told[1:]}.")
    return start


def _picture(scene: Scene, view: View, options: Options) -> Picture:
    """The view's picture; where the run has not what it needs, words instead."""
    lacking = view.lacking(scene)
    if lacking:
        words = "<br>".join(textwrap.wrap(lacking, 56))
        return Picture(message(words), (), "Not in this run", lacking)
    return view.picture(scene, options)


def _options(scene: Scene, view: View) -> dict[str, str]:
    """What the person wants of this view, asked only where there is a choice."""
    found = {}
    for option, choices in view.options(scene).items():
        if len(choices) > 1:
            found[option] = st.segmented_control(
                view.asks,
                list(choices),
                default=next(iter(choices)),
                format_func=choices.__getitem__,
                key=f"{view.name}.{option}.{','.join(choices)}",  # another run may offer others
                required=True,
            )
    return found
