"""The steps done to a series, each with its undo, and one more: chosen, previewed, done. Does no step itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import form
from dashboard.downloading import download
from dashboard.lesson import plain
from dashboard.preparing import change_plot
from dashboard.session import preparing
from engine.deciding import defaults
from engine.nouns.series import Series
from engine.preparing.recipe import exported, imported, replay, write
from engine.preparing.steps.contract import Step, Written, steps

KNOWN_HERE = "until"
"""The decision that nobody is asked for: the page knows where the training part ends."""


def show(read: Series) -> None:
    """What was done, what may be done next, and the list to keep. Raises the Lesson of a step that cannot be done."""
    series, recipe = preparing.prepared(read), preparing.recipe()
    if not recipe:
        st.caption("No step was taken: the series is as it was read.")
    for position, sentence in enumerate(series.repairs[len(preparing.base(read).repairs) :]):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{position + 1}.&ensp;{plain(sentence)}", width="content")
            if st.button("Undo", key=f"undo.{position}", icon=":material/undo:", type="tertiary"):
                _use(read, recipe[:position] + recipe[position + 1 :])  # those after it are done again without it
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = _choose(len(recipe))
        _keep(read, recipe)
    if name is not None:
        _add(read, series, steps()[name])


def _choose(done: int) -> str | None:
    """The step to add; after each that is done the choice is empty again."""
    offered = steps()
    return st.pills(
        "Add a step",
        list(offered),
        format_func=lambda name: offered[name].title,
        key=f"step.{done}",
        width="stretch",
        wrap=True,
    )


def _keep(read: Series, recipe: Sequence[Written]) -> None:
    """The list of steps to a file and back, and those done to the series before this one."""
    with st.popover("Keep or bring steps", icon=":material/receipt_long:"):
        st.caption("The steps are kept with every run. As a file they can be done to another series.")
        if recipe:
            download("Download these steps", exported(recipe), "steps.json", mime="application/json")
        before = preparing.before()
        if before and not recipe:
            label = "Do the steps of the series before"
            if st.button(label, icon=":material/replay:"):
                _use(read, before)
        file = st.file_uploader("Steps, as downloaded here", type="json", key="steps.file", max_upload_size=1)
        if file is not None and st.button("Do these steps", icon=":material/replay:"):
            _use(read, imported(file.getvalue().decode(errors="replace")))


def _use(read: Series, recipe: Sequence[Written]) -> None:
    preparing.use(recipe, read)
    st.rerun()


def _add(read: Series, series: Series, step: Step) -> None:
    """The step's decisions, what it would make of the series, and the button that does it."""
    with st.container(border=True):
        st.caption(step.sentence)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            fields = [name for name in step.decisions.model_fields if name != KNOWN_HERE]
            decided = form.ask(step.decisions, fields, f"step.{step.name}", step.suited(series))
        written = write(step.name, {**decided, **_known(step, series)})
        made = replay(series, [written])
        st.markdown(plain(made.repairs[-1]))
        st.plotly_chart(change_plot.figure(series, made), config={"displaylogo": False}, key="step.preview")
        if st.button(step.title, type="primary", icon=":material/check:", key="step.do"):
            _use(read, (*preparing.recipe(), written))


def _known(step: Step, series: Series) -> dict[str, Any]:
    """The end of the training part, for a step that looks at later values."""
    if KNOWN_HERE not in step.decisions.model_fields:
        return {}
    planned = defaults(series) | preparing.plan()
    split = len(series) - planned["validation"] - planned.get("test", 0)
    return {KNOWN_HERE: str(series.index[max(0, split)])}
