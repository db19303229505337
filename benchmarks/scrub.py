"""How long from a key to the painted picture? `python -m benchmarks.scrub`

Synthetic runs of 120 and of 1,000 recorded updates with 48 x 32 hidden states, four panels, a real Chromium. Each of
120 key presses on the slider is timed from the event's own time stamp to the second animation frame after the panels
changed.

2026-11-23, two cores, Chromium 156 headless with software rendering, a quiet machine, while each update drew whole
figures: drawn in 26 ms, painted in 32 ms (median), 38 ms (95th percentile), play at 33 frames a second.

2026-11-24, a busy machine (load 13), both in turns: then 99 ms, 114 ms, 250 ms and 8.4 frames a second; now that an
update draws only its traces, 11 ms, 28 ms, 68 ms and 45. With 1,000 updates: then 92, 108, 363 and 9.1; now 10, 29, 43
and 25. No rerun, no message.

The same day, a quiet machine: 120 updates drawn in 9 ms, painted in 31 ms (median), 32 ms (95th percentile), play at
52 frames a second; 1,000 updates painted in 25 ms and 32 ms, play at 48. That evening
31 ms and 31 ms for both, play at 60 and 56.

2026-12-01, others at work (load 5), with figures that fill their card and a unit to pick: 120 updates drawn in 8 ms,
painted in 30 ms (median), 34 ms (95th percentile), play at 50 frames a second; 1,000 updates 8, 30, 35 and 50.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from tests import traces
from tests.browser.serving import chromium, served

READY = ".unrolled-stage[data-ready=yes]"
WATCH = """() => {
  const stage = document.querySelector(".unrolled-stage");
  window.times = [];
  let pressed = null;
  addEventListener("keydown", (event) => { pressed = event.timeStamp; }, true);
  new MutationObserver(() => {
    const from = pressed;
    if (from === null) return;
    pressed = null;
    const drawn = performance.now() - from;
    requestAnimationFrame(() => requestAnimationFrame(() => times.push([drawn, performance.now() - from])));
  }).observe(stage, { attributes: true, attributeFilter: ["data-shown"] });
  document.querySelector(".unrolled-stage .track input[type=range]").focus();
}"""
PLAY = """async () => {
  const stage = document.querySelector(".unrolled-stage");
  const speed = stage.querySelector("select");
  speed.value = "60";
  speed.dispatchEvent(new Event("change"));
  let shown = 0;
  new MutationObserver(() => { shown += 1; }).observe(stage, { attributes: true, attributeFilter: ["data-shown"] });
  stage.querySelector(".first").click();
  await new Promise((done) => setTimeout(done, 300));
  shown = 0;
  const start = performance.now();
  stage.querySelector(".play").click();
  const last = Number(stage.querySelector(".track input[type=range]").max);
  const playing = () => Number(stage.dataset.shown) < last && performance.now() - start < 5000;
  while (playing()) await new Promise(requestAnimationFrame);
  return shown / ((performance.now() - start) / 1000);
}"""


def measure(page: Page, presses: int = 120) -> dict[str, float]:
    """Milliseconds from key to drawn and to painted, frames a second of play, script runs and websocket messages."""
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda _: sent.append(1)))
    page.reload()
    page.wait_for_selector(READY)
    page.wait_for_timeout(1500)
    runs, before = page.get_by_text("script runs").inner_text(), len(sent)
    page.evaluate(WATCH)
    page.keyboard.press("Home")
    page.wait_for_timeout(200)
    page.evaluate("times.length = 0")
    for count in range(presses):
        page.keyboard.press("ArrowRight" if count < presses - 1 else "ArrowLeft")
        page.wait_for_function(f"times.length > {count}")
    drawn, painted = np.array(page.evaluate("times")).T
    frames = page.evaluate(PLAY)
    again = page.get_by_text("script runs").inner_text()
    return {
        "drawn, median ms": float(np.median(drawn)),
        "painted, median ms": float(np.median(painted)),
        "painted, p95 ms": float(np.percentile(painted, 95)),
        "play, frames a second": frames,
        "script runs": float(runs != again),
        "websocket messages": len(sent) - before,
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        for updates in (120, 1000):
            run = traces.keep(Path(folder), updates=updates, units=32)
            with served("tests/browser/harness.py", Path(folder)) as url, chromium() as browser:
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                page.goto(f"{url}/?run={run}")
                page.wait_for_selector(READY)
                for name, value in measure(page).items():
                    print(f"{updates:5} updates: {name:24} {value:8.1f}")
            (Path(folder) / f"{run}.run").unlink()  # the other has the same decisions, and so the same id


if __name__ == "__main__":
    main()
