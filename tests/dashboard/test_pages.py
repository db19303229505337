"""Every page alone, and the journey through them, without a browser; training happens in this process."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from dashboard import session
from engine import runs, sharing
from engine.contract import models
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.pages import ROOT, Here, clean, page, press, said
from tests.makers import small, wave


@pytest.fixture(autouse=True)
def _train_here(monkeypatch):
    monkeypatch.setattr(session, "nursery", Here)


def stages(app):
    return app.get("bidi_component")


def test_train_without_a_series_says_where_to_get_one():
    assert "no series yet" in clean(page("train")).markdown[0].value


@pytest.mark.parametrize("model", ["lstm", "rnn", "cnn", "sarima"])
def test_every_model_can_be_trained_from_its_form(model):
    app = clean(page("train", wave(80)))
    app.segmented_control(key="model").set_value(model).run()
    if model != "sarima":
        app.number_input(key=f"{model}.updates").set_value(3)
    press(app, "Train")
    (file,) = runs.known()
    assert app.query_params["run"] in ([file.stem], file.stem)
    with Trace(file) as trace:
        assert trace.run.model == model
        assert trace.status.state == "finished"
    assert stages(app)


def test_train_step_by_step_stops_before_the_first_update(monkeypatch):
    monkeypatch.setattr(session, "nursery", lambda: type("Nobody", (), {"start": lambda self, path: None})())
    press(clean(page("train", wave(80))), "Train step by step")
    (file,) = runs.known()
    with Trace(file) as trace:
        sent = trace._connection.execute("SELECT verb, argument FROM commands").fetchall()
    assert sent == [("pace", 0), ("run to", 0)]


def sent(file):
    with Trace(file) as trace:
        return trace._connection.execute("SELECT verb, argument FROM commands").fetchall()


def test_train_goes_on_with_a_run_that_was_halted_and_only_shows_a_finished_one(monkeypatch):
    app = clean(page("train", wave(80)))
    app.number_input(key="lstm.updates").set_value(3).run()
    with monkeypatch.context() as nobody:
        nobody.setattr(session, "nursery", lambda: type("Nobody", (), {"start": lambda self, path: None})())
        press(app, "Train step by step")
    press(app, "Train")
    (file,) = runs.known()
    with Trace(file) as trace:
        assert trace.status.state == "finished"
        assert trace.steps[-1] == 3
    assert "This run is finished" in said(app)
    before = sent(file)
    assert before[-1] == ("resume", None)
    press(app, "Train")
    press(app, "Train step by step")
    assert sent(file) == before


def test_train_says_which_run_is_shown_and_that_the_form_describes_another():
    series = dataclasses.replace(wave(), name="sales *north* [1]")
    earlier = runs.keep(small(series), series)
    work(earlier)
    app = clean(page("train", series, run=earlier.stem))
    assert "Press Train to train what the form says" in said(app)
    assert rf"sales \*north\* \[1\] · LSTM · 20 updates · {earlier.stem[:6]}" in said(app)
    app.number_input(key="lstm.updates").set_value(2).run()
    press(app, "Train")
    assert "what the form says" not in said(app)
    assert earlier.stem[:6] not in said(app)


@pytest.mark.parametrize("model", models())
def test_the_first_row_of_the_form_has_at_most_five_fields_in_full_words(model):
    app = clean(page("train", wave(80)))
    app.segmented_control(key="model").set_value(model).run()
    (later,) = clean(app).expander
    kinds = ("number_input", "selectbox", "toggle", "text_input")
    all_of, hidden = ([box.label for kind in kinds for box in block.get(kind)] for block in (app.main, later))
    fields = [label for label in all_of if label not in hidden and label != "Pace"]
    assert 3 <= len(fields) <= 5
    assert "Horizon" in fields
    assert model == "sarima" or "Hidden units" in fields


@pytest.mark.parametrize(
    ("series", "words"),
    [
        (wave(20), "smaller window"),
        (Series("flat", wave(90).index, np.full(90, 4.0)), "never change"),
        (Series("holed", wave(90).index, np.where(np.arange(90) == 7, np.nan, 1.0 * np.arange(90))), "missing"),
    ],
)
def test_what_cannot_be_trained_is_a_lesson_and_the_page_stays_up(series, words):
    app = clean(page("train", series))
    if series.name == "wave":
        app.number_input(key="run.window").set_value(40).run()
    assert words in " ".join(box.value for box in clean(app).get("warning") + app.get("markdown"))
    assert "Train" not in [b.label for b in app.button]


@pytest.mark.parametrize("order", ["one, two", "0,1,²", "", "0,1,-1"])
def test_orders_that_are_no_numbers_are_a_lesson(order):
    app = clean(page("train", wave(90)))
    app.segmented_control(key="model").set_value("sarima").run()
    app.text_input(key="sarima.order").set_value(order).run()
    clean(app)
    assert "Train" not in [b.label for b in app.button]


def test_inside_without_a_run_says_what_to_do():
    assert "no run yet" in clean(page("inside")).markdown[0].value


def test_inside_shows_any_run_with_its_decisions_and_forecast():
    series = wave()
    path = runs.keep(small(series), series)
    work(path)
    app = clean(page("inside", run=path.stem))
    assert stages(app)
    decided, ahead = (frame.value for frame in app.dataframe)
    assert decided.loc["hidden", "decided"] == "4"
    with Trace(path) as trace:
        best = trace.steps[np.nanargmin(trace.history("validation"))]
        np.testing.assert_array_equal(ahead["forecast"], trace.stack("ahead", [best])[0])


def bring(app, data):
    app.file_uploader[0].set_value(("a.run", data, "application/octet-stream"))
    press(app, "Open it")


def test_a_brought_run_is_taken_in_once_and_another_can_be_chosen(tmp_path):
    series = wave()
    here, brought = runs.keep(small(series), series), runs.keep(small(series, "rnn"), series)
    for path in (here, brought):
        work(path)
    data = sharing.exported(brought)
    brought.unlink()
    app = clean(page("inside", run=here.stem))
    bring(app, data)
    assert app.query_params["run"] in ([brought.stem], brought.stem)
    assert "was here already" not in said(clean(app))
    clean(app.selectbox(key=f"run.{brought.stem}").set_value(here.stem).run())
    assert app.query_params["run"] in ([here.stem], here.stem)
    bring(app, data)
    assert app.query_params["run"] in ([brought.stem], brought.stem)
    assert "This run was here already" in said(clean(app))


def test_inside_claims_no_best_where_validation_was_never_measured():
    series = Series("holed", wave().index, np.where(np.arange(120) >= 108, np.nan, wave().values))
    path = runs.keep(small(series, "sarima", {"iterations": 2}), series)
    work(path)
    app = clean(page("inside", run=path.stem))
    assert "validation was never measured" in said(app)
    assert "best on validation" not in said(app)


@pytest.mark.parametrize("run", ["0" * 16, "../../etc/passwd", "<script>"])
def test_a_link_to_no_run_shows_those_there_are(run):
    series = wave()
    work(runs.keep(small(series), series))
    app = clean(page("inside", run=run))
    assert stages(app)


def test_a_foreign_file_among_the_runs_is_not_listed():
    (runs.folder() / "0000000000000000.run").write_bytes(b"something else")
    assert "no run yet" in clean(page("inside")).markdown[0].value


def test_the_page_process_never_imports_torch_statsmodels_or_numba(tmp_path):
    series = wave()
    work(runs.keep(small(series), series))
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
from dashboard import session
from tests.makers import wave
session.nursery = lambda: type("Nobody", (), {{"start": lambda self, path: None}})()
for name in ("start", "data", "train", "inside"):
    app = AppTest.from_file("{ROOT}/dashboard/main.py", default_timeout=120)
    app.switch_page(f"app_pages/{{name}}.py")
    app.session_state["series"] = wave(80)
    app.run()
    assert not app.exception, app.exception
    for button in list(app.button):
        button.click().run()
sys.exit(", ".join(m for m in ("torch", "statsmodels", "numba") if m in sys.modules) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize("name", ["train", "forecast", "sarima", "compare"])
def test_a_link_to_a_run_brings_the_series_of_that_run(name):
    series = wave(80)
    run = small(series)
    runs.keep(run, series)
    assert f"**{series.name}** · 80 values" in said(page(name, run=run.id))


@pytest.mark.parametrize("name", ["start", "data", "train", "inside", "forecast", "sarima", "compare", "lessons"])
def test_a_page_without_a_series_begins_with_its_title(name):
    app = page(name)
    kinds = [box.type for box in app.main]
    assert "markdown" not in kinds[: kinds.index("title")]  # a bare string of the script, which Streamlit would write


def test_streamlit_does_not_collect_garbage_after_every_script():
    show = "import streamlit as st; print(st.get_option('runner.postScriptGC'))"
    done = subprocess.run([sys.executable, "-c", show], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False"


def test_a_picture_that_a_run_lacks_is_offered_by_training_it_again():
    series = wave(60)
    gated = small(series, "cnn", {"updates": 2, "gated": True})
    work(runs.keep(gated, series))
    app = page("inside", run=gated.id)
    app = clean(app.selectbox(key="stage.picture").set_value("convolution").run())
    press(app, "Train this run again with gated off, to see “The sliding kernel”")
    (there,) = [file.stem for file in runs.known() if file.stem != gated.id]
    with Trace(runs.path(there)) as trace:
        assert trace.run.settings["gated"] is False
        assert trace.status.state == "finished"
