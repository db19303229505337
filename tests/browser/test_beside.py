"""The card of an opened number covers none of its own panel's controls. `pytest tests/browser/test_beside.py`"""

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.serving import settled
from tests.browser.staging import opened, trained
from tests.makers import small, wave


def corners(one: Locator) -> tuple[float, float, float, float]:
    box = one.bounding_box()
    assert box is not None
    return box["x"], box["y"], box["x"] + box["width"], box["y"] + box["height"]


def apart(one: Locator, other: Locator) -> bool:
    left, top, right, bottom = corners(one)
    start, above, end, below = corners(other)
    return right <= start or end <= left or bottom <= above or below <= top


def test_a_card_stands_on_the_other_side_of_its_panel_or_below_it(page: Page, app: str, runs_folder: Path) -> None:
    series = wave()
    run = trained(series, small(series, settings={"updates": 3}, seed=71), runs_folder)
    opened(page, app, run, "hidden,gradients")
    settled(page)
    card = page.locator(".unrolled-stage .card")
    for width, count in ((1280, 2), (390, 1)):
        page.set_viewport_size({"width": width, "height": 800})
        for number in range(count):  # on the left, on the right
            panel = page.locator(".unrolled-stage .panel").nth(number)
            panel.focus()
            page.keyboard.press("Enter")
            expect(card).to_have_attribute("data-state", "shown")
            assert apart(card, panel)
            card.get_by_role("button", name="Close").click()
    panel.focus()
    page.keyboard.press("Enter")
    expect(card).to_be_in_viewport()
    assert corners(card)[2] - corners(card)[0] == corners(panel)[2] - corners(panel)[0]
