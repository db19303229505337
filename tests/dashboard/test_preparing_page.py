"""Preparing on the Data page and on the Train page, without a browser. Run: pytest tests/dashboard"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from dashboard.preparing import change_plot, correlogram, decomposition_plot, parts_plot, window_plot
from dashboard.preparing.thinning import MOST, thinned
from engine import runs
from engine.answering import answer
from engine.deciding import decide
from engine.describing.memory import correlations
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare
from engine.preparing.recipe import imported, replay, write
from engine.preparing.shown import window
from engine.training.device import device
from engine.training.windows import Windows
from tests.makers import accompanied, small, wave

ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = """
import sys
from dashboard import preparing, session
preparing.show(session.as_read())
"""

FROM_A_FILE = """
from dashboard import preparing, session
from dashboard.session import brought
days = [f"2020-{month:02d}-{day:02d}" for month in range(1, 7) for day in range(1, 29)]
rows = [f"{day},{place % 7}.5,{place % 5}.25,{place}" for place, day in enumerate(days)]
brought.bring(("date,sales,price,guests\\n" + "\\n".join(rows)).encode(), "shop.csv")
found = brought.reading()
session.choose_series(found.series, session.Told((), found.missing, "forward", from_file=True))
preparing.show(session.as_read())
"""


class Here:
    """A nursery that answers at once, and trains nothing."""

    def start(self, path):
        pass

    def describe(self, what, values, **more):
        return answer({"ask": "describe", "what": what, "values": values, **more})

    def ask(self, question, path, **more):
        return answer({"ask": question, "path": str(path), **more})


@pytest.fixture(autouse=True)
def _answer_here(monkeypatch):
    monkeypatch.setattr(session, "nursery", Here)


def holed(n: int = 200) -> Series:
    series = wave(n, "D", 7)
    values = np.array(series.values)
    values[[20, 21, 60]] = np.nan
    values[100] = 90
    return dataclasses.replace(series, values=values)


def clean(app):
    assert not app.exception, app.exception
    return app


def page(series):
    app = AppTest.from_string(PAGE, default_timeout=120)
    app.session_state["series"] = series
    return clean(app.run())


def press(app, label, **found):
    button = next(b for b in app.button if b.label == label and all(getattr(b, n) == v for n, v in found.items()))
    return clean(button.click().run())


def said(app):
    return " ".join(box.value for box in [*app.markdown, *app.caption, *app.warning])


def add(app, name, **decisions):
    (pills,) = [box for box in app.pills if box.label == "Add a step"]
    clean(pills.set_value(name).run())
    for field, value in decisions.items():
        clean(next(box for kind in ("selectbox", "number_input", "text_input", "toggle") for box in app.get(kind)
                   if box.key == f"step.{name}.{field}").set_value(value).run())  # fmt: skip
    return clean(app.button(key="step.do").click().run())


def prepared(app) -> Series:
    return app.session_state["prepared"][1]


def test_steps_are_added_and_undone_one_by_one():
    app = page(holed())
    assert "No step was taken" in said(app)
    add(app, "outliers", threshold=8.0)
    add(app, "fill", how="season before")
    add(app, "calendar", country="DE")
    series = prepared(app)
    assert [step["step"] for step in series.steps] == ["outliers", "fill", "calendar"]
    assert np.isfinite(series.values).all()
    assert series.values[100] == series.values[93]
    clean(app.button(key="undo.0").click().run())
    assert [step["step"] for step in prepared(app).steps] == ["fill", "calendar"]
    assert prepared(app).values[100] == 90
    clean(app.button(key="undo.1").click().run())
    clean(app.button(key="undo.0").click().run())
    assert prepared(app).hash == holed().hash


def test_a_line_is_told_where_the_training_part_ends():
    app = add(page(holed()), "fill", how="straight line")
    series = prepared(app)
    planned = app.session_state["plan"]
    assert series.steps[0]["until"] == str(series.index[len(series) - planned["validation"]])
    assert "Split" in said(app)


def test_a_step_that_cannot_be_done_is_a_lesson_and_changes_nothing():
    app = page(holed())
    (pills,) = [box for box in app.pills if box.label == "Add a step"]
    clean(pills.set_value("part").run())
    clean(app.text_input(key="step.part.start").set_value("yesterday").run())
    assert "not a moment that can be read" in said(app)
    assert not app.session_state["recipe"] if "recipe" in app.session_state else True


def test_the_steps_of_one_series_can_be_done_to_the_next():
    app = add(page(holed()), "fill", how="zero")
    other = dataclasses.replace(holed(), name="other")
    app.session_state["series"] = other
    clean(app.run())
    assert prepared(app).steps == ()
    press(app, "Do the steps of the series before")
    assert [step["step"] for step in prepared(app).steps] == ["fill"]


def test_steps_come_from_a_file():
    app = page(holed())
    steps = json.dumps({"unrolled preparation": [write("fill", {"how": "zero"})]})
    app.file_uploader(key="steps.file").set_value(("steps.json", steps.encode(), "application/json"))
    press(clean(app.run()), "Do these steps")
    assert prepared(app).steps == imported(steps)
    app.file_uploader(key="steps.file").set_value(("steps.json", b"<html>", "application/json"))
    press(clean(app.run()), "Do these steps")
    assert "not a preparation" in said(app)


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ("Parts and windows", "Learned from the 180 training values alone"),
        ("Trend and seasons", "Strength, from 0 to 1"),
        ("Autocorrelation", "lie outside their band"),
        ("Does it stand still?", "ADF"),
    ],
)
def test_each_look_says_what_it_shows(look, words):
    app = page(wave(200, "D", 7))
    clean(app.number_input(key=f"plan.{wave(200, 'D', 7).hash}.validation").set_value(20).run())
    clean(app.segmented_control(key="prepare.look").set_value(look).run())
    assert words in said(app)
    assert look == "Parts and windows" or "nothing after the split" in said(app)


def test_what_is_planned_is_where_the_train_page_begins():
    series = accompanied(200)
    app = page(series)
    key = f"plan.{series.hash}"
    for name, value in {"window": 9, "test": 7, "difference": 1, "validation": 30}.items():
        clean(app.number_input(key=f"{key}.{name}").set_value(value).run())
    clean(app.selectbox(key=f"{key}.transform").set_value("box-cox").run())
    train = AppTest.from_file(str(ROOT / "dashboard/main.py"), default_timeout=120)
    for name in ("series", "prepared", "recipe", "plan"):
        train.session_state[name] = app.session_state[name]
    train.switch_page("app_pages/train.py")
    clean(train.run())
    train.multiselect(key=f"beside.{series.hash}").set_value(["switch"])
    (button,) = [b for b in clean(train.run()).button if b.label == "Train step by step"]
    clean(button.click().run())
    (file,) = runs.known()
    with Trace(file) as trace:
        run = trace.run
    assert (run.window, run.test, run.validation, run.difference, run.transform) == (9, 7, 30, 1, "box-cox")
    assert (run.covariates, run.known_ahead, run.anchor) == (("switch",), ("switch",), "level")


def test_no_plot_gets_more_points_than_pixels():
    values = np.random.default_rng(0).normal(size=100_000)
    values[[17, 50_003]], values[70_000] = (40, -40), np.nan
    shown = thinned(values)
    assert len(shown) <= MOST
    assert {0, 17, 50_003, 70_000, 99_999} <= set(shown)
    long = Series("long", pd.date_range("2000", periods=100_000, freq="h"), values)
    filled = replay(long, [write("fill", {}), write("outliers", {})])
    parts = {"trend": values, "remainder": values}
    for figure in (
        parts_plot.figure(filled, long, 90_000, 95_000, (10, 50, 10)),
        change_plot.figure(long, filled),
        decomposition_plot.figure(long.index, parts),
    ):
        assert max(len(trace.x) for trace in figure.data) <= MOST


@pytest.mark.parametrize("anchor", ["level", "change"])
@pytest.mark.parametrize("difference", [0, 1])
def test_a_window_is_drawn_as_the_model_is_shown_it(anchor, difference):
    series = accompanied(150)
    run = small(series, "rnn", anchor=anchor, difference=difference, transform="log")
    prepared_ = prepare(run, series)
    windows = Windows(prepared_, 8, device())
    for start in (5, prepared_.split - run.window):
        found = window(prepared_, start)
        inputs, targets = windows.take(np.array([start]))
        np.testing.assert_allclose(found.inputs, inputs[0].numpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.wanted, targets[0].numpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.known, windows.ahead(np.array([start])).known[0].numpy(), rtol=1e-5)
        np.testing.assert_array_equal(found.raw, series.values[start : start + run.window])
        drawn = window_plot.figure(prepared_, found)
        np.testing.assert_array_equal(drawn.data[0].y, found.raw)
        np.testing.assert_array_equal(drawn.data[3].y, found.wanted)
        assert drawn.data[4].z.shape == (2, run.window + run.horizon)


def test_the_parts_are_shaded_where_they_begin():
    series = wave(100)
    drawn = parts_plot.figure(series, series, 70, 90, None)
    assert [trace.name for trace in drawn.data] == ["training", "validation", "test"]
    bounds = [(shape.x0, shape.x1) for shape in drawn.layout.shapes]
    stamps = [series.index[0], series.index[70], series.index[90], series.future(1)[0]]
    assert bounds == list(zip(stamps[:-1], stamps[1:], strict=True))
    assert decide(series, "rnn", test=10).test == 10


def test_filled_and_removed_values_are_marked():
    series = holed()
    made = replay(series, [write("outliers", {"threshold": 8.0}), write("fill", {})])
    drawn = {trace.name: trace for trace in change_plot.figure(series, made).data}
    assert set(drawn["put in place"].x) == set(series.index[[20, 21, 60, 100]].to_numpy())
    removed = replay(series, [write("remove", {"above": 50.0})])
    drawn = {trace.name: trace for trace in change_plot.figure(series, removed).data}
    assert list(drawn["removed"].y) == [90]


def test_a_correlogram_says_whether_the_season_stands_out():
    found = correlations(wave(300, noise=0.5).values, 36)
    assert "12 steps, it is 0." in correlogram.sentence(found, 12)
    assert "stands out" in correlogram.sentence(found, 12)
    assert len(correlogram.figure(found, 12).data[2].y) == 36


def test_other_columns_of_the_file_stand_beside_the_series_and_steps_go_on():
    app = clean(AppTest.from_string(FROM_A_FILE, default_timeout=120).run())
    read = app.session_state["series"]
    add(app, "part", start="2020-02-01")
    clean(app.multiselect(key=f"bring.{read.hash}").set_value(["price", "guests"]).run())
    clean(app.multiselect(key=f"bring ahead.{read.hash}.['price', 'guests']").set_value(["price"]).run())
    series = prepared(app)
    assert (series.covariates.names, series.covariates.known) == (("price", "guests"), (True, False))
    assert [step["step"] for step in series.steps] == ["part"]
    assert len(series) < len(read)
    assert "Beside it stand “price”, “guests”" in " ".join(series.repairs)
    clean(app.multiselect(key=f"bring.{read.hash}").set_value([]).run())
    assert len(prepared(app).covariates) == 0
