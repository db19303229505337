"""Train: choose a model, start it, watch it and step through it."""

import time

import streamlit as st

from dashboard import form, lesson, session, showing, summary
from dashboard.heading import head
from dashboard.lesson import plain
from dashboard.preparing import beside
from dashboard.session import preparing as planned
from engine import control, runs
from engine.contract import models
from engine.deciding import decide, defaults
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace

ALWAYS = ("cell", "layer_norm", "hidden", "updates", "learning_rate", "order", "seasonal")  # the rest: one click away
PACES = {0: "at full speed", 30: "30 a second", 10: "10 a second", 3: "3 a second"}


def finished(run_id: str) -> bool:
    """Whether there is nothing left to train."""
    with Trace(runs.path(run_id)) as trace:
        return trace.status.state == "finished"


def begin(run: Run, series: Series, halted: bool, pace: int) -> None:
    """Trains the run, or goes on with it; one that is finished is only shown."""
    path = runs.keep(run, series)
    session.choose_run(run.id)
    if finished(run.id):
        return
    control.send(path, "pace", pace)
    if halted:
        control.send(path, "run to", 0)
    else:
        control.send(path, "resume")  # it may have been halted before
    session.nursery().start(path)


def tell(shown: str, described: Run) -> None:
    """Says which run the stage shows, and whether it is the one that the form describes."""
    with Trace(runs.path(shown)) as trace:
        title = summary.title(trace)
    if not finished(shown):
        what, _, which = title.rsplit(" · ", 2)  # the page is not drawn again with every update: it does not count
        title = f"{what} · {which}"
    if shown != described.id:
        st.info(f"This is the run **{plain(title)}**. Press Train to train what the form says.")
    elif finished(shown):
        st.caption(
            f"**{plain(title)}** · This run is finished and shown as it was. Change a decision to train another."
        )
    else:
        st.caption(f"**{plain(title)}**")


shown = session.run_id()
series = head("Train", session.series_here(), "train a model on it")

names = list(models())
name = st.segmented_control(
    "Model", names, default=names[0], format_func=lambda n: models()[n].title, key="model", required=True
)
model = models()[name]
st.caption(model.sentence)

fields = list(model.settings.model_fields)
first = [field for field in fields if field in ALWAYS]
suited = defaults(series) | planned.plan()
common = ["window", "validation", "test", "transform", "scaling"]
common += [] if name == "sarima" else ["difference", "seasonal_difference"]
with st.container(horizontal=True, vertical_alignment="bottom"):
    settings = form.ask(model.settings, first, name)
    sizes = form.ask(Run, ["horizon"], "run", suited)
if name != "sarima":
    sizes |= beside.ask(series)
with st.expander("More decisions"), st.container(horizontal=True, vertical_alignment="bottom"):
    settings |= form.ask(model.settings, [field for field in fields if field not in first], name)
    sizes |= form.ask(Run, common, "run", suited)
    if name != "sarima":
        changes = sizes["difference"] or sizes["seasonal_difference"]
        sizes |= form.ask(Run, ["anchor", "seed"], "run", {"anchor": "level"} if changes else {})

try:
    run = decide(series, name, settings, **sizes)
except Lesson as problem:
    lesson.show(problem)
    st.stop()

buttons = st.container(horizontal=True, vertical_alignment="bottom")
start = buttons.button("Train", type="primary", icon=":material/play_arrow:")
halted = buttons.button("Train step by step", icon=":material/step:", help="Stops before the first update.")
pace = buttons.selectbox("Pace", list(PACES), format_func=PACES.__getitem__, width=170, key="pace")

try:
    if start or halted:
        begin(run, series, halted, pace)
    shown = session.run_id()  # perhaps the one just begun
    if shown:
        tell(shown, run)
        showing.show(shown, time.time() if start or halted else None)
except Lesson as problem:
    lesson.show(problem)
