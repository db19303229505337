"""LayerNorm step by step: each step is made of the one before, and one is shown at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from dashboard.views.contract import Scene, parts, views
from dashboard.views.filling import picture_at
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import filled
from tests.makers import kept, small, wave
from tests.scenes import seen


@pytest.fixture(scope="module", params=["rnn", "lstm"])
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    series = wave()
    run = small(series, request.param, {"updates": 4, "layer_norm": True})
    path = kept(series, run, tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        yield seen(trace, 31)


def test_layer_norms_column_has_the_mean_and_deviation_it_is_drawn_with(scene: Scene) -> None:
    before, centred, after, scaled, mean, low, high = filled(scene, "layer_norm", part=2)
    assert mean.y[0] == pytest.approx(before.y.mean(), abs=1e-6)
    assert (high.y[0] - low.y[0]) / 2 == pytest.approx(before.y.std(), abs=1e-4)
    np.testing.assert_allclose(centred.y, before.y - mean.y[0], atol=1e-6)
    assert after.y.mean() == pytest.approx(0, abs=1e-5)
    np.testing.assert_allclose(after.y, centred.y / ((high.y[0] - low.y[0]) / 2), atol=1e-4)
    signal = next(iter(views()["layer_norm"].options(scene)["signal"]))
    names = [f"weight/{part}_{signal[0].replace('p', 'z')}.1" for part in ("gain", "shift")]
    gain, shift = (values[0] for values in scene.look([4], names).values())
    np.testing.assert_allclose(scaled.y, gain * after.y + shift, atol=1e-5)


def test_layer_norms_steps_are_shown_one_at_a_time_on_one_scale(scene: Scene) -> None:
    picture = views()["layer_norm"].picture(scene, {})
    assert len(picture.phases) == 4
    for phase in range(len(picture.phases)):
        for part, always in zip(parts(picture)[1:], (0, 4), strict=True):  # before, the mean and its two levels
            shown = picture_at(scene, part, 4, phase=phase).data
            assert sum(one.visible is not False for one in shown) == always + 1 - (phase == 0 and always > 0)
            assert shown[phase].visible is not False
        assert {one.coloraxis for one in parts(picture)[1].figure.data} == {"coloraxis"}
