"""The Compare page without a browser: asked, worked out in this process, shown; its pictures and its CSV."""

from __future__ import annotations

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

from dashboard import session
from engine.comparing import cells, keeping, working
from engine.comparing.grids import Event
from engine.comparing.plan import plan
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series
from engine.recipes import booking
from engine.samples import sample
from tests.dashboard.pages import ROOT, clean, page, press, said
from tests.makers import wave

MODELS = ["last_value", "seasonal_naive", "theta", "seasonal_drift"]


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    """What a process of its own would do is done when the button's run ends."""

    def start(kept, kind, scheduler=None):
        kept.begin(kind, {key: cell.title for key, cell in working._cells(kept, kind).items()})
        working.work(kept, kind, scheduler, workers=1)

    monkeypatch.setattr(working, "start", start)
    monkeypatch.setattr(session, "nursery", lambda: None)


def compared(series=None, models=("theta",), **sizes):
    app = page("compare", series or sample("AirPassengers"))
    app.multiselect(key="compare.models").set_value(list(models)).run()
    app.number_input(key="compare.horizon").set_value(sizes.get("horizon", 4)).run()
    horizon = app.number_input(key="compare.horizon").value
    app.number_input(key=f"compare.origins.{horizon}").set_value(sizes.get("origins", 12)).run()
    return press(app, "Compare")


def test_without_a_series_it_says_where_to_get_one():
    assert "no series yet" in said(page("compare"))


def test_a_comparison_shows_verdict_recommendation_leaderboard_and_what_each_metric_is():
    app = compared()
    (shown,) = [frame.value for frame in app.dataframe]
    assert set(shown["model"]) == {"Theta", "Last value", "Seasonal naive", "Drift", "Drift + seasonal naive"}
    assert shown["MAE"].is_monotonic_increasing
    told = said(app)
    assert "Diebold-Mariano" in told
    assert "Recommended:" in told
    assert "12 origins with 4 steps after each, 48 errors" in told
    assert "m = 12" in told
    assert app.query_params["comparison"]
    (kept,) = np.atleast_1d(app.query_params["comparison"])
    again = page("compare", sample("AirPassengers"), comparison=str(kept))
    assert "Diebold-Mariano" in said(again)
    assert "the last comparison" in said(again)  # the form begins anew, with other models


def test_one_click_recommends_with_a_reason_and_another_forecasts_with_it():
    app = page("compare", sample("AirPassengers"))
    app.multiselect(key="advice.among").set_value(["theta"]).run()
    app.number_input(key="advice.horizon").set_value(4).run()
    app = press(app, "Recommend")
    told = said(app)
    assert "later origins, which it was not chosen by" in told
    assert "Looking back from" in told
    assert "steps ahead" in told or "at every step" in told
    assert not [b for b in app.get("download_button") if "forecast" in b.label]
    app = press(app, "Forecast with it")
    assert [b for b in app.get("download_button") if "forecast" in b.label]
    (shown,) = [frame.value for frame in app.dataframe if "forecast" in frame.value]
    assert len(shown) == 4
    app.number_input(key="advice.horizon").set_value(5).run()
    assert "the last recommendation, for 4 ahead" in said(clean(app))


def test_a_series_too_short_to_recommend_for_leaves_the_rest_of_the_page():
    app = page("compare", wave(60))
    clean(app.number_input(key="advice.horizon").set_value(30).run())
    assert "too few to choose and to judge" in said(app)
    assert "Compare" in [b.label for b in app.button]


def test_the_leaderboard_is_there_while_cells_are_still_missing(monkeypatch):
    series = sample("AirPassengers")
    kept = keeping.keep(series, plan(series, MODELS, 4, 6))
    kept.begin("compare", {key: cell.title for key, cell in working._cells(kept, "compare").items()})
    for key, cell in list(working._cells(kept, "compare").items())[:10]:  # two origins of four forecasters, and a half
        cells.keep(key, cells.compute(series, cell))
        kept.write("compare", Event("done", key, seconds=1.0))
    with kept.lock():  # somebody works on it
        app = page("compare", series, comparison=kept.folder.name)
    assert "10 of 24 cells · about 14 s left" in app.get("progress")[0].proto.text
    assert "So far" in said(app)
    assert "first 2 of 6 origins" in said(app)
    assert set(app.dataframe[0].value["model"]) == {"Last value", "Seasonal naive", "Theta", "Drift + seasonal naive"}
    assert "Recommended" not in said(app)


@pytest.mark.parametrize("picture", ["Error by steps ahead", "Error by origin", "Coverage of intervals"])
def test_every_picture_can_be_looked_at(picture):
    app = compared()
    clean(app.segmented_control(key="compare.picture").set_value(picture).run())
    assert len(app.get("plotly_chart")) == 1


