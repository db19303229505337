"""Several series of a file on the Compare page: stacked or side by side, ranked, a row each, or told what is amiss."""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd
import pytest

from dashboard import session
from engine.comparing import working
from engine.reading.layouts.layout import Choice
from engine.reading.read import read
from engine.reading.several import one, several
from tests.dashboard.pages import clean, page, press, said

INDEX = pd.date_range("2024-01-01", periods=80, freq="D")
VALUES = {name: np.random.default_rng(k).normal(size=80).cumsum() + 50 for k, name in enumerate(("a", "b", "c"))}


def wide():
    return pd.DataFrame({"day": INDEX, **VALUES}).to_csv(index=False).encode()


def stacked():
    rows = [pd.DataFrame({"day": INDEX, "shop": name, "sold": values}) for name, values in VALUES.items()]
    return pd.concat(rows).to_csv(index=False).encode()


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    def start(kept, kind, scheduler=None):
        todo, titles = working._todo(kept, kind)
        kept.begin(kind, titles, {key: cell.model for key, cell in todo.items()})
        working.work(kept, kind, scheduler, workers=1)

    monkeypatch.setattr("dashboard.comparing.many.start", start)
    monkeypatch.setattr(session, "nursery", lambda: None)


@pytest.mark.parametrize("data", [wide(), stacked()], ids=["wide", "stacked"])
def test_every_series_of_a_file_is_offered_and_read(data):
    reading = read(data, "shops.csv", Choice())
    assert several(reading) == ["a", "b", "c"]
    for name, values in VALUES.items():
        series = one(reading, name)
        assert series.name == name
        np.testing.assert_allclose(series.values, values)


def brought(data):
    """The Compare page for a visitor who brought that file."""
    from dashboard.session.brought import Brought

    reading = read(data, "shops.csv", Choice())
    app = page("compare")
    app.session_state["brought"] = Brought("shops.csv", data, hashlib.sha256(data).hexdigest())
    app.session_state["choices"] = [Choice()]
    app.session_state["series"] = reading.series
    app.session_state["told"] = session.Told((), reading.missing, "forward", from_file=True)
    clean(app.run())
    app.multiselect(key="compare.models").set_value(["theta"]).run()
    app.number_input(key="compare.horizon").set_value(3).run()
    clean(app.number_input(key="compare.origins.3").set_value(4).run())
    return app


def test_the_series_of_a_file_are_compared_at_a_click_and_each_has_its_row():
    app = press(brought(wide()), "Compare on all of these")
    told = said(app)
    assert "has the lowest mean rank over 3 series" in told
    assert "too few to tell a lead from chance" in told
    ranks, each = [frame.value for frame in app.dataframe]
    assert ranks["Mean rank"].is_monotonic_increasing
    assert list(each.index) == ["a", "b", "c"]
    labels = {button.label for button in app.get("download_button")}
    assert {"Download the ranks as CSV", "Download every series as CSV"} <= labels
    again = page("compare", app.session_state["series"], many=str(np.atleast_1d(app.query_params["many"])[0]))
    assert "has the lowest mean rank" in said(again)


def test_a_series_too_short_is_named_and_nothing_is_begun():
    app = brought(wide())
    app.number_input(key="compare.horizon").set_value(60).run()
    clean(app.number_input(key=f"compare.origins.{60}").set_value(9).run())
    told = said(press(app, "Compare on all of these"))
    assert "Choose without these" in told
    assert "do not fit into 80 values" in told
    assert "many" not in app.query_params


def test_a_file_of_one_series_is_not_asked_about_several():
    data = pd.DataFrame({"day": INDEX, "a": VALUES["a"]}).to_csv(index=False).encode()
    assert "Compare on all of these" not in [button.label for button in brought(data).button]
