"""Trains a run, opens a stage over its file, waits for what it shows, points into its figures. Knows no page."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.worker import work
from tests.browser.serving import settled
from tests.makers import kept


def trained(series: Series, run: Run, folder: Path) -> Path:
    """The file of a run that has ended. All tests share one folder, and several may ask for the same run."""
    path = folder / f"{run.id}.run"
    if not path.exists():
        work(kept(series, run, folder))
    return path


def opened(page: Page, app: str, run: Path | str, views: str = "") -> Page:
    """The stage of that run, of these views or of the harness's own, with what it opens on drawn."""
    page.goto(f"{app}/?run={Path(run).stem}{views and f'&views={views}'}")
    ready(page)
    return page


def ready(page: Page) -> None:
    """Waits until the stage is there and no panel of it still waits for its arrays."""
    page.wait_for_selector(".unrolled-stage[data-ready=yes]")
    expect(page.locator(".unrolled-stage .panel[data-state=loading]")).to_have_count(0)


def at(page: Page, step: int) -> None:
    """Waits until every panel shows that update."""
    expect(page.locator(".unrolled-stage")).to_have_attribute("data-shown", str(step))
    for panel in page.locator(".unrolled-stage .panel").all():
        expect(panel).to_have_attribute("data-step", str(step))


def cell(page: Page, figure: Locator, across: float, down: float) -> tuple[Locator, dict[str, float]]:
    """Where to point in a figure that rests: its plotting area, and the place in it by shares of width and height."""
    settled(page)
    area = figure.locator(".nsewdrag").first
    area.scroll_into_view_if_needed()
    box = area.bounding_box()
    assert box is not None
    return area, {"x": box["width"] * across, "y": box["height"] * down}
