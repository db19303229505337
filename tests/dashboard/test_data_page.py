"""The Start and Data pages without a browser: samples, good files, bad files. Run: pytest tests/dashboard"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from dashboard import series_plot, session
from dashboard.lesson import plain
from dashboard.preparing.thinning import MOST
from engine.nouns.series import Series
from tests.dashboard.pages import ROOT, clean, press
from tests.makers import wave

DAYS = [f"2020-01-{day:02d}" for day in range(1, 29)]
GOOD = "date,sales\n" + "".join(f"{day},{place % 5}.5\n" for place, day in enumerate(DAYS))


@pytest.fixture
def data():
    return clean(AppTest.from_file(str(ROOT / "dashboard/app_pages/data.py"), default_timeout=120).run())


def upload(app, content, name="shop.csv"):
    clean(app.segmented_control(key="source").set_value("My own file").run())
    content = content if isinstance(content, bytes) else content.encode()
    return clean(app.file_uploader(key="upload").set_value((name, content, "text/csv")).run())


def said(app):
    return " ".join(box.value for box in [*app.markdown, *app.caption, *app.warning])


def test_without_a_choice_nothing_is_shown(data):
    assert not data.get("plotly_chart")
    assert "series" not in data.session_state


def test_a_sample_is_chosen_at_once(data):
    clean(data.pills(key="sample").set_value("AirPassengers").run())
    assert data.session_state["series"].name == "AirPassengers"
    assert "**144 steps**, monthly, from 1949-01-01 to 1960-12-01, in thousand passengers" in said(data)
    assert data.get("plotly_chart")
    assert "Missing values" not in [control.label for control in data.segmented_control]


def test_the_gaps_of_a_sample_can_be_left_empty(data):
    clean(data.pills(key="sample").set_value("co2").run())
    assert np.isfinite(data.session_state["series"].values).all()
    clean(data.segmented_control(key="fill").set_value("none").run())
    assert np.isnan(data.session_state["series"].values).sum() == 59
    assert "each was left empty" in said(data)


def test_a_file_is_read_and_chosen_at_once(data):
    upload(data, GOOD)
    series = data.session_state["series"]
    assert (series.name, series.freq, len(series)) == ("shop", "D", 28)
    assert "Nothing had to be repaired." in said(data)


def test_columns_can_be_chosen_and_taken_back(data):
    rows = "".join(f"{day},{place % 5}.5,{place % 3}\n" for place, day in enumerate(DAYS))
    upload(data, "date,sales,guests\n" + rows)
    assert data.session_state["series"].name == "shop: sales"
    clean(field(data, "Values").set_value("guests").run())
    assert data.session_state["series"].name == "shop: guests"
    press(data, "Undo")
    assert data.session_state["series"].name == "shop: sales"


def field(app, label):
    (found,) = [box for box in app.selectbox if box.label == label]
    return found


def test_a_repair_is_chosen_looked_at_and_taken_back(data):
    upload(data, GOOD.replace("2020-01-05,4.5\n", ""))
    assert "One stamp is not in the file (2020-01-05)." in said(data)
    (table, _) = [frame.value for frame in data.dataframe]
    assert table.to_numpy().tolist() == [["2020-01-05", "no row", "3.5"]]
    clean(field(data, "Repair").set_value("line").run())
    assert data.session_state["series"].values[4] == (3.5 + 0.5) / 2
    assert dict(data.session_state["series"].read_as["answers"])["fill"] == "line"
    press(data, "Undo")
    assert data.session_state["series"].values[4] == 3.5
    clean(field(data, "Repair").set_value("none").run())
    press(data, "Start again")
    assert data.session_state["series"].values[4] == 3.5


def test_a_doubt_is_a_question_with_the_likely_answer_taken(data):
    months = "".join(f"01/0{month}/2020,{month}\n" for month in range(1, 8))
    upload(data, "date,sales\n" + months)
    assert data.radio[0].value == "dmY"
    assert "The likely answer is taken" in said(data)
    clean(data.radio[0].set_value("mdY").run())
    assert data.session_state["series"].freq == "D"


def test_a_series_is_chosen_among_many(data):
    rows = "".join(f"{shop},{day},{place + ord(shop)}\n" for shop in "AB" for place, day in enumerate(DAYS))
    upload(data, "shop,date,sales\n" + rows)
    assert data.session_state["series"].values[0] == ord("A")
    clean(field(data, "Series").set_value("B").run())
    assert data.session_state["series"].values[0] == ord("B")


def test_rows_can_be_counted_where_time_cannot_be_read(data):
    upload(data, GOOD.replace("2020-01-05", "the fifth"))
    assert "reads “the fifth”" in said(data)
    clean(field(data, "Time").set_value("(count the rows)").run())
    assert "the rows were counted" in said(data)
    assert "series" in data.session_state


def test_what_is_pasted_is_read_and_an_upload_before_it_does_not_come_back(data):
    upload(data, GOOD)
    data.text_area(key="pasted").set_value("date\tsales\n" + "".join(f"{day}\t{n},5\n" for n, day in enumerate(DAYS)))
    press(data, "Read it")
    assert data.session_state["series"].values[3] == 3.5
    clean(data.run())
    assert data.session_state["series"].name == "pasted"


def test_a_file_is_still_there_on_the_way_back(data):
    upload(data, GOOD)
    clean(data.file_uploader(key="upload").set_value([]).run())
    assert "Read from **shop.csv**" in said(data)
    assert data.get("plotly_chart")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (bytes(range(256)) * 10, "zero bytes"),
        (b"<!DOCTYPE html><html></html>", "is a web page"),
        (GOOD.replace("2.5", "two and a half"), "reads “two and a half”"),
        ("name\nann\nbob\ncid\n", "holds numbers to forecast"),
        (GOOD[:40], "A series needs at least 3 rows"),
        (",".join("abc" * 4000) + "\n", "columns"),
    ],
)
def test_a_bad_file_is_a_lesson_on_the_page(data, content, words):
    upload(data, content)
    assert words in said(data)
    assert "series" not in data.session_state
    assert not data.get("plotly_chart")


def test_a_bad_file_leaves_the_series_chosen_before(data):
    upload(data, GOOD)
    upload(data, b"")
    assert data.session_state["series"].name == "shop"


def test_markup_from_a_file_is_shown_as_it_is(data):
    upload(data, GOOD.replace("sales", "<script>alert(1)</script>").replace("2.5", ":red[**two**]"))
    assert r"\<script\>" in said(data)
    assert r"\:red\[\*\*two\*\*\]" in said(data)
    assert plain("a_b $x$") == r"a\_b \$x\$"


@pytest.fixture
def app(monkeypatch):
    monkeypatch.setattr(session, "nursery", lambda: None)
    return clean(AppTest.from_file(str(ROOT / "dashboard/main.py"), default_timeout=120).run())


def test_start_opens_air_passengers_in_one_click(app):
    press(app, "Open AirPassengers")
    assert app.title[0].value == "Train"
    assert app.session_state["series"].name == "AirPassengers"


def test_start_opens_the_other_samples(app):
    press(app, "Open CO₂ at Mauna Loa")
    assert app.title[0].value == "Train"
    assert app.session_state["series"].name == "co2"


def test_start_leads_to_the_upload(app):
    press(app, "Use my own file")
    assert app.title[0].value == "Data"
    assert app.file_uploader.len == 1


def test_data_leads_on_to_train(app):
    clean(app.switch_page("app_pages/data.py").run())
    clean(app.pills(key="sample").set_value("sunspots").run())
    press(app, "Train a model on it")
    assert app.title[0].value == "Train"


def test_a_long_series_keeps_its_extremes_and_its_gaps():
    values = np.random.default_rng(0).normal(size=100_000)
    values[[17, 50_003]] = 40, -40
    missing = np.zeros(len(values), bool)
    missing[77_777] = True
    drawn = series_plot.figure(Series("long", pd.date_range("2000", periods=100_000, freq="h"), values), missing)
    shown = (drawn.data[0].x - np.datetime64("2000-01-01")) // np.timedelta64(1, "h")
    assert len(shown) <= MOST
    assert {0, 17, 50_003, 77_777, 99_999} <= set(shown)
    assert (np.diff(shown) > 0).all()
    assert np.isfinite(drawn.data[1].y).sum() == 1


def test_filled_and_missing_values_are_drawn_apart():
    series = wave(30)
    missing = np.arange(30) == 7
    (line, filled) = series_plot.figure(series, missing).data
    assert filled.name == "filled"
    assert np.isfinite(filled.y).sum() == 1
    assert len(line.y) == 30
    holed = Series("holed", series.index, np.where(missing, np.nan, series.values))
    assert series_plot.figure(holed, missing).data[1].name == "missing"


def test_a_flat_or_tiny_series_can_be_drawn():
    flat = Series("flat", pd.date_range("2020", periods=5, freq="D"), np.full(5, 2.0))
    assert len(series_plot.figure(flat, np.zeros(5, bool)).data) == 1
    assert "polyline" in series_plot.spark(flat.values, 50)
