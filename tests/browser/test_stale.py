"""No picture is stale: at every update of every view, what is drawn, hovered, written and coloured is what is stored.

Every view in dashboard/views is held to it, in one page for each model: of some models as each view opens, of others
under choices drawn by a seed. Every choice of all of them is held in Python (tests/dashboard/test_every_choice.py).
"""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from dashboard.views.contract import Binding, Picture, Scene, View, parts, views
from dashboard.views.filling import drawn
from dashboard.views.palette import SCALES
from engine.nouns.trace import Trace
from tests.browser.serving import PATIENCE
from tests.browser.staging import opened, trained
from tests.makers import small, wave
from tests.scenes import seen

UPDATES = 2
SEEN = """async (plot, { places, hover, patience }) => {
  const plain = (one) => (one?.length === undefined ? (one ?? null) : Array.from(one, plain));
  const of = (trace, attribute) => attribute.split(".").reduce((at, key) => at?.[key], plot.data[trace]);
  const drawn = places.map(([trace, attribute]) => plain(of(trace, attribute)));
  const { _fullLayout: layout, _fullData: full } = plot;
  const images = {};
  for (const group of plot.querySelectorAll(".heatmaplayer .hm")) {
    const { trace, x, y, z } = group.__data__[0];
    const [image, { index }] = [group.querySelector("image"), full[trace.index]];
    if (!image) continue;
    const picture = new Image();
    picture.src = image.getAttribute("href") || image.getAttribute("xlink:href");
    await picture.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: picture.width, height: picture.height });
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(picture, 0, 0);
    const [xa, ya] = [trace.xaxis || "x", trace.yaxis || "y"].map((name) => layout[`${name[0]}axis${name.slice(1)}`]);
    const box = ["x", "y", "width", "height"].map((name) => Number(image.getAttribute(name)));
    const middles = (edges) => Array.from(edges).slice(1).map((edge, i) => (edge + edges[i]) / 2);
    const cells = middles(y).map((down) => middles(x).map((along) => {
      const at = [(xa.c2p(along) - box[0]) / box[2], (ya.c2p(down) - box[1]) / box[3]];
      const pixel = [Math.floor(at[0] * picture.width), Math.floor(at[1] * picture.height)];
      return Array.from(context.getImageData(...pixel, 1, 1).data);
    }));
    const { cmin, cmax } = layout[trace.coloraxis || "coloraxis"];
    images[index] = { cells, cmin, cmax };
  }
  let label = null;
  if (hover) {
    const { type, x, y, xaxis = "x", yaxis = "y" } = full[hover[0]];
    if (type === "heatmap") Plotly.Fx.hover(plot, { xval: x[hover[1][1]], yval: y[hover[1][0]] }, xaxis + yaxis);
    else Plotly.Fx.hover(plot, [{ curveNumber: hover[0], pointNumber: hover[1] }], xaxis + yaxis);
    const find = () => plot.querySelector(".hoverlayer .hovertext .nums"); // no event tells of a hover by script
    const late = performance.now() + patience;
    while (!find() && performance.now() < late) await new Promise((done) => setTimeout(done, 10));
    const text = find();
    const lines = Array.from(text?.querySelectorAll(".line") ?? [], (one) => one.textContent);
    label = lines.join("\\n") || (text?.textContent ?? null);
    Plotly.Fx.unhover(plot);
  }
  const written = Array.from(plot.querySelectorAll(".textpoint text"), (one) => one.textContent);
  return { drawn, images, label, written, overlay: plot.querySelector(".overlay")?.innerHTML ?? "" };
}"""
ANEW = """async (plot) => {
  const drawn = () => Array.from(plot.querySelectorAll(".mlayer [d], .mlayer image"), (shape) =>
    [..."d transform fill href x y width height".split(" ").map((name) => shape.getAttribute(name)), shape.style.fill]);
  const before = drawn();
  await Plotly.redraw(plot);
  return [before, drawn()];
}"""
"""The traces' shapes, as they stand, and as Plotly draws the whole figure anew."""
BOLD = re.compile(r"<b>%\{([a-z]+)(?:\[(\d)\])?:\.(\d)[gf%]\}")
NUMBER = re.compile(r"[-−]?\d+\.?\d*(?:e[-+−]?\d+)?")


