"""Figures whose place gets wider, narrower or higher, in a real Chromium. `pytest tests/browser/test_sizes.py`"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from tests.browser.serving import eventually
from tests.browser.staging import opened, trained
from tests.makers import small, wave

BELOW = 14  # pixels of room between a legend and its figure, at most
PLACED = """() => [...document.querySelectorAll(".unrolled-stage .plot")].map((plot) => {
  const [drawn, legend, layout] = [plot.getBoundingClientRect(), plot.querySelector(".legend"), plot._fullLayout];
  const card = plot.closest(".panel"), end = (one) => one.getBoundingClientRect().bottom;
  return {
    fits: Math.abs(drawn.width - layout.width) < 2 && Math.abs(drawn.height - layout.height) < 2,
    above: legend ? drawn.top + layout._size.t - end(legend) : null,
    empty: end(card.querySelector(".foot")) - end(card.querySelector(".frame")),
    below: end(card) - end(card.querySelector(".foot")),
  };
})"""


def test_figures_fill_their_card_and_legends_stand_above_them_at_every_width(
    page: Page, app: str, runs_folder: Path
) -> None:
    series = wave()
    path = trained(series, small(series, settings={"updates": 4, "layer_norm": True, "clip": 0.1}), runs_folder)
    page.set_viewport_size({"width": 1280, "height": 2400})
    opened(page, app, path, "river,clipping,strip,triangle")  # the river is twice as high as what is beside it
    for width in (1280, 390, 1280, 1920):
        page.set_viewport_size({"width": width, "height": 2400})
        eventually(page, lambda: _in_place(page.evaluate(PLACED)))


def _in_place(plots: list[dict[str, Any]]) -> None:
    assert all(plot["fits"] for plot in plots), plots
    assert all(plot["above"] is None or 0 <= plot["above"] <= BELOW for plot in plots), plots
    assert all(plot["empty"] < 30 and plot["below"] < 20 for plot in plots), plots
