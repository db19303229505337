"""No picture is stale: at every update of every view, what is drawn is what is stored, to the number and to the colour.

Every view in dashboard/views is held to it.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.views.contract import parts, views
from dashboard.views.filling import drawn
from dashboard.views.palette import DIVERGING
from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave
from tests.scenes import seen

UPDATES = 6
DRAWN = """(plot, [trace, attribute]) => {
  const plain = (one) => (one?.length === undefined ? (one ?? null) : Array.from(one, plain));
  return plain(attribute.split(".").reduce((at, key) => at?.[key], plot.data[trace]));
}"""
ANEW = """async (plot) => {
  const drawn = () => Array.from(plot.querySelectorAll(".mlayer [d], .mlayer image"), (shape) =>
    [..."d transform fill href x y width height".split(" ").map((name) => shape.getAttribute(name)), shape.style.fill]);
  const before = drawn();
  await Plotly.redraw(plot);
  return [before, drawn()];
}"""
"""The traces' shapes, as they stand, and as Plotly draws the whole figure anew."""
PIXELS = """async (plot, places) => {
  const image = plot.querySelector(".heatmaplayer image");
  const picture = new Image();
  picture.src = image.getAttribute("href") || image.getAttribute("xlink:href");
  await picture.decode();
  const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(picture, 0, 0);
  const at = ([x, y]) => Array.from(context.getImageData(x * picture.width, y * picture.height, 1, 1).data.slice(0, 3));
  return places.map(at);
}"""


@pytest.mark.parametrize(("model", "settings"), [("lstm", {"layer_norm": True}), ("cnn", {})])
def test_every_view_draws_at_every_update_what_is_there(
    page: Page, app: str, runs_folder: Path, model: str, settings: dict[str, object]
) -> None:
    series = wave()
    path = kept(series, small(series, model, {"updates": UPDATES, "hidden": 3, **settings}, seed=77), runs_folder)
    work(path)
    with Trace(path) as trace:
        scene = seen(trace)
        shown = [view for view in views().values() if not view.lacking(scene)]
        pictures = {view.title: view.picture(scene, {}) for view in shown}
        page.goto(f"{app}/?run={path.stem}&views={','.join(view.name for view in shown)}")
        page.wait_for_selector(".unrolled-stage[data-ready=yes]", timeout=90_000)
        page.keyboard.press("ArrowDown")  # the inner clock off its last step
        for step in range(UPDATES, -1, -1):
            for title, picture in pictures.items():
                panel = page.locator(f'.panel[aria-label="{title}"]')
                expect(panel).to_have_attribute("data-step", str(step), timeout=30_000)
                for number, part in enumerate(parts(picture)):
                    plot = panel.locator(".plot").nth(number)
                    for binding in (b for b in part.bindings if b.mode == "frame"):
                        if "forward" not in part.during.get(binding.trace, ("forward",)):
                            continue
                        stored = scene.look([step], [binding.source])[binding.source][0]
                        wanted = drawn(stored, scene.offered[binding.source].axes, binding, trace.run.window - 2, 0)
                        there = np.asarray(plot.evaluate(DRAWN, [binding.trace, binding.attribute]), float)
                        np.testing.assert_allclose(there, wanted, rtol=1e-6, err_msg=f"{title} at update {step}")
            page.keyboard.press("ArrowLeft")
        for title, picture in pictures.items():
            for number, part in enumerate(parts(picture)):
                if any(binding.mode == "frame" for binding in part.bindings):
                    plot = page.locator(f'.panel[aria-label="{title}"] .plot').nth(number)
                    as_it_stands, anew = plot.evaluate(ANEW)
                    assert as_it_stands == anew, f"{title}: the short way draws something else"


def test_a_cells_colour_is_that_of_its_stored_value(page: Page, app: str, runs_folder: Path) -> None:
    series = wave()
    path = kept(series, small(series, "lstm", {"updates": UPDATES}, seed=78), runs_folder)
    work(path)
    page.goto(f"{app}/?run={path.stem}&views=hidden")
    page.wait_for_selector(".unrolled-stage[data-ready=yes]")
    plot = page.locator("[aria-label=Memory] .plot")
    with Trace(path) as trace:
        for step in range(UPDATES, -1, -1):
            expect(page.locator("[aria-label=Memory]")).to_have_attribute("data-step", str(step))
            colours_are_those_of(plot, trace.stack("hidden.1", [step])[0])
            page.keyboard.press("ArrowLeft")


def colours_are_those_of(plot: Locator, stored: np.ndarray) -> None:
    times, units = stored.shape
    limit = plot.evaluate("(plot) => plot.layout.coloraxis.cmax")
    places = [((t + 0.5) / times, (u + 0.5) / units) for t in range(times) for u in range(units)]
    painted = np.array(plot.evaluate(PIXELS, places))
    at, colours = zip(*DIVERGING["light"], strict=True)
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], float)
    share = (stored.ravel() / limit + 1) / 2
    wanted = np.stack([np.interp(share, at, channel) for channel in channels.T], axis=1)
    np.testing.assert_allclose(painted, wanted, atol=3)
