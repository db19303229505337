"""Opens a stage over a run file and waits for what it shows. Knows no page of the app."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect


def opened(page: Page, app: str, path: Path) -> Page:
    page.goto(f"{app}/?run={path.stem}")
    page.wait_for_selector(".unrolled-stage[data-ready=yes]")
    return page


def at(page: Page, step: int) -> None:
    """Waits until every panel shows that update."""
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", str(step))
    for panel in page.locator(".unrolled-stage .panel").all():
        expect(panel).to_have_attribute("data-step", str(step))
