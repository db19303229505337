"""The Forecast page without a browser: training in this process, answers from this process."""

from __future__ import annotations

import pytest

from dashboard import session
from engine import runs
from engine.deciding import decide
from engine.nouns.trace import Trace
from engine.strategies.names import STRATEGIES
from tests.dashboard.pages import Here, clean, page
from tests.makers import wave


@pytest.fixture(autouse=True)
def _here(monkeypatch):
    monkeypatch.setattr(session, "nursery", Here)


def quick(app):
    """The page with runs that train in a blink."""
    app.number_input(key="forecast.lstm.hidden").set_value(2)
    app.number_input(key="forecast.horizon").set_value(3)
    return clean(app.number_input(key="forecast.lstm.updates").set_value(3).run())


def test_without_a_series_it_says_where_to_get_one():
    assert "no series yet" in clean(page("forecast")).markdown[0].value


def test_one_click_trains_the_three_strategies_and_shows_them_from_any_origin():
    app = quick(clean(page("forecast", wave(80))))
    (button,) = [b for b in app.button if b.label.startswith("Train 3 runs")]
    clean(button.click().run())
    kept = runs.known()
    assert len(kept) == len(STRATEGIES)
    for file in kept:
        with Trace(file) as trace:
            assert trace.status.state == "finished"
    assert not [b for b in app.button if b.label.startswith("Train 3 runs")]
    subheaders = [box.value for box in app.subheader]
    assert subheaders == ["Whose error is it?", "How far can it be trusted?"]
    assert "beats the naive forecast" in " ".join(box.value for box in app.markdown)
    slider = app.select_slider(key="origin")
    clean(slider.set_value(len(slider.options) - 1).run())  # beyond the data: nobody knows whose error it will be
    assert [box.value for box in app.subheader] == ["How far can it be trusted?"]
    clean(app.segmented_control(key="fed").set_value(app.segmented_control(key="fed").options[1]).run())
    clean(app.segmented_control(key="heat").set_value("Direct").run())


def test_the_lag_lens_shows_what_is_there_and_offers_the_rest():
    series = wave(60)
    app = clean(page("forecast", series))
    assert not app.get("plotly_chart")
    (button,) = [b for b in app.button if "SARIMA" in b.label]
    run = decide(series, "sarima")
    Here().start(runs.keep(run, series))
    app = clean(app.run())
    assert "pi-weights" in " ".join(box.value for box in app.caption)
    assert len(app.get("plotly_chart")) == 1
    assert [b for b in app.button if b.label == button.label]  # the networks are still missing


def test_a_series_too_short_for_any_of_it_says_so():
    app = clean(page("forecast", wave(8)))
    assert app.warning


def test_a_network_without_a_decoder_has_two_strategies():
    app = clean(page("forecast", wave(80)))
    app = clean(app.segmented_control(key="network").set_value("cnn").run())
    assert [b for b in app.button if b.label.startswith("Train 2 runs")]
