"""Forecast, SARIMA and Compare as a person uses them, in a real Chromium. Run: pytest tests/browser"""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.serving import settled


def opened(page: Page, app: str, name: str) -> None:
    """The page of that name, on the monthly airline passengers."""
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.goto(app)
    page.get_by_role("button", name="Open AirPassengers").click()
    expect(page.get_by_role("spinbutton", name="Updates")).to_be_visible()
    settled(page)
    page.get_by_role("link", name=name, exact=True).first.click()
    expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    settled(page)


def fill(page: Page, label: str, number: str) -> None:
    field = page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(number)
    field.press("Enter")
    settled(page)


def test_three_strategies_are_stopped_and_others_are_seen_to_their_end(page: Page, whole_app: str) -> None:
    opened(page, whole_app, "Forecast")
    fill(page, "Updates", "90000")  # no other test trains so many: runs are kept, and all pages share them
    page.get_by_role("button", name="Train 3 runs").click()
    page.get_by_role("button", name="Stop training").click()
    expect(page.get_by_text("What was trained is kept")).to_be_visible()
    fill(page, "Updates", "3")
    page.get_by_role("button", name="Train 3 runs").click()
    expect(page.get_by_text("beats the naive forecast").or_(page.get_by_text("The naive forecast errs least")).first
           ).to_be_visible()  # fmt: skip
    settled(page)
    page.locator(".js-plotly-plot").first.wait_for()
    expect(page.get_by_text("fed: known").first).to_be_visible()


def test_an_order_of_ones_own_is_fitted_and_walked_through(page: Page, whole_app: str) -> None:
    opened(page, whole_app, "SARIMA")
    page.get_by_text("Choose", exact=True).click()
    page.get_by_role("button", name="Fit", exact=True).click()
    expect(page.get_by_text("Converged.")).to_be_visible()
    settled(page)
    page.set_viewport_size({"width": 390, "height": 2000})
    settled(page)
    ends = page.locator(".katex .base").evaluate_all("of => of.map(one => one.getBoundingClientRect().right)")
    assert ends
    assert max(ends) <= 390  # an equation goes on in the next line
    page.set_viewport_size({"width": 1280, "height": 2000})
    page.get_by_text("Kalman filter", exact=True).click()
    expect(page.get_by_text("expected one step before")).to_be_visible()


def test_a_comparison_is_cancelled_another_taken_away_and_looked_through_for_leaks(
    page: Page, whole_app: str, tmp_path: Path
) -> None:
    opened(page, whole_app, "Compare")
    page.get_by_role("button", name="Compare", exact=True).click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("It ended before it was done")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Clear all").first.click()  # the lines alone are quick
    settled(page)
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.get_by_text("Nothing but naive lines was compared")).to_be_visible()
    settled(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download the table as CSV").click()
    lines = Path(taken.value.path()).read_text().splitlines()
    assert lines[0].startswith("name,model,MAE")
    assert len(lines) == 1 + 4
    page.get_by_role("button", name="Look for leaks").click()
    expect(page.get_by_text("No leak.")).to_be_visible()
