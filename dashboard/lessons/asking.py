"""Asks a lesson's questions: a guess first, then truth and gap on the same axis, with the arithmetic."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
import streamlit as st

from dashboard.lessons.contract import Chapter, Step, digits
from dashboard.lessons.questions import Answer, Predict, Question
from dashboard.session import lessons
from dashboard.views.drawing import calm
from dashboard.views.palette import GOOD, NAIVE, UNSEEN
from engine.working.sheet import Sheet


def ask(chapter: Chapter, question: Question) -> None:
    """The question; once it is answered, the answer."""

    def again(changes: Mapping[str, float]) -> Sheet:
        return lessons.sheet(chapter.number, chapter.work, changes)

    answer = question.answer(lessons.sheet(chapter.number, chapter.work), again)
    guess = lessons.guess(question.key)
    with st.container(border=True):
        st.markdown(f"**Predict.** {question.ask}")
        if guess is None:
            _form(question, answer)
        else:
            _reveal(question, answer, guess)


def waiting(step: Step) -> list[Question]:
    """The questions of a step that are not answered yet."""
    return [question for question in step.questions if lessons.guess(question.key) is None]


def veiled(step: Step, sheet: Sheet) -> frozenset[str]:
    """What they keep veiled."""
    return frozenset[str]().union(*(question.hides(sheet) for question in waiting(step)))


def _form(question: Question, answer: Answer) -> None:
    with st.form(f"ask.{question.key}", border=False):
        field = f"guess.{question.key}"
        if isinstance(question, Predict):
            st.number_input("Your guess", value=None, step=0.01, format="%.4g", width=180, key=field)
        else:
            st.radio("Your guess", list(answer.values), index=None, key=field)
        st.form_submit_button(
            "Reveal", icon=":material/visibility:", on_click=lessons.take_guess,
            args=(question.key, field, lambda guess: question.right(guess, answer)),
        )  # fmt: skip


def _reveal(question: Question, answer: Answer, guess: float | str) -> None:
    right = question.right(guess, answer)
    truth = answer.values[""] if isinstance(question, Predict) else answer.best
    said = digits(float(guess)) if isinstance(question, Predict) else guess
    found = digits(float(truth)) if isinstance(question, Predict) else truth
    st.markdown(f"{':material/check_circle: Right' if right else ':material/cancel: Not quite'}: "
                f"you said **{said}**, it is **{found}**.")  # fmt: skip
    figure = _line(question, answer, float(guess)) if isinstance(question, Predict) else _bars(question, answer, guess)
    st.plotly_chart(figure, key=f"gap.{question.key}", config={"displayModeBar": False})
    st.code("\n".join(answer.arithmetic), language=None, wrap_lines=True)


def _line(question: Predict, answer: Answer, guess: float) -> go.Figure:
    """Guess, truth and the gap between them on one axis."""
    truth = answer.values[""]
    low, high = min(question.axis[0], truth, guess), max(question.axis[1], truth, guess)
    room = 0.06 * (high - low)
    figure = go.Figure(
        [
            go.Scatter(x=[guess, truth], y=[0, 0], mode="lines", name=f"gap {digits(abs(truth - guess))}",
                       line={"width": 5, "color": NAIVE}, hoverinfo="skip"),
            _dot(guess, f"guess {digits(guess)}", UNSEEN, "diamond"),
            _dot(truth, f"truth {digits(truth)}", GOOD, "circle"),
        ]
    )  # fmt: skip
    calm(figure, height=130)
    return figure.update_yaxes(visible=False, range=[-1, 1]).update_xaxes(
        range=[low - room, high + room], title=question.place, zeroline=True, showgrid=True
    )


def _dot(at: float, name: str, colour: str, shape: str) -> go.Scatter:
    marker = {"size": 15, "color": colour, "symbol": shape}
    return go.Scatter(x=[at], y=[0], mode="markers", name=name, marker=marker, hovertemplate=f"{name}<extra></extra>")


def _bars(question: Question, answer: Answer, guess: float | str) -> go.Figure:
    """Every option's value on one axis, the guess and the truth told apart."""
    options = list(answer.values)[::-1]
    colours = {answer.best: GOOD, str(guess): UNSEEN} if str(guess) != answer.best else {answer.best: GOOD}
    names = {str(guess): "your guess", answer.best: "the largest"}
    figure = go.Figure(
        go.Bar(
            x=[answer.values[o] for o in options], y=options, orientation="h",
            marker={"color": [colours.get(o, NAIVE) for o in options]},
            text=[f"{digits(answer.values[o])}{'  ' + names[o] if o in names else ''}" for o in options],
            hovertemplate="%{y}: %{x:.4g}<extra></extra>", insidetextfont={"color": "#14191f"},
        )
    )  # fmt: skip
    title = question.what if not isinstance(question, Predict) else ""
    return calm(figure, height=90 + 34 * len(options), xaxis={"title": title}, showlegend=False)
