"""What the browser draws of recomputed signals is what Python draws of them: real runs, in a real Chromium."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.views.contract import parts, views
from dashboard.views.convolution import MAP
from dashboard.views.filling import picture_at
from engine.nouns.trace import Trace
from tests.browser.serving import eventually
from tests.browser.staging import opened, trained
from tests.makers import small, wave
from tests.scenes import seen

SHOWN = {
    "lstm": ("triangle", "ledger", "river"),
    "cnn": ("convolution",),
}
DRAWN = """(plot, [trace, attribute]) => {
  const found = attribute.split(".").reduce((part, name) => part[name], plot.data[trace]);
  const plain = (value) => (ArrayBuffer.isView(value) || Array.isArray(value) ? Array.from(value, plain) : value);
  return plain(found).flat(Infinity).map((value) => (Number.isFinite(value) ? value : null));
}"""


@pytest.fixture(scope="module", params=SHOWN)
def run(request: pytest.FixtureRequest, runs_folder: Path) -> Path:
    settings = {"updates": 6, **({"layer_norm": True, "clip": 0.1} if request.param == "lstm" else {})}
    series = wave()
    return trained(series, small(series, request.param, settings), runs_folder)


def test_each_picture_follows_the_clock_and_equals_its_twin(page: Page, app: str, run: Path) -> None:
    with Trace(run) as trace:
        scene, names = seen(trace), SHOWN[trace.run.model]
        opened(page, app, run, ",".join(names))
        for step in (6, 2):
            page.locator("input[type=range]").first.fill(str(step))
            for name in names:
                panel = page.locator(f"[aria-label='{views()[name].title}'].panel")
                expect(panel).to_have_attribute("data-step", str(step))
                for number, part in enumerate(parts(views()[name].picture(scene, {}))):
                    shown = picture_at(scene, part, step)
                    for binding in part.bindings:
                        if binding.mode == "now":
                            continue
                        found = panel.locator(".plot").nth(number).evaluate(DRAWN, [binding.trace, binding.attribute])
                        twin = np.asarray(shown.data[binding.trace][binding.attribute], float).ravel()
                        near = {"rtol": 1e-6, "atol": 1e-12, "err_msg": f"{name} {binding}"}
                        np.testing.assert_allclose(
                            np.array(found, float), np.where(np.isfinite(twin), twin, np.nan), **near
                        )


POINT = """(plot, [number, step]) => {
  const { xaxis = "x", yaxis = "y", y } = plot.data[number];
  const [across, down] = [xaxis, yaxis].map((name) => plot._fullLayout[`${name[0]}axis${name.slice(1)}`]);
  const { left, top } = plot.getBoundingClientRect();
  return [left + across._offset + across.d2p(step), top + down._offset + down.d2p(y[step - 1])];
}"""
BAND = """(plot) => {
  const { xaxis } = plot._fullLayout;
  const [band, { left }] = [plot.querySelector(".overlay .reach"), plot].map((one) => one.getBoundingClientRect());
  return [band.left, band.right].map((at) => xaxis.p2d(at - left - xaxis._offset));
}"""


@pytest.mark.parametrize("run", ["cnn"], indirect=True)
def test_pointing_at_a_map_marks_the_values_that_it_saw(page: Page, app: str, run: Path) -> None:
    opened(page, app, run, "convolution")
    plot = page.locator(".plot").first
    with Trace(run) as trace:
        (line, *_), kernel = MAP, trace.run.settings["kernel"]
    for step in (9, 5):
        page.mouse.move(*plot.evaluate(POINT, [line, step]))
        expect(plot.locator(".overlay .reach")).to_have_count(1)
        ends = [step - kernel + 0.5, step + 0.5]
        eventually(page, lambda: np.testing.assert_allclose(plot.evaluate(BAND), ends, atol=0.02))  # noqa: B023
    page.mouse.move(1, 1)
    expect(plot.locator(".overlay .reach")).to_have_count(0)
