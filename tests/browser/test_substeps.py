"""Pictures that go through an update's sub-steps, in a real Chromium: what is in full colour, and what it equals."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from engine.explaining.asking import explain
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from tests.browser.serving import eventually
from tests.browser.staging import at, cell, opened, trained
from tests.makers import small, wave
from tests.scenes import seen

NUMBERS = "(plot, [trace, name]) => Array.from(plot.data[trace][name], (one) => one.length ? Array.from(one) : one)"
PALE = """(plot) => {
  const pales = [...plot.querySelectorAll(".overlay .pale")].map((one) => one.getBoundingClientRect());
  const { left, top } = plot.getBoundingClientRect();
  const shown = ([name, axis]) => /^xaxis\\d*$/.test(name) && axis.visible !== false;
  const near = (one, other) => Math.abs(one - other) < 2;
  const above = (axis) => plot._fullLayout[axis.anchor.replace("y", "yaxis")]._offset;
  const covers = (axis) => (one) => near(one.left - left, axis._offset) && near(one.top - top, above(axis));
  const full = Object.entries(plot._fullLayout).filter(shown).filter(([, axis]) => !pales.some(covers(axis)));
  return full.map(([name]) => name.replace("axis", "")).sort();
}"""
"""The x axes over which all is in full colour."""


SEEN = "(plot) => plot.data.flatMap((trace, i) => ((trace.visible ?? true) ? [i] : []))"


@pytest.fixture(scope="session")
def normed(runs_folder: Path) -> Path:
    series = wave()
    return trained(series, small(series, "lstm", {"updates": 4, "layer_norm": True}), runs_folder)


@pytest.fixture(scope="session")
def spent(runs_folder: Path) -> Path:
    series = wave()
    return trained(series, small(series, "lstm", {"updates": 6, "clip": 0.05}), runs_folder)


def numbers(plot: Locator, trace: int, name: str = "z") -> np.ndarray:
    return np.array(plot.evaluate(NUMBERS, [trace, name]), float)


def test_clip_and_update_come_about_one_after_the_other(page: Page, app: str, spent: Path) -> None:
    opened(page, app, spent, "spending")
    page.locator(".track input[type=range]").fill("5")
    at(page, 5)
    gradient, bars, weights = page.locator(".plot").all()
    full = {
        "forward": (["x", "x2"], ["x", "x2"], ["x", "x2", "x3"]),
        "loss": ([], [], ["x"]),
        "backward": (["x"], ["x"], []),
        "clip": (["x", "x2"], ["x"], []),
        "update": ([], ["x2"], ["x", "x2", "x3"]),
    }
    for substep, wanted in full.items():
        page.locator(f".substeps .{substep}").click()
        for plot, axes in zip((gradient, bars, weights), wanted, strict=True):
            eventually(page, lambda: assert_full(plot, axes))  # noqa: B023 - waited for within the loop
        visible = bars.evaluate("(plot) => plot.data[1].visible ?? true")
        assert visible == (substep in ("forward", "clip", "update"))
    with Trace(spent) as trace:
        names = [f"{word}/W_h.1" for word in ("batch gradient", "clipped gradient", "weight before", "step")]
        raw, cut, before, step = (one[0] for one in seen(trace).look([5], names).values())
        after, scale = seen(trace).look([5], ["weight/W_h.1"])["weight/W_h.1"][0], trace.frame(5).scale
    assert scale < 1
    for plot, number, stored in (
        (gradient, 0, raw), (gradient, 1, cut), (weights, 0, before), (weights, 1, step), (weights, 2, after),
    ):  # fmt: skip
        np.testing.assert_array_equal(numbers(plot, number), stored)
    np.testing.assert_array_equal(numbers(bars, 1, "y"), cut[0])
    expect(gradient.locator(".textpoint text")).to_have_text(f"× {scale:.3g} =")


def assert_full(plot: Locator, axes: list[str]) -> None:
    assert plot.evaluate(PALE) == axes


def test_a_click_opens_the_batchs_number_and_picks_its_row(page: Page, app: str, spent: Path) -> None:
    opened(page, app, spent, "spending")
    gradient, bars, _ = page.locator(".plot").all()
    area, place = cell(page, gradient, 1.5 / 4, 2.5 / 16)
    gradient.locator(".nsewdrag").nth(1).click(position=place)
    with Trace(spent) as trace:
        told = explain(trace, 6, Place.parse("clipped W_h.1[2, 1]"))
        cut = seen(trace).look([6], ["clipped gradient/W_h.1"])["clipped gradient/W_h.1"][0]
    expect(page.locator(".card .short")).to_have_text(told.short)
    assert area
    page.locator(".substeps .clip").click()
    eventually(page, lambda: np.testing.assert_array_equal(numbers(bars, 1, "y"), cut[2]))


def test_layer_norm_goes_on_step_by_step_and_each_step_is_what_is_stored(page: Page, app: str, normed: Path) -> None:
    opened(page, app, normed, "layer_norm")
    page.locator(".track input[type=range]").fill("3")
    at(page, 3)
    _, after, column = page.locator(".plot").all()
    with Trace(normed) as trace:
        name = "preactivation.1"
        words = (name, f"centred/{name}", f"normalised/{name}", f"scaled/{name}")
        stored = [values[0] for values in seen(trace).look([3], words).values()]
    buttons = page.get_by_role("group", name="Step by step").get_by_role("button")
    assert after.evaluate(SEEN) == [3]  # opens on the last
    for phase, wanted in enumerate(stored):
        buttons.nth(phase + 1).click()
        expect(buttons.nth(phase + 1)).to_have_attribute("aria-pressed", "true")
        assert after.evaluate(SEEN) == [phase]
        np.testing.assert_array_equal(numbers(after, phase), wanted)
        np.testing.assert_array_equal(numbers(column, phase, "y"), wanted[-1])
    buttons.first.click()  # plays from the first to the last
    expect(buttons.nth(1)).to_have_attribute("aria-pressed", "true")
    expect(buttons.nth(4)).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("button", name="Play step by step")).to_be_visible()
    assert after.evaluate(SEEN) == [3]


@pytest.fixture(scope="session")
def gated(runs_folder: Path) -> Path:
    series = wave()
    return trained(series, small(series, "cnn", {"updates": 4, "gated": True}), runs_folder)


def test_a_gated_kernel_slides_with_the_inner_clock_and_its_numbers_open(page: Page, app: str, gated: Path) -> None:
    opened(page, app, gated, "gated")
    sums = page.locator(".plot").nth(1)
    with Trace(gated) as trace:
        terms = [seen(trace).look([4], [name])[name][0] for name in ("terms/filter.1", "terms/gate.1")]
        told = explain(trace, 4, Place.parse(f"preactivation.1[window=probe, 8, {terms[1].shape[1]}]"))
    for time in (12, 9):
        page.get_by_label("Time step in the window").fill(str(time - 1))
        for branch, stored in enumerate(terms):
            eventually(page, lambda: np.testing.assert_array_equal(numbers(sums, branch, "y"), stored[time - 1, 0]))  # noqa: B023
    page.evaluate(
        "() => { const plot = document.querySelectorAll('.plot')[1];"
        " plot.emit('plotly_click', { points: [{ curveNumber: 1, pointNumber: 0, data: plot.data[1] }] }); }"
    )
    expect(page.locator(".card .short")).to_have_text(told.short)
