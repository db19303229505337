"""What the stage keeps and compares, in a real Chromium: films, pictures, key frames, colours, guesses, twin runs."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from dashboard.views.contract import probe_start
from engine.looking import look_at
from engine.nouns.trace import Trace
from tests import traces
from tests.browser.serving import PATIENCE, eventually, settled
from tests.browser.staging import opened, ready, trained
from tests.makers import small, wave

UNITS = "(plot) => Array.from(plot.data[0].z, (row) => Array.from(row))"
COLOUR = "(plot) => [plot.layout.coloraxis.cmin, plot.layout.coloraxis.cmax]"
MEMORY = "[aria-label=Memory] .plot"


@pytest.fixture(scope="session")
def run(runs_folder: Path) -> Path:
    return runs_folder / f"{traces.keep(runs_folder, updates=150, units=6, seed=31)}.run"


def test_a_film_plays_with_no_internet_and_holds_what_was_recorded(
    page: Page, browser: Browser, app: str, run: Path, tmp_path: Path
) -> None:
    opened(page, app, run, "hidden,loss")
    with page.expect_download() as film:
        page.locator("[aria-label=Memory]").get_by_text("Film", exact=True).click()
    film.value.save_as(tmp_path / "film.html")
    alone = browser.new_context(offline=True).new_page()
    alone.set_default_timeout(1000 * PATIENCE)
    asked: list[str] = []
    alone.on("request", lambda request: asked.append(request.url))
    alone.goto(f"file://{tmp_path / 'film.html'}")
    with Trace(run) as trace:
        for position in (0, 60, 119):
            alone.locator("input[type=range]").fill(str(position))
            step = int(alone.locator("body").get_attribute("data-shown") or -1)
            np.testing.assert_array_equal(
                alone.locator("#plots > div").evaluate(UNITS), trace.stack("hidden.1", [step])[0]
            )
        assert step == 149  # 120 frames reach from the first update to the last
    alone.locator("input[type=range]").fill("100")
    alone.get_by_role("button", name="Play").click()
    expect(alone.locator("#says")).to_have_text("update 149")
    assert all(url.startswith(("file:", "data:", "blob:")) for url in asked)
    alone.context.close()


def test_pictures_are_saved_as_png_and_svg(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,loss")
    for name, begins in (("PNG", b"\x89PNG"), ("SVG", b"<svg")):
        with page.expect_download() as saved:
            page.locator("[aria-label=Memory]").get_by_text(name, exact=True).click()
        assert saved.value.suggested_filename == f"Memory-149.{name.lower()}"
        assert Path(saved.value.path()).read_bytes().startswith(begins)


def test_six_key_frames_stand_side_by_side_and_lead_to_their_updates(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,loss")
    page.get_by_text("film-strip").click()
    page.wait_for_selector(".filmstrip[data-ready=yes]")
    frames = page.locator(".filmstrip .key")
    expect(frames).to_have_count(6)
    steps = [int(re.findall(r"\d+", words)[0]) for words in frames.all_inner_texts()]
    assert steps == sorted(steps)
    assert (steps[0], steps[-1]) == (0, 149)
    with Trace(run) as trace:
        for step, frame in zip(steps, frames.all(), strict=True):
            np.testing.assert_array_equal(frame.locator(".plot").evaluate(UNITS), trace.stack("hidden.1", [step])[0])
    frames.nth(2).click()
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", str(steps[2]))


def test_colours_span_the_run_or_one_update(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,loss")
    plot = page.locator(MEMORY)
    of_the_run = []
    with Trace(run) as trace:
        for step in (0, 60, 149):
            page.locator(".track input[type=range]").fill(str(step))
            expect(page.locator("[aria-label=Memory]")).to_have_attribute("data-step", str(step))
            of_the_run.append(plot.evaluate(COLOUR))
        largest = np.abs(trace.stack("hidden.1", trace.steps)).max()
        assert of_the_run == [pytest.approx([-largest, largest])] * 3  # same value, same colour, at every update
        page.get_by_label("Colours span").select_option("frame")
        page.locator(".track input[type=range]").fill("5")
        expect(page.locator("[aria-label=Memory]")).to_have_attribute("data-step", "5")
        limit = np.abs(trace.stack("hidden.1", [5])).max()
        assert plot.evaluate(COLOUR) == pytest.approx([-limit, limit])
        page.get_by_label("Colours span").select_option("run")
        page.wait_for_function(f"({COLOUR})(document.querySelector('{MEMORY}'))[1] > {largest * 0.999}")


def test_a_guess_is_asked_for_before_the_truth_is_shown(page: Page, app: str, runs_folder: Path) -> None:
    series = wave()
    run = trained(series, small(series, settings={"updates": 30}, seed=9), runs_folder)
    opened(page, app, run, "hidden,loss")
    page.locator(".track input[type=range]").fill("20")
    panel = page.locator("[aria-label=Memory]")
    panel.get_by_text("Guess", exact=True).click()
    expect(panel.locator(".guess")).to_contain_text("be after update 21?")
    expect(panel.locator(".plot")).not_to_be_visible()
    panel.get_by_label("Your guess").fill("0.25")
    panel.get_by_text("Reveal").click()
    with Trace(run) as trace:
        truth = float(trace.stack("hidden.1", [21])[0][-1, 0])
    expect(panel.locator(".guess")).to_contain_text(f"You said 0.25, it is {truth:.4g}")
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", "21")
    expect(page.locator(".card")).to_have_attribute("data-state", "shown")  # its arithmetic, over what is below
    page.keyboard.press("Escape")
    expect(page.locator(".card")).to_be_hidden()
    loss = page.locator("[aria-label=Loss].panel")
    loss.get_by_text("Guess", exact=True).click()
    loss.get_by_label("What is asked").select_option("validation")
    expect(loss.locator(".guess p")).to_contain_text("What will validation be")
    loss.get_by_label("What is asked").select_option("loss")
    loss.get_by_label("Your guess").fill("0.9")
    loss.get_by_text("Reveal").click()
    expect(loss.locator(".overlay .gap")).to_have_count(1)  # on the figure's own axes
    page.keyboard.press("Escape")


LINE = "(plot, name) => Array.from(plot.data.find((line) => line.name === name).y)"


def test_twin_runs_share_a_clock_and_their_difference_is_drawn(page: Page, whole_app: str, kept_runs: Path) -> None:
    series = wave()
    runs = (small(series, seed=5, settings={"learning_rate": rate}) for rate in (0.01, 0.02))
    ours, theirs = (trained(series, run, kept_runs) for run in runs)
    page.goto(f"{whole_app}/inside?run={ours.stem}")
    ready(page)
    settled(page)
    page.get_by_text("Full cockpit").click()
    settled(page)
    page.get_by_role("combobox", name="Runs beside it").fill(theirs.stem[:6])
    page.get_by_role("option", name=theirs.stem[:6]).click()
    difference = page.locator("[aria-label='A − B · Memory']")
    expect(difference).to_be_visible()
    settled(page)
    sides = "(panels) => panels.map((panel) => panel.getBoundingClientRect().x)"
    starts = page.locator(".panel:is([aria-label^='A · '], [aria-label^='A − '])").evaluate_all(sides)
    assert len(set(starts)) == 1  # each picture begins a row, and so does what differs
    page.keyboard.press("Escape")
    ready(page)
    page.locator(".track input[type=range]").fill("7")
    expect(difference).to_have_attribute("data-step", "7")
    expect(page.locator("[aria-label='B · Memory']")).to_have_attribute("data-step", "7")
    with Trace(ours) as a, Trace(theirs) as b:
        first, second = a.stack("hidden.1", [7])[0], b.stack("hidden.1", [7])[0]
    np.testing.assert_array_equal(page.locator("[aria-label='B · Memory'] .plot").evaluate(UNITS), second)
    np.testing.assert_array_equal(difference.locator(".plot").evaluate(UNITS), first - second)
    assert np.abs(first - second).max() > 0


def test_runs_beside_it_are_lines_by_lag_that_move_with_the_clock(page: Page, app: str, runs_folder: Path) -> None:
    series = wave()
    ours, theirs = (
        trained(series, small(series, model, {"updates": count, "hidden": 3}, seed=6), runs_folder)
        for model, count in (("rnn", 4), ("lstm", 2))
    )
    opened(page, app, ours, f"triangle&beside={theirs.stem}")
    panel = page.locator("[aria-label='Back through time']")
    expect(panel).to_contain_text("not recorded: update 4 of B")
    page.locator(".track input[type=range]").fill("1")
    expect(panel).to_have_attribute("data-step", "1")
    expect(panel).not_to_contain_text("not recorded")
    with Trace(ours) as a, Trace(theirs) as b:
        for trace, name in ((a, "A RNN"), (b, "B LSTM")):
            wanted = look_at(trace, [1], probe_start(trace), ["decay/hidden.1"])["decay/hidden.1"][0]
            eventually(
                page,
                lambda name=name, wanted=wanted: np.testing.assert_allclose(
                    panel.locator(".plot").nth(1).evaluate(LINE, name), np.maximum(wanted, 1e-12), rtol=1e-9
                ),
            )
