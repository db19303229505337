"""Pictures of one unit: which one it is, another one, and its numbers opened. `pytest tests/browser/test_units.py`"""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.staging import opened, ready, trained
from tests.makers import small, wave

ACCOUNT = """() => {
  const [{ y }, { customdata }] = document.querySelector("[aria-label='Ledger of the cell'] .plot").data;
  return [y[0], y[1], y[2], customdata[0][0]];
}"""


@pytest.fixture(scope="module")
def path(runs_folder: Path) -> Path:
    series = wave()
    return trained(series, small(series, settings={"updates": 7}), runs_folder)


def test_the_unit_of_a_picture_of_one_unit_is_named_and_can_be_another(page: Page, app: str, path: Path) -> None:
    opened(page, app, path, "ledger")
    unit = page.get_by_label("unit", exact=True)
    expect(unit).to_have_value("1")
    first = page.evaluate(ACCOUNT)
    unit.fill("3")
    page.wait_for_function(f"(first) => ({ACCOUNT})()[2] !== first", arg=first[2])
    ready(page)
    third = page.evaluate(ACCOUNT)
    assert third[0] + third[1] == pytest.approx(third[2], abs=1e-6)
    unit.fill("99")  # there are not so many
    expect(unit).to_have_js_property("validity.valid", False)
    assert page.evaluate(ACCOUNT) == third


def test_without_such_a_picture_nobody_is_asked_for_a_unit(page: Page, app: str, path: Path) -> None:
    opened(page, app, path, "loss,hidden")
    expect(page.get_by_label("unit", exact=True)).not_to_be_visible()


def test_entries_of_the_ledger_and_steepness_open_the_arithmetic_they_stand_in(
    page: Page, app: str, path: Path
) -> None:
    opened(page, app, path, "ledger,saturation")
    page.get_by_label("unit", exact=True).fill("2")
    ready(page)
    card = page.locator(".card")
    for entry, place in ((0, "cell.1[window=probe, t=11, unit=1]"), (4, "hidden.1[window=probe, t=11, unit=1]")):
        _press(page, "Ledger of the cell", entry)
        expect(card.locator("pre, code").first).to_contain_text(f"{place} =")
    page.locator("[aria-label=Saturation].panel .plot").nth(1).locator(".nsewdrag").first.click()
    expect(card.locator("pre, code").first).to_contain_text("candidate.1[window=probe")


def _press(page: Page, panel: str, point: int) -> None:
    bars = page.locator(f"[aria-label='{panel}'].panel .plot").first.locator(".waterfalllayer .point, .barlayer .point")
    box = bars.nth(point).bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + max(box["height"], 1) / 2)