@pytest.mark.parametrize(
    ("model", "settings", "chosen", "drawn_by"),
    [
        ("lstm", {"layer_norm": True}, (), None),
        ("cnn", {"layers": 2, "hidden": 4}, ("convolution", "strip", "triangle", "saturation"), None),
        ("cnn", {"gated": True, "hidden": 4}, ("gated",), None),
        ("gru", {"layers": 2}, ("strip", "hidden", "triangle", "saturation", "river"), 20261124),
    ],
    ids=[
        "every view that an LSTM has",
        "what else a CNN has, and what it shares by other signals",
        "gates",
        "choices of a GRU",
    ],
)
def test_every_view_shows_at_every_update_what_is_stored_in_number_hover_text_and_colour(
    page: Page,
    app: str,
    runs_folder: Path,
    model: str,
    settings: dict[str, object],
    chosen: tuple[str, ...],
    drawn_by: int | None,
) -> None:
    series = wave()
    path = trained(series, small(series, model, {"updates": UPDATES, "hidden": 3, **settings}, seed=77), runs_folder)
    with Trace(path) as trace:
        scene = seen(trace)
        shown = [view for view in views().values() if (not chosen or view.name in chosen) and not view.lacking(scene)]
        pictures, asked = {}, []
        for view in shown:
            choice = some_choice(view, scene, drawn_by)
            words = ["=".join(one) for one in choice.items()]
            pictures[" ".join([view.title, *words])] = view.picture(scene, choice)
            asked.append(":".join([view.name, *words]))
        opened(page, app, path, ",".join(asked))
        page.keyboard.press("ArrowDown")  # the inner clock off its last step
        met: dict[tuple[str, int], set[str]] = {}
        spans: dict[tuple[str, int, str], set[tuple[float, float]]] = {}
        for turn, step in enumerate(range(UPDATES, -1, -1)):
            for title, picture in pictures.items():
                panel = page.locator(f'.panel[aria-label="{title}"]')
                expect(panel).to_have_attribute("data-step", str(step))
                for number, part in enumerate(parts(picture)):
                    found = held(panel.locator(".plot").nth(number), part, scene, step, turn, f"{title} at {step}")
                    met.setdefault((title, number), set()).add(repr((found["drawn"], found["overlay"])))
                    for heatmap, image in found["images"].items():
                        spans.setdefault((title, number, heatmap), set()).add((image["cmin"], image["cmax"]))
            page.keyboard.press("ArrowLeft")
        for title, picture in pictures.items():
            for number, part in enumerate(parts(picture)):
                if any(binding.mode == "frame" for binding in part.bindings):
                    as_it_stands, anew = page.locator(f'.panel[aria-label="{title}"] .plot').nth(number).evaluate(ANEW)
                    assert as_it_stands == anew, f"{title}: the short way draws something else"
        for scope in ("frame", "all") if drawn_by else ():
            page.get_by_label("Colours span").select_option(scope)
            for title, picture in pictures.items():
                for number, part in enumerate(parts(picture)):
                    held(
                        page.locator(f'.panel[aria-label="{title}"] .plot').nth(number),
                        part,
                        scene,
                        0,
                        0,
                        f"{title}, {scope}",
                    )
        moved = {figure: some for figure, some in spans.items() if len(some) > 1}
        assert not moved  # the same value has the same colour at any update
        filled = [title for title, picture in pictures.items() if any(part.bindings for part in parts(picture))]
        still = [title for title in filled if not any(len(met.get((title, n), ())) > 1 for n in range(3))]
        assert not still  # each picture changes when the clock moves


def some_choice(view: View, scene: Scene, drawn_by: int | None) -> dict[str, str]:
    """One of a view's choices, but not the first where it has others; none without a seed."""
    if drawn_by is None:
        return {}
    draw = random.Random(f"{drawn_by} {view.name}")
    return {name: draw.choice([*values][1:] or [*values]) for name, values in view.options(scene).items()}


