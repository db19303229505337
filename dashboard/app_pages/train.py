"""Train: choose a model, start it, watch it and step through it."""

import streamlit as st

from dashboard import form, lesson, session, showing
from engine import control, runs
from engine.deciding import decide, defaults
from engine.errors import Lesson
from engine.models.contract import models
from engine.nouns.run import Run

ALWAYS = ("cell", "layer_norm", "hidden", "updates", "learning_rate", "order", "seasonal")  # the rest: one click away
PACES = {0: "at full speed", 30: "30 a second", 10: "10 a second", 3: "3 a second"}

st.title("Train")
shown = session.run_id()
series = session.series() or session.series_of(shown)
if series is None:
    st.write("There is no series yet. Choose a sample or bring your own file; then train a model on it here.")
    st.page_link("app_pages/data.py", label="Choose a series", icon=":material/table_chart:")
    st.stop()

st.caption(f"**{series.name}** · {len(series):,} values · {series.index[0]:%Y-%m-%d} to {series.index[-1]:%Y-%m-%d}")

names = list(models())
name = st.segmented_control(
    "Model", names, default=names[0], format_func=lambda n: models()[n].title, key="model", required=True
)
model = models()[name]
st.caption(model.sentence)

fields = list(model.settings.model_fields)
first = [field for field in fields if field in ALWAYS]
suited = defaults(series)
common = ("window", "validation", "transform", *(() if name == "sarima" else ("anchor", "seed")))
with st.container(horizontal=True, vertical_alignment="bottom"):
    settings = form.ask(model.settings, first, name)
    sizes = form.ask(Run, ["horizon"], "run", suited)
with st.expander("More decisions"), st.container(horizontal=True, vertical_alignment="bottom"):
    settings |= form.ask(model.settings, [field for field in fields if field not in first], name)
    sizes |= form.ask(Run, common, "run", suited)

try:
    run = decide(series, name, settings, **sizes)
except Lesson as problem:
    lesson.show(problem)
    st.stop()

buttons = st.container(horizontal=True, vertical_alignment="bottom")
start = buttons.button("Train", type="primary", icon=":material/play_arrow:")
halted = buttons.button("Train step by step", icon=":material/step:", help="Stops before the first update.")
pace = buttons.selectbox("Updates", list(PACES), format_func=PACES.__getitem__, width=170, key="pace")

if start or halted:
    path = runs.keep(run, series)
    control.send(path, "pace", pace)
    if halted:
        control.send(path, "run to", 0)
    session.nursery().start(path)
    session.choose_run(run.id)

shown = session.run_id()  # perhaps the one just started
if shown:
    try:
        showing.show(shown)
    except Lesson as problem:
        lesson.show(problem)
