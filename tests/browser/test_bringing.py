"""A person brings an awkward file in a real Chromium: chooses, answers, mends, takes back. Run: pytest tests/browser"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import ROOT, choose, settled

SCREENSHOTS = ROOT / "screenshots"


@pytest.fixture
def awkward(tmp_path: Path) -> Path:
    """Two stations below each other, days and months that could be exchanged, a hole, a double, a stuck meter."""
    index = pd.date_range("2024-02-01", periods=12, freq="MS")
    values = np.round(np.random.default_rng(0).normal(50, 5, 12), 2)
    rows = [
        f"{station};{at:%d/%m/%Y};{value + 10 * k:.2f}".replace(".", ",")
        for k, station in enumerate(["Nord", "Süd"])
        for at, value in zip(index, values, strict=True)
        if (k, at.month) != (0, 6)
    ]
    path = tmp_path / "stations <b>.csv"
    path.write_text("Messwerte\n\nStation;Datum;Last [MW]\n" + "\n".join([*rows[:3], rows[2][:-2] + "99", *rows[3:]]))
    return path


def test_a_person_brings_an_awkward_file_answers_mends_and_takes_back(
    page: Page, whole_app: str, awkward: Path
) -> None:
    page.goto(whole_app)
    page.get_by_role("button", name="Use my own file").click()
    page.locator("input[type=file]").set_input_files(awkward)

    expect(page.get_by_text("The file holds 2 series")).to_be_visible()
    expect(page.get_by_role("heading", name="stations <b>: Nord")).to_be_visible()
    expect(page.get_by_text("One stamp is not in the file (2024-06-01).")).to_be_visible()
    settled(page)
    page.get_by_role("button", name="Look").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.keyboard.press("Escape")

    choose(page, page.get_by_role("combobox", name="Repair").last, "a straight line")
    settled(page)
    undo = page.get_by_role("button", name="Undo")
    expect(undo).to_be_enabled()
    undo.click()
    expect(undo).to_be_disabled()
    settled(page)
    choose(page, page.get_by_role("combobox", name="Repair").last, "a straight line")  # it opens again
    settled(page)
    undo.click()
    expect(undo).to_be_disabled()

    choose(page, page.get_by_role("combobox", name="Series"), "Süd")
    expect(page.get_by_role("heading", name="stations <b>: Süd")).to_be_visible()
    expect(page.get_by_text("The file holds 2 series")).to_have_count(0)
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    SCREENSHOTS.mkdir(exist_ok=True)
    page.screenshot(path=SCREENSHOTS / "bringing.png", full_page=True)


def test_cells_from_a_spreadsheet_are_pasted(page: Page, whole_app: str) -> None:
    page.goto(whole_app)
    page.get_by_role("button", name="Use my own file").click()
    expect(page.get_by_role("tab", name="Paste")).to_be_visible()
    settled(page)
    page.get_by_role("tab", name="Paste").click()
    text = "day\tsold\n" + "\n".join(
        f"{at:%d.%m.%Y}\t{n % 7},5" for n, at in enumerate(pd.date_range("2024-01-01", periods=40))
    )
    page.get_by_role("textbox", name="Cells copied from a spreadsheet").fill(text)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_text("40 rows, daily, from 2024-01-01 to 2024-02-09")).to_be_visible()
    expect(page.get_by_text("Nothing had to be repaired.")).to_be_visible()
