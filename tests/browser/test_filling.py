"""What the browser draws of recomputed signals is what Python draws of them: real runs, in a real Chromium."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from dashboard.views.contract import parts, views
from dashboard.views.filling import picture_at
from engine.nouns.trace import Trace
from engine.worker import work
from tests.browser.staging import opened
from tests.makers import kept, small, wave
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
    path = kept(series, small(series, request.param, settings), runs_folder)
    work(path)
    return path


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
