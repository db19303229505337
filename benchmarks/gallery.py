"""Every picture of the stage as PNG, from runs it trains itself. `python -m benchmarks.gallery OUT [SERIES ...]`

SERIES: files or names of samples, by default AirPassengers. For each, an LSTM with LayerNorm and a CNN are trained;
each picture is photographed at an early update and at the last, light and dark, on three widths. It also looks for what
sticks out of a panel, labels cut at a figure's edge, and labels that lie on each other, and prints what it finds.
"""

from __future__ import annotations

import argparse
import re
import tempfile
from pathlib import Path

from playwright.sync_api import Page

from engine import runs
from engine.deciding import decide
from engine.nouns.series import Series
from engine.opening import series_of
from engine.worker import work
from tests.browser.serving import chromium, served

VIEWS = {
    "lstm": "loss,hidden,gradients,forecast,strip,triangle,river,clipping,saturation,ledger,layer_norm",
    "cnn": "strip,triangle,saturation,convolution",
}
SETTINGS = {"lstm": {"layer_norm": True, "clip": 0.5}, "cnn": {"layers": 3}}
WIDTHS = (390, 1280, 1920)
TALL = 2400  # pixels: what lies below the window's edge is not always painted
READY = ".unrolled-stage[data-ready=yes]"
ALL_SHOWN = (
    "() => [...document.querySelectorAll('.unrolled-stage .panel')].every((one) => one.dataset.state === 'shown')"
)
AMISS = """() => {
  const found = [];
  const box = (one) => one.getBoundingClientRect();
  for (const panel of document.querySelectorAll(".unrolled-stage .panel")) {
    const name = panel.getAttribute("aria-label");
    if (panel.scrollWidth > panel.clientWidth + 1) found.push(`${name}: wider than its panel`);
    for (const plot of panel.querySelectorAll(".plot")) {
      const edge = box(plot);
      const texts = [...plot.querySelectorAll("svg text")].filter((one) => one.textContent && box(one).width && !one.closest(".hoverlayer"));
      for (const one of texts) {
        const at = box(one);
        if (at.left < edge.left - 1 || at.right > edge.right + 1 || at.top < edge.top - 1 || at.bottom > edge.bottom + 1) found.push(`${name}: cut “${one.textContent}”`);
      }
      texts.forEach((one, i) => texts.slice(i + 1).forEach((other) => {
        const [a, b] = [box(one), box(other)];
        const [across, down] = [Math.min(a.right, b.right) - Math.max(a.left, b.left), Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top)];
        if (across > 2 && down > 3) found.push(`${name}: “${one.textContent}” lies on “${other.textContent}”`);
      }));
    }
  }
  return found;
}"""  # noqa: E501


def trained(series: Series, model: str, folder: Path) -> str:
    """The id of a short run."""
    decided = decide(series, model, {"updates": 60, "hidden": 12, **SETTINGS[model]}, window=24, horizon=12)
    path = folder / f"{decided.id}.run"
    runs.create(path, decided, series)
    work(path)
    return decided.id


def photograph(page: Page, address: str, names: str, to: str) -> list[str]:
    """Photographs every panel at update 6 and at the last; what is amiss in them, in words."""
    page.goto(f"{address}&views={names}")
    page.wait_for_selector(READY, timeout=120_000)
    page.add_style_tag(content=".unrolled-stage .bar { position: static !important; }")  # it would lie on a panel
    amiss: list[str] = []
    for moment in ("last", "early"):
        if moment == "early":
            page.locator(".track input[type=range]").fill("6")
        page.wait_for_function(ALL_SHOWN, timeout=120_000)
        page.wait_for_timeout(300)
        amiss += page.evaluate(AMISS)
        for panel in page.locator(".unrolled-stage .panel").all() if moment == "last" else []:
            name = re.sub(r"\W+", "-", panel.get_attribute("aria-label") or "").strip("-").lower()
            panel.screenshot(path=f"{to}-{name}.png")
    return amiss


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("out", type=Path)
    asked.add_argument("series", nargs="*", default=["AirPassengers"])
    asked.add_argument("--widths", type=int, nargs="*", default=WIDTHS)
    asked.add_argument("--schemes", nargs="*", default=("light", "dark"))
    chosen = asked.parse_args()
    chosen.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        found = {
            (name, model): trained(series_of(name), model, Path(folder)) for name in chosen.series for model in VIEWS
        }
        with served("tests/browser/harness.py", Path(folder)) as url, chromium() as browser:
            for scheme in chosen.schemes:
                for width in chosen.widths:
                    page = browser.new_page(viewport={"width": width, "height": TALL}, color_scheme=scheme)
                    for (name, model), run in found.items():
                        to = chosen.out / f"{Path(name).stem}-{model}-{scheme}-{width}"
                        for words in dict.fromkeys(photograph(page, f"{url}/?run={run}", VIEWS[model], str(to))):
                            print(f"{to.name}: {words}")
                    page.close()


if __name__ == "__main__":
    main()
