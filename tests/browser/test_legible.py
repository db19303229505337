"""What is said of pages made to be hard to read, and that the densest pictures are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.legible import amiss, contrast, depth
from tests.browser.serving import eventually
from tests.browser.staging import opened, trained
from tests.makers import small, wave

PAGE = """<style>body { margin: 0; background: #fff; font: 16px sans-serif; color: #222 }
p { position: absolute; margin: 0 }</style>
<main style="position: relative; width: 390px; height: 400px">%s</main>"""
MADE = {
    "side by side": ('<p style="left: 10px">one</p><p style="left: 90px">two</p>', []),
    "on each other": (
        '<p style="left: 10px">first</p><p style="left: 20px; top: 5px">second</p>',
        ["“first” lies on “second”"],
    ),
    "drawn on each other": (
        '<svg width="200" height="60"><text x="9" y="20">below</text><text x="25" y="26">above</text></svg>',
        ["“below” lies on “above”"],
    ),
    # Their boxes overlap, they do not: both are turned by 45 degrees and stand a line apart.
    "turned": (
        '<svg width="200" height="200"><text transform="translate(50,9) rotate(45)">one long label</text>'
        '<text transform="translate(90,9) rotate(45)">one long label</text></svg>',
        [],
    ),
    "beyond its drawing": (
        '<svg width="60" height="40" style="overflow: hidden"><text x="10" y="20">a long label</text></svg>',
        ["“a long label” is cut by its drawing"],
    ),
    "beyond the window": (
        '<p style="left: 380px; white-space: nowrap">far out</p>',
        ["“far out” is cut by the window", "wider than its place: html"],
    ),
    "hidden by its box": (
        '<p class="box" style="width: 40px; overflow: hidden; white-space: nowrap">a sentence</p>',
        ["“a sentence” is cut by box", "wider than its place: box"],
    ),
    "pale": ('<p style="color: #aaa">grey</p>', ["“grey” has a contrast of 2.3, 4.5 is needed"]),
    "pale by its parent": (
        '<div style="opacity: .3"><p>grey</p></div>',
        ["“grey” has a contrast of 1.9, 4.5 is needed"],
    ),
    "pale, but large": ('<p style="color: #888; font-size: 24px">grey</p>', []),
    "not there": ('<p>one</p><p style="visibility: hidden">two</p><p style="opacity: 0">three</p>', []),
}


def test_what_is_hard_to_read_is_said(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 400})
    for made, (drawn, said) in MADE.items():
        page.set_content(PAGE % drawn)
        assert amiss(page, page.locator("main")) == said, made


def test_boxes_reach_into_each_other_as_far_as_they_do() -> None:
    square = np.array([[0, 0], [4, 0], [4, 4], [0, 4]], float)
    assert depth(square, square + [3, 1]) == pytest.approx(1)
    assert depth(square, square + [5, 0]) == pytest.approx(-1)
    diamond = np.array([[2, -2], [4, 0], [2, 2], [0, 0]], float) + [3.9, 5.9]  # its corner box overlaps the square's
    assert depth(square, diamond) < 0


def test_contrast_is_that_of_the_standard() -> None:
    black, white, grey = (np.full(3, value, float) for value in (0, 255, 0x77))
    assert contrast(black, white) == pytest.approx(21)
    assert contrast(grey, white) == pytest.approx(4.48, abs=0.01)


TALL = 5000  # pixels: nothing has to be scrolled to
DENSE = "river,triangle,ledger,layer_norm"
"""The pictures with the most words."""


def test_the_densest_pictures_can_be_read_on_a_phone_and_on_a_laptop(page: Page, app: str, runs_folder: Path) -> None:
    series = wave()
    path = trained(series, small(series, settings={"updates": 8, "layer_norm": True, "clip": 0.1}), runs_folder)
    page.set_viewport_size({"width": 1280, "height": TALL})
    opened(page, app, path, DENSE)
    page.locator(".track input[type=range]").fill("3")  # after the last update there is nothing to guess
    first = page.locator(".unrolled-stage .panel").first
    first.get_by_role("button", name="Guess a number").click()
    first.get_by_label("Your guess").fill("1")
    first.get_by_role("button", name="Reveal").click()
    first.locator(".guess[data-state=revealed]").wait_for()
    for width in (1280, 390):
        page.set_viewport_size({"width": width, "height": TALL})
        # Figures take their new size a moment later.
        eventually(page, lambda: _nothing_amiss(page))


def _nothing_amiss(page: Page) -> None:
    assert amiss(page, page.locator(".unrolled-stage .grid")) == []
