"""Readout, worker bar and labels in a real Chromium, over odd run files. `pytest tests/browser/test_readout.py`"""

import dataclasses
import re
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from tests import traces
from tests.browser.staging import opened

NAN = float("nan")


def text(page: Page, field: str) -> str:
    return page.locator(f"[data-field={field}]").inner_text()


def test_what_was_not_measured_is_told_from_what_was_not_a_number(page: Page, app: str, runs_folder: Path) -> None:
    run = traces.keep(runs_folder, updates=3, units=2, seed=21, settings={"clip": 1.0}, measured=3)
    with Trace(runs_folder / f"{run}.run") as trace:
        frames = list(traces.frames(trace.run, trace.series, list(trace.signals.values()), 7, first=3))
    odd = {3: {"validation": NAN}, 6: {"loss": NAN, "validation": NAN, "norm": NAN, "events": ("not a number",)}}
    recorder = Recorder(runs_folder / f"{run}.run")
    recorder.write([dataclasses.replace(frame, **odd.get(frame.step, {"validation": NAN})) for frame in frames])
    recorder.close()
    opened(page, app, run)
    assert [text(page, field) for field in ("loss", "validation", "norm", "scale")] == [*["not a number"] * 3, "–"]
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[data-field=validation]")).to_have_text("not measured")
    page.locator(".track input[type=range]").fill("3")
    expect(page.locator("[data-field=validation]")).to_have_text("not a number")
    assert "clipped" in text(page, "scale") or "×" in text(page, "scale")
    page.keyboard.press("Home")
    expect(page.locator("[data-field=scale]")).to_have_text("–")
    expect(page.locator(".readout")).to_contain_text("batch loss, before the update")


def test_a_run_without_clipping_has_a_dash_for_it(page: Page, app: str, runs_folder: Path) -> None:
    opened(page, app, traces.keep(runs_folder, updates=3, units=2, seed=22, settings={"clip": 0}))
    assert text(page, "scale") == "–"
    assert text(page, "epoch") != "–"


def test_a_failed_run_would_fail_again_and_offers_no_way_on(page: Page, app: str, runs_folder: Path) -> None:
    opened(page, app, traces.keep(runs_folder, updates=3, units=2, seed=23, state="failed"))
    expect(page.locator(".worker .state")).to_have_text("failed")
    expect(page.get_by_role("button", name="Continue")).not_to_be_visible()


def test_a_lost_run_can_be_continued(page: Page, app: str, runs_folder: Path) -> None:
    run = traces.keep(runs_folder, updates=3, units=2, seed=24, state="waiting")  # and nobody is on it
    opened(page, app, run)
    expect(page.get_by_role("button", name="Continue")).to_be_visible()


def test_a_refusal_is_told_in_its_own_words(context: BrowserContext, app: str, runs_folder: Path) -> None:
    run = traces.keep(runs_folder, updates=3, units=2, seed=25)
    page = context.new_page()  # its console says 422, and may
    opened(page, app, run)
    page.route(
        re.compile("/history"), lambda route: route.fulfill(status=422, json={"message": "The file is damaged."})
    )
    expect(page.locator(".worker .state")).to_have_text("The file is damaged.")
    page.close()


OVERLAPS = """() => [...document.querySelectorAll(".unrolled-stage .plot")].flatMap((plot) => {
  const box = (one) => one.getBoundingClientRect();
  const apart = (a, b) => a.right <= b.left + 1 || a.left >= b.right - 1 || a.bottom <= b.top || a.top >= b.bottom;
  const titles = [...plot.querySelectorAll(".g-ytitle text, .g-y2title text")].map(box);
  const labels = [...plot.querySelectorAll(".ytick text, .y2tick text")].map(box);
  return titles.flatMap((title) => labels.filter((label) => !apart(title, label)));
}).length"""


@pytest.mark.parametrize("width", [1280, 390])
def test_no_title_lies_on_its_numbers_however_early_the_page_was_drawn(
    page: Page, app: str, runs_folder: Path, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    run = traces.keep(runs_folder, updates=0, units=4, seed=width, state="running")
    page.goto(f"{app}/?run={run}")
    page.wait_for_selector(".unrolled-stage .plot .ytick")
    recorder = Recorder(runs_folder / f"{run}.run")
    with Trace(runs_folder / f"{run}.run") as trace:
        recorder.write(traces.frames(trace.run, trace.series, list(trace.signals.values()), 20))
    recorder.close()
    expect(page.locator("[aria-label=Forecast]")).to_have_attribute("data-step", "0")
    page.wait_for_function(f"({OVERLAPS})() === 0")
