"""The main job in a real Chromium: bring a CSV, train, pause, step back, reload. Run: pytest tests/browser"""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine import sharing
from engine.nouns.trace import Trace
from tests.browser.serving import ROOT, choose, settled
from tests.browser.staging import ready, trained
from tests.makers import small, wave

HEATMAP = "[aria-label=Memory] .plot"
PIXELS = """(plot) => {
  const image = plot.querySelector(".heatmaplayer image");
  return image.getAttribute("href") || image.getAttribute("xlink:href");
}"""
DRAWN = "(plot) => Array.from(plot.data[0].z, (row) => Array.from(row))"
SCREENSHOTS = ROOT / "screenshots"


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """1,000 days in a German dialect."""
    series = wave(1000, "D", 7)
    rows = [f"{stamp:%d.%m.%Y};{value:.3f}" for stamp, value in zip(series.index, series.values, strict=True)]
    text = "Datum;Absatz\n" + "\n".join(row[:10] + row[10:].replace(".", ",") for row in rows)
    path = tmp_path / "absatz.csv"
    path.write_text(text)
    return path


def field(page: Page, name: str) -> float:
    return float(page.locator(f"[data-field={name}]").get_attribute("data-value") or "nan")


def shown(page: Page) -> int:
    return int(page.locator(".unrolled-stage").get_attribute("data-shown") or -1)


def is_recorded(page: Page, path: Path) -> None:
    """What stands on the screen is what stands in the run file at that update."""
    expect(page.locator("[aria-label=Memory]")).to_have_attribute("data-step", str(shown(page)))
    with Trace(path) as trace:
        frame = trace.frame(shown(page))
        np.testing.assert_array_equal(page.locator(HEATMAP).evaluate(DRAWN), frame.signals["hidden.1"])
    np.testing.assert_equal(field(page, "update"), frame.step)
    np.testing.assert_equal(field(page, "loss"), frame.loss)
    np.testing.assert_equal(field(page, "norm"), frame.norm)


def begun(page: Page) -> None:
    """On the page Train, where a run is wished that nobody sees the end of."""
    updates = page.get_by_role("spinbutton", name="Updates")
    expect(updates).to_be_visible()
    settled(page)
    updates.fill("100000")
    updates.press("Enter")
    settled(page)


def cockpit(page: Page) -> None:
    """All pictures, and the page at rest with them."""
    settled(page)
    page.get_by_text("Full cockpit").click()
    settled(page)
    ready(page)


def test_a_person_brings_a_file_trains_pauses_steps_back_and_reloads(
    page: Page, whole_app: str, csv: Path, kept_runs: Path
) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.goto(whole_app)
    page.get_by_role("button", name="Use my own file").click()
    page.locator("input[type=file]").set_input_files(csv)
    expect(page.get_by_text("1,000 rows").first).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Train a model on it").click()
    begun(page)
    page.get_by_text("Layer norm", exact=True).click()
    settled(page)
    page.get_by_role("button", name="Train", exact=True).click()

    worker = page.locator(".unrolled-stage .worker")
    expect(worker).to_have_attribute("data-state", "running")
    expect(page.locator(".plot .legend").first).to_be_visible()
    expect(page.locator(".unrolled-stage .panel").first).to_be_in_viewport(ratio=0.8)  # nobody has to scroll to it
    cockpit(page)
    page.get_by_role("button", name="Pause", exact=True).click()
    expect(worker).to_have_attribute("data-state", "paused")
    path = kept_runs / f"{page.url.partition('run=')[2]}.run"
    with Trace(path) as trace:
        last = int(trace.steps[-1])
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", str(last))
    is_recorded(page, path)

    before, pixels = len(sent), page.locator(HEATMAP).evaluate(PIXELS)
    page.keyboard.press("Home")
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", "0")
    is_recorded(page, path)
    assert page.locator(HEATMAP).evaluate(PIXELS) != pixels
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", str(last - 1))
    is_recorded(page, path)
    assert len(sent) == before  # no message to the server: no rerun

    page.get_by_role("button", name="Step", exact=True).click()
    expect(page.locator("[data-field=update]")).to_have_attribute("data-value", str(last + 1))
    page.reload()  # which brings the beginner's view back
    expect(worker).to_have_attribute("data-state", "paused")
    page.get_by_role("button", name="Continue").click()
    expect(worker).to_have_attribute("data-state", "running")
    cockpit(page)
    page.get_by_role("button", name="Stop").click()
    expect(worker).to_have_attribute("data-state", "stopped")
    page.get_by_role("button", name="Continue").click()  # a stopped run goes on, with a new worker
    expect(worker).to_have_attribute("data-state", "running")
    page.get_by_role("button", name="Stop").click()
    expect(worker).to_have_attribute("data-state", "stopped")