def test_looking_for_leaks_says_that_nothing_moved():
    app = page("compare", sample("AirPassengers"))
    app.multiselect(key="compare.models").set_value([]).run()
    app.number_input(key="compare.origins.12").set_value(2).run()
    assert "No leak" in said(press(app, "Look for leaks"))


def test_a_look_for_leaks_that_was_ended_says_how_much_it_looked_at():
    series = sample("AirPassengers")
    kept = keeping.keep(series, plan(series, MODELS, 4, 12))
    wanted = working._cells(kept, "leaks")
    assert len({cell.origins for cell in wanted.values()}) == working.POISONED
    kept.begin("leaks", {key: cell.title for key, cell in wanted.items()})
    for key in list(wanted)[:3]:
        kept.write("leaks", Event("done", key, True, seconds=1.0))
    kept.write("leaks", Event("cancelled", list(wanted)[3]))
    told = said(page("compare", series, comparison=kept.folder.name))
    assert "3 forecasts stayed the same" in told
    assert f"3 of {4 * working.POISONED} forecasts" in told


def test_a_forecaster_that_fails_is_told_and_the_rest_is_shown():
    holed = Series("holed", wave().index, np.where(np.arange(120) == 60, np.nan, wave().values))
    app = compared(holed, horizon=3, origins=3)
    assert any("3 of 15 cells failed" in one.label for one in app.expander)
    assert "missing values" in said(app)
    assert "Theta" not in set(app.dataframe[0].value["model"])


def test_too_much_is_a_lesson_and_the_page_stays():
    app = page("compare", wave(60))
    app.number_input(key="compare.horizon").set_value(59).run()
    assert "do not fit" in said(clean(app))


@pytest.mark.parametrize("wanted", ["0" * 16, "../../etc", "<script>"])
def test_a_link_to_no_comparison_shows_the_form(wanted):
    assert "Compare" in [b.label for b in page("compare", wave(), comparison=wanted).button]


def test_the_page_process_never_imports_torch_statsmodels_or_numba(tmp_path):
    series = sample("AirPassengers")
    kept = keeping.keep(series, plan(series, MODELS, 4, 12))
    working.start(kept, "compare")
    script = f"""
import sys
from streamlit.testing.v1 import AppTest
from dashboard import session
from engine.comparing import working
from engine.samples import sample
session.nursery, working.start = lambda: None, lambda *_: None
app = AppTest.from_file("{ROOT}/dashboard/main.py", default_timeout=120)
app.switch_page("app_pages/compare.py")
app.query_params["comparison"] = "{kept.folder.name}"
app.session_state["series"] = sample("AirPassengers")
app.run()
assert not app.exception, app.exception
assert len(app.dataframe) == 1
for picture in ("Error by origin", "Coverage of intervals"):
    app.segmented_control(key="compare.picture").set_value(picture).run()
    assert not app.exception, app.exception
for button in list(app.button):
    button.click().run()
    assert not app.exception, app.exception
sys.exit(", ".join(m for m in ("torch", "statsmodels", "numba") if m in sys.modules) or 0)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


def two_targets():
    series = wave(300, "D", 7)
    return dataclasses.replace(series, covariates=Covariates(("bus",), series.values[:, None], (False,)))


def test_book_mode_says_why_it_is_not_for_a_monthly_series():
    app = page("compare", wave(60))
    assert any("Book mode" in one.label for one in app.expander)
    assert "The recipe is one for days" in said(app)


def test_book_mode_shows_its_table_while_it_is_under_way_and_no_printed_number_beside_another_series():
    shown = booking.material(two_targets())
    kept = booking.keep(shown, 1)
    wanted = booking.tasks(booking.asked(kept))
    kept.begin("book", {key: task.title for key, task in wanted.items()})
    (first,) = [key for key, task in wanted.items() if task.name == "multivariate"]
    cells.keep(first, {"errors": np.array([2.0]), "naive": np.array([3.0])})
    kept.write("book", Event("done", first, seconds=1.0))
    with kept.lock():  # somebody works on it
        app = page("compare", two_targets(), book=kept.folder.name)
    assert "1 of 14 cells" in app.get("progress")[0].proto.text
    (table,) = [frame.value for frame in app.dataframe]
    assert list(table.columns) == ["ours", "naive"]
    assert table.loc["multivariate RNN of 32"].tolist() == [2.0, 3.0]
    assert "32,040" not in said(app)
    assert "It ended before it was done" in said(page("compare", two_targets(), book=kept.folder.name))


def test_a_link_to_another_kind_of_comparison_shows_the_form():
    series = sample("AirPassengers")
    book, beyond = booking.keep(booking.material(two_targets()), 1), plan(series, MODELS, 4, 1)
    beyond = keeping.keep(series, beyond.model_copy(update={"origins": (len(series),)}))
    for folder in (book.folder.name, beyond.folder.name):
        app = page("compare", series, comparison=folder, advice=folder)
        assert not app.dataframe
        assert "One click looks back" in said(app)
