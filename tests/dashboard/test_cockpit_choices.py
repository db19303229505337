"""What the full cockpit lets a person choose: the window, by value or by day, and the runs beside it."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from dashboard import session
from engine import runs
from engine.nouns.series import Series
from engine.worker import work
from tests.dashboard.pages import Here, clean, page
from tests.makers import small, wave


@pytest.fixture(autouse=True)
def _ask_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "nursery", Here)


def hourly() -> Series:
    index = pd.date_range("2020-01-30 05:00", periods=200, freq="h")
    return Series("load", pd.DatetimeIndex(index), wave(200).values)


def test_a_window_can_be_picked_by_the_day_on_which_it_begins() -> None:
    series = hourly()
    path = runs.keep(small(series), series)
    work(path)
    app = page("inside", run=path.stem)
    (many,) = [toggle for toggle in app.toggle if toggle.label == "Full cockpit"]
    clean(many.set_value(True).run())
    app.date_input[0].set_value(date(2020, 2, 2)).run()
    at = series.index.get_loc(pd.Timestamp("2020-02-02"))
    assert clean(app).slider[0].value == at
    assert "The window from 2 Feb 2020 00:00 to" in " ".join(one.value for one in app.caption)
    clean(app.slider[0].set_value(0).run())  # and the day follows the value
    assert app.date_input[0].value == date(2020, 1, 30)
    assert app.slider[0].value == 0


def test_runs_beside_one_are_named_by_the_letters_of_their_pictures() -> None:
    series = wave()
    paths = [runs.keep(small(series, model), series) for model in ("lstm", "rnn")]
    for path in paths:
        work(path)
    app = page("inside", run=paths[0].stem)
    (many,) = [toggle for toggle in app.toggle if toggle.label == "Full cockpit"]
    clean(many.set_value(True).run())
    clean(app.multiselect(key="stage.twins").set_value([paths[1].stem]).run())
    told = " ".join(one.value for one in app.caption)
    assert "**A** is wave · LSTM" in told
    assert "**B** is wave · RNN" in told
