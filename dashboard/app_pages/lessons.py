"""Lessons: small networks worked by hand, every number live; then the same on one's own series."""

import streamlit as st

from dashboard.lessons.contract import chapters
from dashboard.lessons.playing import end, play
from dashboard.session import lessons

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
    for number, one in known.items():
        with st.container(border=True):
            reached = lessons.reached(number)
            right, of = lessons.score(number)
            st.markdown(f"**{number} · {one.title}**")
            st.markdown(one.sentence)
            told = f" · {right} of {of} predicted right" if of else ""
            seen = "" if reached is None else f" · seen up to step {reached + 1}{told}"
            st.caption(f"{len(one.steps)} steps, {len(one.questions)} questions{seen}")
            st.button(
                "Go on" if reached else "Begin", key=f"open.{number}", icon=":material/arrow_forward:",
                on_click=lessons.open_lesson, args=(number, reached or 0),
            )  # fmt: skip
    st.stop()

st.button("All lessons", icon=":material/arrow_back:", type="tertiary", on_click=lessons.open_lesson, args=(None,))
st.header(f"{chapter.number} · {chapter.title}")
st.caption(chapter.sentence)
play(chapter)
end(chapter)
