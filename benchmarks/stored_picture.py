"""How long until a stored run of 2,000 updates is seen, and what is fetched? `python -m benchmarks.stored_picture`

An LSTM's run, 48 x 32 hidden states, opened at the Inside page in a real Chromium by a visitor who was here before (the
page's scripts are in the browser's cache); from opening to the first picture painted, and what the stage fetched of
the run until then. Then a cell is clicked at 40 updates: from the click to its arithmetic.

2026-11-24, two cores, a busy machine (load 13), in turns: first picture after 4.4 s (best 3.1) while it was drawn empty
first, 3.7 s (2.4) now; 1.16 MB. Arithmetic after 827 ms (95th percentile 2.4 s) while the update was replayed for it,
212 ms (384) now. The same day, a quiet machine: first picture after 2.3 s (worst 2.8), arithmetic after 103 ms (229).
With the stage's own parts of Plotly and arrays asked for beside the history, quiet: five times five visits with medians
of 1.36, 1.39, 1.65, 1.89 and 2.11 s (worst 2.30), arithmetic after 96 and 116 ms (126, 221).
In the evening, with what is done ahead of need giving way (note 0047): 1.90, 1.51, 1.43, 1.34 and 1.30 s one after the
other, while other work on the machine died down (worst 2.42); arithmetic after 101 ms (220).
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from engine.worker import work
from tests.browser.serving import chromium, served, settled
from tests.makers import kept, small, wave

SHOWN = ".unrolled-stage[data-ready=yes] .panel[data-state=shown]"
VISITS, CLICKS = 5, 40


def visit(page: Page, url: str) -> tuple[float, float]:
    """Seconds to the first picture, and megabytes of the run fetched until then."""
    fetched: list[int] = []
    page.on(
        "response",
        lambda r: (
            fetched.append(int(r.headers.get("content-length", 0)))
            if "/stage/" in r.url and "plotly" not in r.url
            else None
        ),
    )
    start = time.perf_counter()
    page.goto(url)
    page.wait_for_selector(SHOWN)
    return time.perf_counter() - start, sum(fetched) / 2**20


def clicks(page: Page) -> list[float]:
    """Milliseconds from a press of Enter on the picture to the arithmetic, at one update after the other."""
    settled(page)
    took = []
    for _ in range(CLICKS):
        page.keyboard.press("Escape")
        page.keyboard.press("PageDown")
        page.locator(".panel").first.focus()
        start = time.perf_counter()
        page.keyboard.press("Enter")
        page.wait_for_selector(".card[data-state=shown]")
        took.append(1000 * (time.perf_counter() - start))
        page.evaluate("document.querySelector('.card').dataset.state = ''")
    return took


def main() -> None:
    series = wave(1000, "D", 7)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        settings = {"updates": 2000, "hidden": 32}
        path = kept(series, small(series, "lstm", settings, window=48, horizon=12, validation=48), Path(folder))
        work(path)
        with served("dashboard/app.py", Path(folder)) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            visits = [visit(page, f"{url}/inside?run={path.stem}") for _ in range(VISITS + 1)][1:]
            opened = clicks(page)
    seconds, megabytes = zip(*visits, strict=True)
    print(f"first picture   median {statistics.median(seconds):5.2f} s   worst {max(seconds):5.2f} s")
    print(f"of the run      {max(megabytes):5.2f} MB until then")
    print(f"arithmetic      median {statistics.median(opened):5.0f} ms  p95 {np.percentile(opened, 95):5.0f} ms")


if __name__ == "__main__":
    main()
