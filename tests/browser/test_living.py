"""The stage of a run that trains while it is watched. `pytest tests/browser/test_living.py`"""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from engine import control
from engine.nouns.runfile import Recorder, create
from engine.nouns.trace import Trace
from tests import traces
from tests.browser.staging import at, opened


def test_a_living_run_is_followed_commanded_and_grows(page: Page, app: str, runs_folder: Path) -> None:
    path = runs_folder / f"{traces.keep(runs_folder, updates=10, units=2, seed=8, state='running')}.run"
    with control.lock(path), Trace(path) as trace:
        opened(page, app, path)
        at(page, 9)
        expect(page.locator(".worker .state")).to_have_text("training")
        recorder = Recorder(path)
        described = list(trace.signals.values())
        recorder.write(traces.frames(trace.run, trace.series, described, 14, first=10))
        at(page, 13)
        recorder.status("paused")
        expect(page.get_by_role("button", name="Continue")).to_be_visible()
        page.locator(".unrolled-stage h3").first.click()
        page.keyboard.press("Home")  # by hand: following ends
        recorder.write(traces.frames(trace.run, trace.series, described, 16, first=14))
        expect(page.locator(".track input[type=range]")).to_have_attribute("max", "15")  # they came
        at(page, 0)
        page.get_by_role("button", name="Step", exact=True).click()  # who steps wants to see the step
        recorder.write(traces.frames(trace.run, trace.series, described, 17, first=16))
        at(page, 16)
        expect(page.get_by_text("script runs: 1")).to_be_visible()
        recorder.close()


def test_commands_arrive_in_the_order_they_were_given(page: Page, app: str, runs_folder: Path) -> None:
    path = runs_folder / f"{traces.keep(runs_folder, updates=3, units=2, seed=10, state='running')}.run"
    asked: list[Route] = []
    page.route("**/command", lambda route: asked.append(route))  # held back until the next command was given
    with control.lock(path), Trace(path) as trace:
        opened(page, app, path)
        page.get_by_role("button", name="Pause", exact=True).click()
        page.get_by_label("Run to update").fill("40")
        page.get_by_role("button", name="Run to").click()
        for came in (1, 2):
            while len(asked) < came:
                page.wait_for_timeout(50)
            with page.expect_response("**/command"):
                asked[-1].continue_()
        commands = trace._connection.execute("SELECT verb, argument FROM commands").fetchall()
    assert len(asked) == 2
    assert commands == [("pause", None), ("run to", 40)]


def test_a_page_opened_before_the_first_update_fills_as_it_comes(page: Page, app: str, runs_folder: Path) -> None:
    series = traces.a_series()
    run = traces.a_run(series, seed=9)
    path = runs_folder / f"{run.id}.run"
    described = traces.signals(run, 2)
    create(path, run, series, described, parameters=traces.PARAMETERS, loss="mean squared error (scaled)")
    opened(page, app, path)
    recorder = Recorder(path)
    recorder.write(traces.frames(run, series, described, 3))
    at(page, 2)
    with Trace(path) as trace:
        largest = float(np.abs(trace.stack("hidden.1", [2])).max())
    axis = page.locator("[aria-label=Memory] .plot").evaluate("(plot) => plot.layout.coloraxis")
    assert (axis["cmin"], axis["cmax"]) == pytest.approx((-largest, largest))  # the first numbers set the colours
    assert -largest <= axis["colorbar"]["tickvals"][0] < -0.9 * largest
    expect(page.get_by_text("script runs: 1")).to_be_visible()
    recorder.close()


def test_of_a_run_that_outruns_its_pictures_the_newest_update_alone_is_fetched(
    page: Page, app: str, runs_folder: Path
) -> None:
    path = runs_folder / f"{traces.keep(runs_folder, updates=10, units=2, seed=11, state='running')}.run"
    with control.lock(path), Trace(path) as trace:
        opened(page, app, path)
        recorder, described = Recorder(path), list(trace.signals.values())
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "/frames?" in request.url else None)
        for first, end in ((10, 90), (90, 170)):
            recorder.write(traces.frames(trace.run, trace.series, described, end, first=first))
            at(page, end - 1)
        assert [re.search(r"first=\d+&count=\d+", url)[0] for url in asked] == [  # type: ignore[index]
            "first=89&count=1",
            "first=169&count=1",
        ]
        page.locator(".unrolled-stage h3").first.click()
        page.keyboard.press("ArrowLeft")  # what was passed over comes when it is asked for
        at(page, 168)
        shown = page.locator("[aria-label=Memory] .plot").evaluate("(plot) => plot.data[0].z.map((row) => [...row])")
        np.testing.assert_array_equal(shown, trace.stack("hidden.1", [168])[0])
        recorder.close()


def test_what_is_pressed_while_the_run_grows_is_pressed(page: Page, app: str, runs_folder: Path) -> None:
    path = runs_folder / f"{traces.keep(runs_folder, updates=30, units=2, seed=12, state='running')}.run"
    with control.lock(path), Trace(path) as trace:
        opened(page, app, path)
        recorder, described = Recorder(path), list(trace.signals.values())
        clipped = page.locator(".happened").get_by_role("button", name="clipped")
        before = clipped.inner_text()
        clipped.hover()
        page.mouse.down()
        recorder.write(traces.frames(trace.run, trace.series, described, 60, first=30))
        at(page, 59)
        expect(clipped).not_to_have_text(before)
        page.mouse.up()
        first = min(step for step, event in trace.events() if event == "clipped")
        at(page, first)
        recorder.close()
