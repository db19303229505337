"""Preparing on the Data page and on the Train page, without a browser. Run: pytest tests/dashboard"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import session
from engine import runs
from engine.answering import answer
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.preparing.recipe import imported, write
from tests.makers import accompanied, holed, wave

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
