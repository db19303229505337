"""The inner clock, the sub-steps and the arithmetic of a clicked number, in a real Chromium."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from engine.explaining.asking import as_json, explain, moment
from engine.explaining.supposing import outcome, suppose
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from tests.browser.serving import eventually
from tests.browser.staging import at, cell, opened, trained
from tests.makers import small, wave
from tests.scenes import seen

UNITS = "(plot) => plot.data.filter((trace) => trace.type === 'heatmap').map((trace) => trace.visible ?? true)"

HEATMAP = "(plot) => Array.from(plot.data[0].z, (row) => Array.from(row))"


@pytest.fixture(scope="session")
def run(runs_folder: Path) -> Path:
    series = wave()
    return trained(series, small(series, "lstm"), runs_folder)


def test_keys_move_time_steps_and_sub_steps_and_say_so(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "strip,loss")
    stage, time = page.locator(".unrolled-stage"), page.locator(".inner .date")
    expect(time).to_contain_text("12 of 12")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(time).to_contain_text("11 of 12")
    strip = page.locator("[aria-label=Unrolled] .plot")
    assert strip.evaluate(UNITS) == [True, False]
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator(".substeps [aria-pressed=true]")).to_have_text("backward")
    at(page, 20)
    assert strip.evaluate(UNITS) == [False, True]
    with Trace(run) as trace:
        stored = trace.stack("gradient/hidden.1", [20])[0]
    drawn = strip.evaluate(
        "(plot) => Array.from(plot.data.find((t) => t.visible && t.coloraxis === 'coloraxis2').z, (r) => Array.from(r))"
    )
    np.testing.assert_array_equal(drawn, stored)
    expect(page.locator("[role=status].words")).to_contain_text("Update 20 of 20, backward, time step 11 of 12")
    page.get_by_label("Time step in the window").fill("11")
    page.keyboard.press("Shift+Space")  # backward plays from right to left
    expect(time).to_have_text(re.compile("^1 of 12"))
    for _ in range(3):
        page.keyboard.press("Shift+ArrowLeft")  # before forward comes the last sub-step of the update before
    expect(stage).to_have_attribute("data-shown", "19")
    expect(page.locator(".substeps [aria-pressed=true]")).to_have_text("update")
    page.get_by_role("button", name="Play through the window").click()
    expect(time).to_have_text(re.compile("^12 of 12"))


def test_of_what_a_cell_remembers_the_picked_unit_is_fetched_and_drawn(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,ledger")
    ledger, signal = page.locator(".panel[aria-label='Ledger of the cell']"), "provenance/cell.1"
    expect(ledger).to_have_attribute("data-step", "20")
    area, place = cell(page, page.locator("[aria-label=Memory] .plot"), 4.5 / 12, 2.5 / 4)
    area.click(position=place)
    expect(page.locator(".card")).to_have_attribute("data-state", "shown")
    expect(ledger).to_have_attribute("data-step", "20")
    with Trace(run) as trace:
        stored = seen(trace).look([20], [signal])[signal][0]
    figure = ledger.locator(".plot").nth(1)
    eventually(page, lambda: np.testing.assert_allclose(figure.evaluate(HEATMAP), stored[:, :, 2], rtol=1e-6))


def test_a_clicked_cell_opens_its_arithmetic_and_the_zoom_stays(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden")
    page.keyboard.press("ArrowLeft")
    plot = page.locator("[aria-label=Memory] .plot")
    plot.evaluate("(plot) => Plotly.relayout(plot, { 'xaxis.range': [0.5, 6.5] })")
    area, place = cell(page, plot, 4.5 / 6, 1.5 / 4)
    area.click(position=place)
    card = page.locator(".card")
    expect(card).to_have_attribute("data-state", "shown")
    with Trace(run) as trace:
        told = explain(trace, 19, Place.parse("hidden.1[window=probe, 4, 1]"))
        expect(card.locator(".short")).to_have_text(told.short)
        expect(card.locator("header p")).to_have_text("at update 19, time step 5, unit 2")  # as the pictures count
        below = told.operands[0].place
        card.get_by_role("button", name=str(below)).first.click()
        expect(card.locator(".short")).to_have_text(explain(trace, 19, below).short)
        assert plot.evaluate("(plot) => plot.layout.xaxis.range") == [0.5, 6.5]
        page.keyboard.press("ArrowLeft")  # the same number, one update earlier
        expect(card.locator(".short")).to_have_text(explain(trace, 18, below).short)
    expect(page.locator(".inner .date")).to_contain_text("5 of 12")
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_every_figure_says_in_words_what_it_shows_now(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,loss")
    page.keyboard.press("Home")
    with Trace(run) as trace:
        state = trace.stack("hidden.1", [0])[0]
        words = f"hidden state, layer 1: 12 × 4 numbers from {state.min():.4g} to {state.max():.4g}"
        validation = trace.history("validation")[0]
    expect(page.locator("[aria-label=Memory] [role=img]")).to_have_attribute("aria-label", re.compile(re.escape(words)))
    expect(page.locator("[aria-label=Loss] [role=img]")).to_have_attribute(
        "aria-label", re.compile(f"update 0.*validation {validation:.4g}")
    )


def test_a_number_opens_from_the_keyboard(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden")
    page.locator("[aria-label=Memory]").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".card h4")).to_have_text("hidden.1[window=probe, t=11, unit=0]")


def test_a_number_is_supposed_another_or_found_and_pictures_follow(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "hidden,forecast")
    for key in ("ArrowDown", "ArrowDown"):
        page.keyboard.press(key)
    page.locator("[aria-label=Memory]").focus()
    page.keyboard.press("Enter")
    card, place = page.locator(".card"), "hidden.1[window=probe, t=9, unit=0]"
    with Trace(run) as trace:
        told = as_json(explain(trace, 20, Place.parse(place)))
        was = moment(trace, 20)
        now = suppose(was, [(place, 0.5)])
        wanted = outcome(was, now)
    expect(card.locator(".result b")).to_have_text(f"{told['result']:.6g}")
    share = card.get_by_label("Share of the numbers to fill in yourself, in percent")
    share.fill("100")
    expect(card.locator(".short")).to_have_text(told["symbol"])
    card.locator(".result .blank").fill(f"{told['result']:.3g}")
    card.locator(".result .blank").press("Enter")
    expect(card.locator(".result .right")).to_have_text(f"{told['result']:.6g}")
    share.fill("0")
    card.get_by_role("button", name=f"Suppose another number for {place}").click()
    card.get_by_label(f"{place}: suppose").fill("0.5")
    card.get_by_label(f"{place}: suppose").press("Enter")
    follows = card.locator(".follows li").first
    expect(follows).to_contain_text("this window's loss")
    before, after = (float(text) for text in follows.locator("b").inner_text().split(" → "))
    np.testing.assert_allclose([before, after], wanted.loss, rtol=1e-5)
    cells = "(plot) => Array.from(plot.data[0].z, (row) => Array.from(row))"
    memory = page.locator("[aria-label=Memory]")
    expect(memory).to_have_attribute("data-supposed", "yes")
    np.testing.assert_array_equal(memory.locator(".plot").evaluate(cells), now.array("hidden.1", probe=True)[0])
    line = "(plot) => Array.from(plot.data.find(({ name }) => name === 'forecast').y)"
    expect(page.locator("[aria-label=Forecast].panel")).to_have_attribute("data-supposed", "yes")
    drawn = page.locator("[aria-label=Forecast] .plot").evaluate(line)
    np.testing.assert_allclose(drawn, wanted.forecast[1], rtol=1e-6)
    expect(page.locator("[aria-label=Forecast] .made")).to_contain_text("as recorded: ")
    card.get_by_role("button", name="Put it back").click()
    expect(memory).to_have_attribute("data-supposed", "")
    np.testing.assert_array_equal(memory.locator(".plot").evaluate(cells), was.array("hidden.1", probe=True)[0])
