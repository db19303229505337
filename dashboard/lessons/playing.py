"""Plays one lesson: text beside the tracer, questions, and at the end the way to one's own series."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from dashboard import lesson, session
from dashboard.lesson import plain
from dashboard.lessons.asking import ask, veiled, waiting
from dashboard.lessons.contract import Bridge, Chapter, live
from dashboard.session import lessons
from dashboard.tracer.component import tracer
from engine import control, runs
from engine.deciding import decide
from engine.errors import Lesson
from engine.samples import samples


@st.fragment
def play(chapter: Chapter) -> None:
    """The lesson at the step that the reader is at; a step or an edit runs only this part of the page."""
    try:
        sheet = lessons.sheet(chapter.number, chapter.work)
    except Lesson as problem:
        lesson.show(problem)
        st.button("Begin with the numbers of the lesson", on_click=lessons.put_back)
        return
    names = list(chapter.steps)
    at = lessons.step(len(names))
    step = chapter.steps[names[at]]
    hidden = veiled(step, sheet)
    text, figure = st.columns([4, 7], gap="medium")
    with figure:
        _tracer(chapter, hidden, len(names))
        if step.picture and waiting(step):
            st.caption("The picture comes with your answer.")
        elif step.picture:
            st.plotly_chart(step.picture(sheet), key=f"picture.{chapter.number}.{at}", config={"displayModeBar": False})
    with text:
        st.markdown(f"#### {names[at]}")
        st.markdown(live(step.prose, sheet, hidden))
        for question in step.questions:
            ask(chapter, question)
        if step.code:
            st.code(step.code(sheet), language="python")
    _numbers(chapter)
    if sheet.unknown:  # below the tracer: an element above would mount it anew
        st.caption(f"This lesson has no number called {plain(', '.join(sheet.unknown))}; it was left out.")


def _tracer(chapter: Chapter, hidden: frozenset[str], steps: int) -> None:
    key = f"tracer.{chapter.number}"
    tracer(
        lessons.drawn(chapter.number, chapter.work, hidden), lessons.start(steps), key=key,
        on_step=lambda: lessons.walked(key), on_edit=lambda: lessons.edited(key),
    )  # fmt: skip


def _numbers(chapter: Chapter) -> None:
    """Score, other numbers, and back to those of the lesson."""
    right, of = lessons.score(chapter.number)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{right} of {of}** predicted right in this visit; {len(chapter.questions)} questions in all.")
        for name, numbers in chapter.presets.items():
            st.button(name, key=f"preset.{name}", icon=":material/tune:", on_click=_set, args=(numbers,))
        st.button("Other numbers", icon=":material/casino:", on_click=_draw, help="Drawn anew: practise on them.")
        if lessons.seed() is not None or lessons.edits():
            st.button("As they were", icon=":material/undo:", on_click=lessons.put_back)


def _set(numbers: Mapping[str, float]) -> None:
    lessons.put_back()
    lessons.edit(dict(numbers))


def _draw() -> None:
    lessons.draw((lessons.seed() or 0) + 1)


def end(chapter: Chapter) -> None:
    """What to try next, the bridge, and where the matter comes from."""
    left, right = st.columns([4, 7], gap="medium")
    with left:
        st.subheader("Now on my series")
        st.markdown(chapter.bridge.sentence)
        if st.button("Now on my series", type="primary", icon=":material/conversion_path:"):
            try:
                run = cross(chapter.bridge)
            except Lesson as problem:
                lesson.show(problem)
            else:
                session.look_at_a_number()
                st.switch_page("app_pages/inside.py", query_params={"run": run})
    with right:
        st.subheader("What to try next")
        st.markdown("\n".join(f"- {sentence}" for sentence in chapter.next))
        st.caption("Sources: " + "; ".join(chapter.sources) + ".")


def cross(bridge: Bridge) -> str:
    """Starts the bridge's run on the visitor's series, or on a sample where there is none; its id. Raises Lesson."""
    if session.series() is None:
        session.choose_sample(next(iter(samples())))
    series = session.series()
    if series is None:
        raise RuntimeError("a sample was chosen and is not there")
    run = decide(series, bridge.model, dict(bridge.settings), **bridge.sizes)
    path = runs.keep(run, series)
    control.send(path, "resume")
    session.nursery().start(path)
    return run.id
