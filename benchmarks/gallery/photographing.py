"""Photographs the twelve pictures on a page that is open, at any width, light or dark. Knows no run file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Locator, Page

from tests.browser.legible import amiss
from tests.browser.serving import settled

WIDTHS, SCHEMES = (390, 1280, 1920), ("light", "dark")
TALL = 4200  # pixels: what lies below the window's edge is not always painted
PICTURES = {
    "v01-cockpit": ".st-key-cockpit .unrolled-stage",
    "v02-number": ".st-key-cockpit .card",
    "v03-unrolled": ".st-key-window [aria-label='Unrolled'].panel",
    "v04-triangle": ".st-key-window [aria-label='Back through time'].panel",
    "v05-river": ".st-key-window [aria-label='Gradient river and clip gate'].panel",
    "v05-clipping": ".st-key-window [aria-label='Geometry of clipping'].panel",
    "v06-saturation": ".st-key-window [aria-label='Saturation'].panel",
    "v07-ledger": ".st-key-window [aria-label='Ledger of the cell'].panel",
    "v08-layer-norm": ".st-key-window [aria-label^='LayerNorm'].panel",
    "v09-convolution": ".st-key-kernel .panel",
    "v10-theatre": ".st-key-horizon",
    "v11-lens": ".st-key-looked",
    "v12-guess-and-twins": ".st-key-twins .grid",
}
"""By name, where it stands on the page."""
DRAWN = """() => [...document.querySelectorAll(".unrolled-stage")].length === 4
  && [...document.querySelectorAll(".unrolled-stage")].every((one) => one.dataset.ready)
  && [...document.querySelectorAll(".unrolled-stage .panel")].every((one) => one.dataset.state === "shown")
  && document.querySelectorAll(".st-key-looked .js-plotly-plot").length > 0"""
FITTED = """() => [...document.querySelectorAll(".js-plotly-plot")].every((plot) => {
  const drawn = plot.querySelector("svg.main-svg");
  return drawn && Math.abs(drawn.getBoundingClientRect().width - plot.getBoundingClientRect().width) < 2;
})"""
RESTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 250))))"


def prepared(page: Page, address: str, width: int) -> None:
    """Opens the page as wide as it will be, with the film-strip, a guess that is asked and one that was revealed."""
    page.set_viewport_size({"width": width, "height": TALL})
    page.goto(address)
    page.wait_for_function(DRAWN)
    settled(page)
    page.add_style_tag(content=".unrolled-stage .bar { position: static !important; }")  # it would lie on a panel
    page.locator(".st-key-cockpit").get_by_label("film-strip").check()
    twins = page.locator(".st-key-twins")
    twins.locator(".track input[type=range]").fill("20")
    for number in (1, 0):
        twins.get_by_role("button", name="Guess a number").nth(number).click()
        twins.locator(".guess input").last.wait_for()
    first = twins.locator(".panel").first
    first.get_by_label("Your guess").fill("0.5")
    first.get_by_role("button", name="Reveal").click()
    first.locator(".guess[data-state=revealed]").wait_for()
    page.locator(".st-key-twins .card .close").click()


@contextlib.contextmanager
def opened_number(page: Page) -> Iterator[None]:
    """The card of a number, one step down."""
    panel = page.locator(".st-key-cockpit [aria-label=Memory].panel")
    panel.focus()
    panel.press("Enter")
    card = page.locator(".st-key-cockpit .card[data-state=shown]")
    card.wait_for()
    card.locator("li button").first.click()
    card.locator("nav button").first.wait_for()
    yield
    card.locator(".close").click()


def placed(page: Page, width: int, scheme: str) -> None:
    """The page at that width in that scheme, drawn to the end."""
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.set_viewport_size({"width": width, "height": TALL})
    settled(page)
    page.wait_for_function(FITTED)
    page.evaluate(RESTED)


def photograph(page: Page, to: Path, only: str = "") -> dict[str, list[str]]:
    """A picture of each as `to`-NAME.png, and what cannot be read in it. only: a part of the names."""
    found = {}
    for name, where in PICTURES.items():
        if only not in name:
            continue
        with opened_number(page) if name == "v02-number" else contextlib.nullcontext():
            found[name] = amiss(page, _first(page, where), to.with_name(f"{to.name}-{name}.png"))
    return found


def _first(page: Page, where: str) -> Locator:
    return page.locator(where).first
