"""What is doubtful in a file, one question each, with its evidence and the likely answer taken. Knows no file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from dashboard.lesson import plain
from dashboard.session import brought
from engine.reading.question import Question
from engine.reading.read import Reading

# These stand among the choices above already.
CHOICES = ("series",)
MOST_AS_BUTTONS = 5


def show(reading: Reading) -> None:
    """A box for each question that no field asks already."""
    for question in reading.questions:
        if question.id not in CHOICES:
            with st.container(border=True):
                _ask(question, reading)
        elif brought.choice().series is None:
            st.info(f"{plain(question.sentence)} Choose one above; the first is shown.", icon=":material/help:")


def _ask(question: Question, reading: Reading) -> None:
    st.markdown(f":material/help: **{plain(question.sentence)}**")
    values = [answer.value for answer in question.answers]
    labels = {answer.value: plain(answer.label) for answer in question.answers}
    given = reading.choice.answers.get(question.id, question.likely)
    key = f"{question.id}: {given}"  # another field where another answer is given: one that stays would keep its own
    field: Any = st.radio if len(values) <= MOST_AS_BUTTONS else st.selectbox
    field(
        "Answer",
        values,
        values.index(given),
        format_func=labels.__getitem__,
        key=key,
        on_change=lambda: brought.answer(question.id, brought.value_of(key)),
        label_visibility="collapsed",
    )
    settled = question.id in brought.choice().answers
    st.caption(plain(question.evidence) + ("" if settled else " The likely answer is taken until you give another."))
