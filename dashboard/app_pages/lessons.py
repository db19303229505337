"""Lessons: small networks worked by hand, every number live; then the same on one's own series."""

import streamlit as st

from dashboard.lessons.contract import Chapter, chapters
from dashboard.lessons.playing import end, play
from dashboard.session import lessons

BESIDE = 3  # lessons in a row


def offer(one: Chapter) -> None:
    """A lesson to begin or go on with, and how far the visitor has come."""
    reached = lessons.reached(one.number)
    right, of = lessons.score(one.number)
    told = f" · {right} of {of} predicted right" if of else ""
    seen = "" if reached is None else f" · seen up to step {reached + 1}{told}"
    with st.container(border=True, height="stretch"):
        with st.container(height="stretch"):
            st.markdown(f"**{one.number} · {one.title}**")
            st.markdown(one.sentence)
        st.caption(f"{len(one.steps)} steps, {len(one.questions)} questions{seen}")
        st.button(
            "Go on" if reached else "Begin", key=f"open.{one.number}", icon=":material/arrow_forward:",
            on_click=lessons.open_lesson, args=(one.number, reached or 0),
        )  # fmt: skip


known = chapters()
chapter = known.get(lessons.lesson() or -1)

if chapter is None:
    st.title("Lessons")
    if lessons.lesson() is not None:
        st.warning(f"There is no lesson {lessons.lesson()}. Choose one of these.")
    st.markdown(
        "Small networks by hand: every number shows its arithmetic, every input can be changed, and each lesson ends "
        "with the same picture on your own series."
    )
    places = [column for _ in range(-(-len(known) // BESIDE)) for column in st.columns(BESIDE)]
    for place, one in zip(places, known.values(), strict=False):
        with place:
            offer(one)
    st.stop()

st.button("All lessons", icon=":material/arrow_back:", type="tertiary", on_click=lessons.open_lesson, args=(None,))
st.header(f"{chapter.number} · {chapter.title}")
st.caption(chapter.sentence)
play(chapter)
end(chapter)
