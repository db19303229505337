"""How much does a page that watches a run slow its training? `python -m benchmarks.live`

An LSTM with 32 units, batch 32, window 56, of 7,000 daily points, recorded at every update by a worker of the nursery,
beside a real Chromium. Updates a second on the wall, read from the run file, while the browser shows
nothing: an empty page;
followed: this run on the Inside page, whose clock stays on the newest update;
played: this run there, played from its first update at 30 updates a second;
drawn only: another run there, finished and already fetched, played at 30 updates a second: what drawing alone takes.
Each round trains a run of its own and has every case for `SECONDS`, in random order. Pictures are what was painted.

2026-12-01, two cores, little other work (load 2 to 3.5), medians of five rounds: 448 updates a second beside an empty
page; followed 10.5 % slower (7 pictures a second), played 25 % (34), drawn only 11 % (30). In the same rounds, with the
stage as it was before note 0054: followed 21 % slower (11 pictures a second), played 45 % (36). With other work on the
machine (load 9) nothing can be said: 267 updates a second beside an empty page.
"""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Page

from benchmarks.fitting import a_run, series
from engine import control, runs
from engine.nouns.runfile import connect
from engine.nursery import Nursery
from engine.worker import work
from tests.browser.serving import chromium, served

SECONDS, SETTLING, ROUNDS = 3.0, 1.5, 9
READY = ".unrolled-stage[data-ready=yes] .panel[data-state=shown]"
COUNT = """() => {
  const stage = document.querySelector(".unrolled-stage");
  window.pictures = 0;
  if (stage) new MutationObserver(() => { window.pictures += 1; }).observe(stage, { attributeFilter: ["data-shown"] });
}"""


def kept(updates: int, seed: int) -> Path:
    """The file of a run that nobody has begun."""
    of = series()
    return runs.keep(a_run(of, "lstm", 32, 32, updates=updates).model_copy(update={"seed": seed}), of)


def newest(path: Path) -> int:
    with closing(connect(path, write=False)) as connection:
        return int(connection.execute("SELECT coalesce(max(step), 0) FROM frames").fetchone()[0])


def rates(page: Page, path: Path) -> tuple[float, float]:
    """Updates of the run and pictures of the page, a second."""
    time.sleep(SETTLING)
    page.evaluate(COUNT)
    first, start = newest(path), time.perf_counter()
    time.sleep(SECONDS)
    last, passed = newest(path), time.perf_counter() - start
    return (last - first) / passed, page.evaluate("pictures") / passed


def shown(page: Page, url: str, path: Path) -> None:
    page.goto(f"{url}/inside?run={path.stem}")
    page.wait_for_selector(READY)


def played(page: Page, url: str, path: Path) -> None:
    shown(page, url, path)
    page.locator(".unrolled-stage").focus()
    page.keyboard.press("Home")
    page.wait_for_selector(f"{READY}[data-step='0']")
    page.keyboard.press("Space")


def a_round(page: Page, url: str, nursery: Nursery, path: Path, finished: Path) -> dict[str, tuple[float, float]]:
    """What each case gave while one run trained."""
    cases: dict[str, Callable[[], object]] = {
        "nothing": lambda: page.goto("about:blank"),
        "followed": lambda: shown(page, url, path),
        "played": lambda: played(page, url, path),
        "drawn only": lambda: played(page, url, finished),
    }
    nursery.start(path)
    while not newest(path):
        time.sleep(0.05)
    found = {}
    for name in random.sample(list(cases), len(cases)):
        control.send(path, "pause")
        cases[name]()
        control.send(path, "resume")
        found[name] = rates(page, path)
    control.send(path, "stop")
    while control.alive(path):
        time.sleep(0.02)
    path.unlink()
    return found


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        os.environ["UNROLLED_RUNS"] = folder
        nursery, finished = Nursery(), kept(300, seed=1000)
        work(finished)
        with served("dashboard/app.py", Path(folder)) as url:
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            rounds = [a_round(page, url, nursery, kept(100_000, seed), finished) for seed in range(ROUNDS + 1)][1:]
        nursery.close()
    for name in rounds[0]:
        updates, pictures = (statistics.median(r[name][i] for r in rounds) for i in (0, 1))
        slowed = statistics.median(r["nothing"][0] / r[name][0] for r in rounds) - 1
        print(f"{name:10} {updates:6.0f} updates a second   slowed {slowed:+6.1%}   {pictures:5.1f} pictures a second")


if __name__ == "__main__":
    main()
