"""The SARIMA page without a browser: what it asks, what it shows, and what it never loads."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from dashboard import session, summary
from dashboard.sarima import beside, walked
from engine import runs
from engine.contract import models
from engine.estimating.answer import work
from engine.estimating.study import Asked, Study, study
from engine.nouns.trace import Trace
from engine.samples import sample
from engine.strategies.plans import plan
from tests.dashboard.pages import ROOT, Here, clean, page, press, said
from tests.makers import wave

AIR = sample("AirPassengers")


@pytest.fixture(autouse=True)
def _work_here(monkeypatch):
    monkeypatch.setattr(session, "nursery", Here)
    monkeypatch.setattr(Study, "start", work)


def test_without_a_series_it_says_where_to_get_one():
    assert "no series yet" in said(page("sarima"))


def test_chosen_orders_are_fitted_and_every_picture_can_be_looked_at():
    app = page("sarima", AIR)
    clean(app.segmented_control(key="study.orders").set_value("Choose").run())
    app.selectbox(key="study.transform").set_value("log").run()
    app = press(app, "Fit")
    assert "-0.4018" in app.dataframe[0].value["estimate"].map("{:.4f}".format).tolist()
    assert "Converged" in said(app)
    assert r"1 - 0.4018\,B" in said(app)
    for kind in ("What is left over", "Roots", "Weights", "Kalman filter"):
        clean(app.segmented_control(key="study.picture").set_value(kind).run())
    app.slider(key="study.step").set_value(3).run()
    assert "the level is still unknown" in said(clean(app))


def test_a_network_reads_beside_the_filter_on_the_same_clock(monkeypatch):
    series = wave(72)
    monkeypatch.setattr(beside, "plan", lambda *asked: plan(*asked, {"updates": 2, "hidden": 3}))
    made = study(series, Asked(auto=False, horizon=3))
    work(made)
    app = page("sarima", series, study=made.folder.name)
    clean(app.segmented_control(key="study.picture").set_value("Kalman filter").run())
    app = press(app, "Train an RNN to see its state beside it")
    assert "reads the" in said(app)
    (file,) = runs.known()
    with Trace(file) as trace:
        run, weights = trace.run, trace.stack("weights", [summary.best(trace)])[0]
    late, early = beside.read(run, series, 70), beside.read(run, series, 4)
    assert (late.start, early.start) == (71 - run.window, 0)
    there = models()["rnn"].lens.look(run, series, weights[None], late.start, ["hidden.1"])["hidden.1"][0]
    np.testing.assert_allclose(late.states, there, atol=1e-6)
    said_of_it, found = made.found()
    drawn = walked.picture(found, said_of_it["states"], series, 70, False, late)
    heat = drawn.data[-1]
    assert heat.x[0] == series.index[late.start]
    np.testing.assert_array_equal(heat.z, late.states.T)
    assert {trace.xaxis for trace in drawn.data} == {"x", "x2", "x3"}
    assert drawn.layout.xaxis.matches == drawn.layout.xaxis2.matches == "x3"


def test_a_search_shows_what_it_tried_and_a_link_shows_it_again():
    app = press(page("sarima", wave(72)), "Search and fit")
    clean(app.segmented_control(key="study.picture").set_value("Orders tried").run())
    assert len(app.dataframe[1].value) > 5
    (folder,) = (runs.folder() / "studies").iterdir()
    assert "onverged" in said(page("sarima", study=folder.name))


def test_a_search_that_was_stopped_says_so():
    made = study(AIR, Asked(transform="log"))
    made.cancel()
    work(made)
    assert "The search was stopped after" in said(page("sarima", AIR, study=made.folder.name))


def test_what_cannot_be_fitted_is_a_lesson_and_the_page_stays_up():
    app = page("sarima", wave(20))
    clean(app.segmented_control(key="study.orders").set_value("Choose").run())
    app.text_input(key="study.order").set_value("5, 1, 5").run()
    assert "needs at least" in said(press(app, "Fit"))


@pytest.mark.parametrize("order", ["one, two", "0,1", "0,1,99"])
def test_orders_that_are_no_numbers_are_a_lesson(order):
    app = page("sarima", AIR)
    clean(app.segmented_control(key="study.orders").set_value("Choose").run())
    clean(app.text_input(key="study.order").set_value(order).run())
    assert "Fit" not in [b.label for b in app.button]


def test_a_number_that_is_too_large_is_told_by_its_name():
    app = page("sarima", AIR)
    clean(app.segmented_control(key="study.orders").set_value("Choose").run())
    clean(app.text_input(key="study.order").set_value("0, 9, 1").run())
    assert "d in “Order (p, d, q)” was set to 9" in said(app)


@pytest.mark.parametrize("link", ["0" * 16, "../../etc", "<b>"])
def test_a_link_to_no_study_is_none(link):
    assert "no series yet" in said(page("sarima", study=link))


def test_the_page_loads_neither_statsmodels_nor_numba():
    made = study(AIR, Asked(auto=False, transform="log"))
    work(made)
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
from dashboard import session
session.nursery = lambda: None
app = AppTest.from_file("{ROOT}/dashboard/main.py", default_timeout=120)
app.switch_page("app_pages/sarima.py")
app.query_params["study"] = "{made.folder.name}"
app.run()
assert not app.exception, app.exception
app.segmented_control(key="study.picture").set_value("Kalman filter").run()
assert not app.exception, app.exception
sys.exit(", ".join(m for m in ("torch", "statsmodels", "numba") if m in sys.modules) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
