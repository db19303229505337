"""The stage in a real Chromium, over synthetic run files. `pytest tests/browser/test_stage.py`"""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Route, expect

from dashboard.views.contract import Binding
from dashboard.views.filling import reduced
from engine.nouns.runfile import connect
from engine.nouns.trace import Trace
from tests import traces
from tests.browser.serving import settled
from tests.browser.staging import at, cell, opened

HEATMAP = "[aria-label=Memory] .plot"
IN_PAGE = f"document.querySelector('{HEATMAP}')"
DRAWN = "(plot) => Array.from(plot.data[0].z, (row) => Array.from(row))"
PIXELS = """(plot) => {
  const image = plot.querySelector(".heatmaplayer image");
  return image.getAttribute("href") || image.getAttribute("xlink:href");
}"""


@pytest.fixture(scope="session")
def run(runs_folder: Path) -> Path:
    return runs_folder / f"{traces.keep(runs_folder, updates=150, units=6)}.run"


@pytest.fixture
def stage(page: Page, app: str, run: Path) -> Page:
    return opened(page, app, run)


def number(page: Page, field: str) -> float:
    return float(page.locator(f"[data-field={field}]").get_attribute("data-value"))


MOVES = (
    (["Home"], 0),
    (["ArrowLeft"], 148),
    (["ArrowLeft", "ArrowLeft", "ArrowRight"], 148),
    (["Home", "End"], 149),
    (["Home", "PageUp"], 10),
    (["End", "ArrowRight"], 149),
)


def test_it_opens_on_the_newest_update_and_keys_move_the_clock(stage: Page) -> None:
    at(stage, 149)
    for keys, step in MOVES:
        for key in keys:
            stage.keyboard.press(key)
        at(stage, step)
        stage.keyboard.press("End")
        at(stage, 149)


def test_the_picture_changes_in_its_data_and_in_its_pixels(stage: Page, run: Path) -> None:
    painted = set()
    with Trace(run) as trace:
        for step in (0, 70, 149):
            stage.locator(".track input[type=range]").fill(str(step))
            at(stage, step)
            plot = stage.locator(HEATMAP)
            np.testing.assert_array_equal(plot.evaluate(DRAWN), trace.stack("hidden.1", [step])[0])
            painted.add(plot.evaluate(PIXELS))
    assert len(painted) == 3


def test_hover_says_the_stored_value_of_that_cell(stage: Page, run: Path) -> None:
    stage.keyboard.press("ArrowLeft")
    at(stage, 148)
    # The third row from above and the tenth column of 6 x 48.
    area, place = cell(stage, stage.locator(HEATMAP), 9.5 / 48, 2.5 / 6)
    area.hover(position=place)
    label = stage.locator(f"{HEATMAP} .hoverlayer .hovertext")
    expect(label).to_contain_text("unit 3")
    with Trace(run) as trace:
        stored = trace.stack("hidden.1", [148])[0][9, 2]
        date = trace.series.index[240 - 24 - 48 + 9].strftime("%b %Y")
    text = label.text_content().replace("−", "-")
    assert date in text
    assert f"{stored:.6g}"[:-1] in text


def test_the_numbers_are_those_of_the_run_file(stage: Page, run: Path) -> None:
    with Trace(run) as trace:
        for step in (0, 5, 63):
            stage.locator(".track input[type=range]").fill(str(step))
            at(stage, step)
            frame = trace.frame(step)
            shown = [number(stage, f) for f in ("update", "epoch", "loss", "validation", "norm", "scale")]
            stored = [step, frame.epoch, frame.loss, frame.validation, frame.norm, frame.scale]
            np.testing.assert_array_equal(shown, stored)


def test_the_browser_reduces_as_python_does(stage: Page, run: Path) -> None:
    stage.locator(".track input[type=range]").fill("40")
    at(stage, 40)
    drawn = stage.locator("[aria-label=Gradients] .plot").nth(1).evaluate("(plot) => plot.data[0].y")
    binding = Binding(0, "y", "gradient/hidden.1", "frame", "norm", 1e-12)
    with Trace(run) as trace:
        stored = reduced(trace.stack("gradient/hidden.1", [40])[0], binding)
    np.testing.assert_allclose(drawn, stored, rtol=1e-12)


