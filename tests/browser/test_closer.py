"""Looking closer at a run in a real Chromium: a number down to the data, a window, a fork, a break."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine import control, runs
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from tests.browser.serving import choose, settled
from tests.browser.staging import ready, trained
from tests.makers import small, wave


@pytest.fixture
def closer(page: Page, whole_app: str, kept_runs: Path) -> tuple[Page, Path]:
    """The Inside page of a finished run."""
    series = wave()
    run = small(series, settings={"updates": 30})
    path = trained(series, run, kept_runs)
    page.goto(f"{whole_app}/inside?run={run.id}")
    ready(page)
    settled(page)
    return page, path


def put(page: Page, label: str, number: str) -> None:
    """Types a number into a field that rests, and waits for what follows."""
    settled(page)
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(number)
    field.press("Enter")
    settled(page)


def test_a_number_opens_down_to_weights_and_the_persons_own_data(closer: tuple[Page, Path]) -> None:
    from engine.explaining.asking import explain

    page, path = closer
    page.get_by_text("A number", exact=True).click()
    put(page, "Update", "7")
    with Trace(path) as trace:
        shown = page.locator("[data-testid=stCode]").first
        place = "forecast[window=probe, ahead=0]"
        settled(page)
        expect(shown).to_contain_text(f"{place} =")
        way = [place]
        while operands := explain(trace, 7, Place.parse(way[-1])).operands:
            places = [str(operand.place) for operand in operands]
            way.append(next((p for p in places if explain(trace, 7, Place.parse(p)).operands), places[0]))
            settled(page)
            page.get_by_role("button", name=re.compile(rf"{re.escape(way[-1])} =")).last.click()
            expect(shown).to_contain_text(f"{explain(trace, 7, Place.parse(way[-1])).short}")
    assert len(way) > 4
    assert way[-1].startswith("series[")
    settled(page)
    page.get_by_role("button", name=place).click()  # the way back up
    expect(shown).to_contain_text(f"{place} =")


def test_each_sub_step_has_its_numbers(closer: tuple[Page, Path]) -> None:
    page, _ = closer
    page.get_by_text("A number", exact=True).click()
    for substep, word in {"loss": "loss", "backward": "gradient", "clip": "clipped", "update": "updated"}.items():
        choose(page, page.get_by_role("combobox", name="Sub-step"), substep)
        expect(page.get_by_role("combobox", name="Number of")).to_have_value(re.compile(word))
    choose(page, page.get_by_role("combobox", name="Sub-step"), "forward")
    settled(page)
    page.get_by_role("radio", name="of the batch").click()
    put(page, "Window (1 to 8)", "3")
    expect(page.locator("[data-testid=stCode]").first).to_contain_text("forecast[window=2, ahead=0] =")


def test_any_window_can_be_looked_at(closer: tuple[Page, Path]) -> None:
    page, _ = closer
    page.get_by_text("A window", exact=True).click()
    put(page, "Window begins at value", "0")
    expect(page.get_by_text("Jan 2000 to Dec 2000")).to_be_visible()
    expect(page.locator("[data-testid=stPlotlyChart]").last).to_be_visible()


def test_what_the_page_itself_draws_takes_a_theme_that_changes(closer: tuple[Page, Path]) -> None:
    page, _ = closer
    page.emulate_media(color_scheme="light")
    page.get_by_text("A window", exact=True).click()
    middle = "document.querySelector('.stPlotlyChart .js-plotly-plot')?._fullLayout.coloraxis?.colorscale[2][1]"
    page.wait_for_function(f"{middle} === '#f7f5f0'")
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"{middle} === '#171d24'")


def test_a_fork_trains_on_from_an_exact_past(closer: tuple[Page, Path], kept_runs: Path) -> None:
    page, path = closer
    page.get_by_text("Fork", exact=True).click()
    put(page, "From update", "12")
    put(page, "Learning rate", "0.5")
    page.get_by_role("button", name="Fork and train").click()
    page.wait_for_url(lambda url: path.stem not in url)
    with Trace(path) as parent, Trace(kept_runs / f"{page.url.partition('run=')[2]}.run") as fork:
        while fork.status.state != "finished":
            page.wait_for_timeout(50)
        assert (fork.run.forked_at, fork.run.settings["learning_rate"]) == (12, 0.5)
        for step, same in ((12, True), (13, False)):
            assert (parent.stack("weights", [step]) == fork.stack("weights", [step])).all() == same
    expect(page.get_by_text(f"A fork of {path.stem[:6]} after update 12: learning rate 0.5 instead of")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Show both on one clock").click()
    expect(page.get_by_role("heading", name=re.compile(r"^A . Loss"))).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile(r"^B . Loss"))).to_be_visible()


def test_a_run_breaks_when_it_was_told_to_and_says_why(page: Page, whole_app: str, kept_runs: Path) -> None:
    series = wave()
    run = small(series, settings={"updates": 100_000}, seed=5)
    path = kept_runs / f"{run.id}.run"
    runs.create(path, run, series)
    page.goto(f"{whole_app}/inside?run={run.id}")
    ready(page)
    settled(page)
    page.get_by_text("Break when", exact=True).click()
    page.get_by_role("combobox", name="Break when").fill("this update")
    page.get_by_role("option", name="this update").click()
    put(page, "Update", "17")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_text("update 17 is done")).to_be_visible()
    page.get_by_role("button", name="Continue").click()
    worker = page.locator(".worker")
    expect(worker).to_have_attribute("data-state", "paused")
    expect(worker).to_contain_text("at update 17")
    with Trace(path) as trace:
        assert max(trace.steps) == 17
    control.send(path, "stop")
