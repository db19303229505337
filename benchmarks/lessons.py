"""From an edited number of a lesson to the recomputed page: what a person waits for. `python -m benchmarks.lessons`

Measured 2026-11-24 on two cores that others used too (load 4 to 5), median and 95th percentile: lesson 60, with 27
worked numbers, 201 ms (289); lesson 54, with 448, 332 ms (436); lesson 61, with 838, 336 ms (564).
"""

from __future__ import annotations

import statistics
import tempfile
from pathlib import Path

from tests.browser.serving import chromium, served

EDITS = 15
LESSONS = {60: "x[1]", 54: "K[1, 1]", 61: "x[1]"}  # the smallest and the two largest, and a number that much hangs on
# Types a value into a cell, and waits until what changed has been drawn and painted.
EDIT = """async ([key, value]) => {
  const tracer = document.querySelector(".unrolled-tracer");
  const cell = tracer.querySelector(`td[data-key="${key}"]`);
  const press = (element, key) => element.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  cell.focus();
  press(cell, "F2");
  const field = cell.querySelector("input");
  field.value = value;
  tracer.dataset.changed = "";
  const began = performance.now();
  press(field, "Enter");
  while (!tracer.dataset.changed) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        served("dashboard/app.py", Path(folder)) as url,
        chromium() as browser,
    ):
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        for lesson, key in LESSONS.items():
            page.goto(f"{url}/lessons?lesson={lesson}&step=2")
            page.wait_for_selector(".unrolled-tracer[data-ready=yes]", timeout=60_000)
            page.wait_for_timeout(1000)
            took = sorted(page.evaluate(EDIT, [key, str(0.11 + n / 100)]) for n in range(EDITS))
            median, late = statistics.median(took), took[int(0.95 * (len(took) - 1))]
            print(f"lesson {lesson}: an edit is on the page after {median:.0f} ms median, {late:.0f} ms p95")


if __name__ == "__main__":
    main()