def held(plot: Locator, part: Picture, scene: Scene, step: int, turn: int, where: str) -> dict[str, Any]:
    """What there is to see of a figure, held to what is stored."""
    shown = [b for b in part.bindings if "forward" in part.during.get(b.trace, ("forward",))]
    bindings = [b for b in shown if b.mode == "frame" and part.whole in part.phased.get(b.trace, (part.whole,))]
    picked, wanted = scene.trace.run.window - 2, []
    for binding in bindings:
        stored = scene.look([step], [binding.source])[binding.source][0]
        wanted.append(np.asarray(drawn(stored, scene.offered[binding.source].axes, binding, picked, 0), float))
    hover = hovered(part, bindings, wanted, turn)
    places = [[binding.trace, binding.attribute] for binding in bindings]
    found = plot.evaluate(SEEN, {"places": places, "hover": hover and hover[:2], "patience": 1000 * PATIENCE})
    for there, expected in zip(found["drawn"], wanted, strict=True):
        np.testing.assert_allclose(np.asarray(there, float), expected, rtol=1e-6, err_msg=where)
    for binding, expected in zip(bindings, wanted, strict=True):
        if binding.attribute == "z" and str(binding.trace) in found["images"]:
            coloured(part, binding, expected, found["images"][str(binding.trace)], where)
        if binding.attribute == "customdata" and part.figure.data[binding.trace].texttemplate:
            said = [float(one.replace("−", "-")) for one in NUMBER.findall("".join(found["written"]))]
            np.testing.assert_allclose(said, expected.ravel(), atol=6e-4, err_msg=where)
    if hover:
        *_, value, digits = hover
        said = NUMBER.findall(found["label"] or "")
        assert any(
            abs(float(one.replace("−", "-")) - value) <= abs(value) * 0.6 * 10 ** (1 - digits) for one in said
        ), f"{where}: “{found['label']}” does not say {value}"
    return found


def hovered(part: Picture, bindings: list[Binding], wanted: list[np.ndarray], turn: int) -> list[Any] | None:
    """A point whose label says a stored number in bold: trace, index, the number, its digits; another at each turn."""
    ways = []
    for binding, array in zip(bindings, wanted, strict=True):
        trace = part.figure.data[binding.trace]
        template = trace.hovertemplate
        for flat in np.flatnonzero(np.isfinite(array))[:: max(1, array.size // 5)]:
            index = [int(i) for i in np.unravel_index(flat, array.shape)]
            text = template[index[0]] if isinstance(template, tuple | list) else template
            bold = BOLD.search(text or "")
            if not bold or bold[1] != binding.attribute or "%}" in bold[0]:
                continue
            if bold[2] is not None and index[-1] != int(bold[2]):
                continue
            point = index[:-1] if bold[2] is not None else index
            point = point[::-1] if getattr(trace, "transpose", False) else point
            ways.append(
                [binding.trace, point if len(point) > 1 else point[0], float(array[tuple(index)]), int(bold[3])]
            )
    return ways[turn % len(ways)] if ways else None


def coloured(part: Picture, binding: Binding, expected: np.ndarray, image: dict[str, Any], where: str) -> None:
    """Every cell has the colour that its stored value has in the run's range."""
    trace = part.figure.data[binding.trace]
    family = (part.figure.layout.meta or {}).get("scales", {}).get(trace.coloraxis or "coloraxis", "diverging")
    at, colours = zip(*SCALES[family]["light"], strict=True)
    channels = np.array([[int(colour[i : i + 2], 16) for i in (1, 3, 5)] for colour in colours], float)
    values = expected.T if trace.transpose else expected
    painted = np.array(image["cells"], float)
    there = np.isfinite(values)
    assert not painted[~there][:, 3].any(), f"{where}: a cell without a value has a colour"
    share = np.clip((values[there] - image["cmin"]) / (image["cmax"] - image["cmin"]), 0, 1)
    wanted = np.stack([np.interp(share, at, channel) for channel in channels.T], axis=-1)
    np.testing.assert_allclose(painted[there][:, :3], wanted, atol=4, err_msg=where)
