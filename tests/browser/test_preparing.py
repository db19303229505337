"""From a file with gaps to prepared windows and on to training, in a real Chromium. Run: pytest tests/browser"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.nouns.trace import Trace
from tests.browser.serving import settled
from tests.makers import wave

MOVED = """(before) => Array.from(document.querySelectorAll(".js-plotly-plot")).some((plot) => {
  const now = (plot.layout.shapes || []).map((shape) => String(shape.x0).slice(0, 10));
  return now.length === before.length && JSON.stringify(now) !== JSON.stringify(before);
})"""
SHADED = "(plot) => plot.layout.shapes.map((shape) => String(shape.x0).slice(0, 10))"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """400 days, five of them without a value."""
    series = wave(400, "D", 7)
    values = [f"{value:.3f}" for value in series.values]
    for day in (30, 31, 32, 33, 200):
        values[day] = ""
    rows = [f"{stamp:%Y-%m-%d},{value}" for stamp, value in zip(series.index, values, strict=True)]
    path = tmp_path / "visits.csv"
    path.write_text("day,visits\n" + "\n".join(rows))
    return path


def test_a_person_walks_from_a_file_to_prepared_windows_and_trains(
    page: Page, whole_app: str, csv: Path, kept_runs: Path
) -> None:
    page.set_viewport_size({"width": 1280, "height": 2200})
    page.goto(f"{whole_app}/data")
    page.get_by_text("My own file", exact=True).click()
    page.locator("input[type=file]").first.set_input_files(csv)
    expect(page.get_by_text("Split, window and transform")).to_be_visible()

    settled(page)
    page.get_by_text("Add the calendar", exact=True).click()
    page.get_by_role("textbox", name="Country").fill("FR")
    page.get_by_role("textbox", name="Country").press("Enter")
    settled(page)
    page.get_by_role("button", name="Add the calendar").last.click()
    expect(page.get_by_text("No step was taken")).to_be_hidden()
    expect(page.get_by_role("textbox", name="Country")).to_be_hidden()
    parts = page.locator(".js-plotly-plot", has_text="training")
    expect(parts).to_have_count(1)
    settled(page)
    page.get_by_role("spinbutton", name="Test").fill("20")
    page.get_by_role("spinbutton", name="Test").press("Enter")
    expect(parts.get_by_text("test", exact=True)).to_be_visible()
    settled(page)
    before = parts.evaluate(SHADED)
    slider = page.get_by_role("slider", name="The window begins at value")
    slider.press("ArrowLeft")
    expect(slider).to_have_value(str(400 - 20 - 28 - 28 - 1))
    page.wait_for_function(MOVED, arg=before)

    for look, words in (
        ("Trend and seasons", "Strength, from 0 to 1"),
        ("Autocorrelation", "lie outside their band"),
        ("Does it stand still?", "KPSS"),
    ):
        settled(page)
        page.get_by_text(look, exact=True).click()
        expect(page.get_by_text(words).first).to_be_visible()

    settled(page)
    page.get_by_role("button", name="Train a model on it").click()
    expect(page.get_by_text("Known ahead", exact=True)).to_be_visible()
    settled(page)
    page.get_by_role("spinbutton", name="Updates").fill("5")
    page.get_by_role("spinbutton", name="Updates").press("Enter")
    settled(page)
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.locator(".unrolled-stage .worker")).to_have_attribute("data-state", "finished")
    path = kept_runs / f"{page.url.partition('run=')[2]}.run"
    with Trace(path) as trace:
        assert trace.run.test == 20
        assert "holiday" in trace.run.known_ahead
        assert trace.series.steps[-1]["country"] == "FR"
        assert np.isfinite(trace.frame(5).signals["ahead"]).all()