def test_play_runs_to_the_end_and_space_pauses(stage: Page) -> None:
    speed, slider = stage.get_by_label("Speed, in updates per second"), stage.locator(".track input[type=range]")
    speed.select_option("8")  # 18 seconds to the end: whoever pauses late still pauses on the way
    stage.locator(".unrolled-stage h3").first.click()  # the focus off the select
    stage.keyboard.press("Home")
    stage.keyboard.press("Space")
    expect(stage.get_by_role("button", name="Pause (space)")).to_be_visible()
    stage.wait_for_function("document.querySelector('.unrolled-stage').dataset.shown > 1")
    stage.keyboard.press("Space")
    expect(stage.get_by_role("button", name="Play (space)")).to_be_visible()
    paused = int(slider.input_value())
    assert 1 < paused < 149
    stage.wait_for_timeout(300)  # two updates at this speed
    at(stage, paused)
    speed.select_option("1000")
    stage.locator(".unrolled-stage h3").first.click()
    stage.keyboard.press("Space")
    at(stage, 149)


def test_what_play_passes_over_is_said(stage: Page) -> None:
    stage.get_by_label("Speed, in updates per second").select_option("1000")
    stage.locator(".unrolled-stage h3").first.click()
    stage.keyboard.press("Home")
    at(stage, 0)
    stage.evaluate(
        """() => {
          const stage = document.querySelector(".unrolled-stage");
          window.drawn = [0];
          const watch = new MutationObserver(() => drawn.push(Number(stage.dataset.shown)));
          watch.observe(stage, { attributeFilter: ["data-shown"] });
        }"""
    )
    stage.keyboard.press("Space")
    at(stage, 149)
    widest = int(np.diff(stage.evaluate("drawn")).max())
    assert widest > 1
    expect(stage.locator(".passed")).to_have_text(f"one of up to {widest} updates is drawn")


def test_scrubbing_and_commands_never_run_the_script(stage: Page, run: Path) -> None:
    for _ in range(30):
        stage.keyboard.press("ArrowLeft")
    at(stage, 119)
    expect(stage.get_by_text("script runs: 1")).to_be_visible()


def test_a_rerun_keeps_the_clock_the_zoom_and_the_elements(stage: Page) -> None:
    stage.keyboard.press("Home")
    at(stage, 0)
    plot = stage.locator("[aria-label=Loss] .plot")
    plot.evaluate("(plot) => { plot.mine = true; return Plotly.relayout(plot, { 'xaxis.range': [10, 20] }); }")
    stage.get_by_role("button", name="Run the script again").click()
    expect(stage.get_by_text("script runs: 2")).to_be_visible()
    settled(stage)
    stage.locator(".unrolled-stage h3").first.click()
    stage.keyboard.press("ArrowRight")
    at(stage, 1)
    assert plot.evaluate("(plot) => [plot.mine, plot.layout.xaxis.range]") == [True, [10, 20]]


def test_the_theme_of_the_page_is_taken_up(page: Page, app: str, run: Path) -> None:
    page.emulate_media(color_scheme="dark")
    opened(page, app, run)
    scale = f"((plot) => [plot.layout.font.color, plot.layout.coloraxis.colorscale[2][1]])({IN_PAGE})"
    page.wait_for_function(f"{scale}.join() === '#e4e7ea,#171d24'")
    page.emulate_media(color_scheme="light")
    page.wait_for_function(f"{scale}[1] === '#f7f5f0'")


def test_what_has_not_arrived_is_hatched_and_never_passed_off_as_the_present(page: Page, app: str, run: Path) -> None:
    held: list[Route] = []
    page.route(re.compile(r"/frames\?first=0&"), lambda route: held.append(route))
    opened(page, app, run)
    page.keyboard.press("Home")
    panel = page.locator("[aria-label=Memory]")
    expect(panel).to_have_attribute("data-state", "loading")
    expect(panel.locator(".veil")).to_have_text("update 0: loading …")
    while not held:
        page.wait_for_timeout(50)
    for route in held:
        route.continue_()
    at(page, 0)
    expect(panel).to_have_attribute("data-state", "shown")


def test_what_was_not_recorded_says_so(page: Page, app: str, runs_folder: Path) -> None:
    path = runs_folder / f"{traces.keep(runs_folder, updates=5, units=2, seed=7)}.run"
    connection = connect(path, write=True)
    connection.execute("DELETE FROM arrays WHERE name = 'hidden.1' AND step = 2")
    connection.close()
    opened(page, app, path)
    page.locator(".track input[type=range]").fill("2")
    expect(page.locator("[aria-label=Memory] .veil")).to_have_text("update 2: not recorded")
    expect(page.locator("[aria-label=Forecast]")).to_have_attribute("data-step", "2")


def test_on_a_narrow_screen_nothing_sticks_out(page: Page, app: str, run: Path) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, app, run)
    at(page, 149)
    settled(page)
    width = "(stage) => Math.max(...[...stage.querySelectorAll('*')].map((e) => e.getBoundingClientRect().right))"
    assert page.locator(".unrolled-stage").evaluate(width) <= 390