def test_a_closed_tab_does_not_end_a_run(page: Page, whole_app: str, kept_runs: Path) -> None:
    page.goto(whole_app)
    page.get_by_role("button", name="Open AirPassengers").click()
    begun(page)
    page.get_by_role("button", name="Train", exact=True).click()
    worker = page.locator(".unrolled-stage .worker")
    expect(worker).to_have_attribute("data-state", "running")
    run = page.url.partition("run=")[2]
    page.goto("about:blank")
    with Trace(kept_runs / f"{run}.run") as trace:
        before = len(trace.steps)
        while len(trace.steps) == before:  # it goes on with nobody there
            page.wait_for_timeout(50)
    page.goto(f"{whole_app}/inside?run={run}")
    ready(page)
    cockpit(page)
    page.get_by_role("button", name="Stop").click()
    expect(worker).to_have_attribute("data-state", "stopped")


def test_a_run_file_is_brought_and_another_run_chosen_after_it(
    page: Page, whole_app: str, kept_runs: Path, tmp_path: Path
) -> None:
    series = wave()
    there, foreign = small(series, settings={"hidden": 8}), small(series, "rnn")
    for run, folder in ((there, kept_runs), (foreign, tmp_path)):
        trained(series, run, folder)
    page.goto(f"{whole_app}/inside?run={there.id}")
    ready(page)
    settled(page)
    page.get_by_role("button", name="Open a run file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "a.run", "mimeType": "", "buffer": sharing.exported(tmp_path / f"{foreign.id}.run")}
    )
    expect(page.get_by_text("a.run")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Open it").click()
    expect(page).to_have_url(re.compile(foreign.id))
    settled(page)
    page.keyboard.press("Escape")
    choose(page, page.get_by_role("combobox", name="Run"), there.id[:6])
    expect(page).to_have_url(re.compile(there.id))
    settled(page)  # it used to go back and forth for ever, and never came to rest
    assert there.id in page.url
    ready(page)


def test_a_beginner_is_told_one_sentence_and_the_others_when_asked_for(
    page: Page, whole_app: str, kept_runs: Path
) -> None:
    series = wave()
    run = small(series, settings={"hidden": 8}, seed=72)
    trained(series, run, kept_runs)
    page.goto(f"{whole_app}/inside?run={run.id}")
    ready(page)
    settled(page)
    told, others = page.locator(".panel header .how"), page.get_by_text("Going forward, what lies to the right")
    expect(told).to_have_text(re.compile(r"^One column is one time step[^.]*\.$"))
    expect(others).to_be_hidden()
    page.get_by_text("More on reading it").click()
    expect(others).to_be_visible()
    choose(page, page.get_by_role("combobox", name="Picture"), "Clip and update")
    expect(page.locator(".substeps button")).to_have_count(5)
    for substep in page.locator(".substeps button").all():  # the picture goes through them, so they are there
        expect(substep).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_photographed(page: Page, whole_app: str, kept_runs: Path, scheme: str, width: int) -> None:
    series = wave()
    run = small(series, settings={"hidden": 16})
    trained(series, run, kept_runs)
    SCREENSHOTS.mkdir(exist_ok=True)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": 1500})
    for name in ("", "data", f"train?run={run.id}", f"inside?run={run.id}"):
        page.goto(f"{whole_app}/{name}")
        page.wait_for_selector(".unrolled-stage[data-ready=yes]" if "run=" in name else "h1")
        settled(page)
        assert not page.get_by_text("Traceback").count()
        page.screenshot(path=SCREENSHOTS / f"{name.partition('?')[0] or 'start'}-{scheme}-{width}.png")
