"""Clip and update as pictures: what is drawn adds up, and at each sub-step what comes about is in full colour."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.views.contract import SUBSTEPS, Scene, parts, views
from dashboard.views.filling import picture_at
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import filled
from tests.makers import kept, small, wave
from tests.scenes import made_up, remembering, seen

RUNS = {
    "by length": ("lstm", {"clip": 0.05, "optimiser": "sgd"}),
    "by value": ("cnn", {"clip": 0.002, "clip_by": "value"}),
    "not at all": ("gru", {"clip": 0.0}),
}


@pytest.fixture(scope="module", params=RUNS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    (model, own), series = RUNS[request.param], wave()
    path = kept(series, small(series, model, {"updates": 4, **own}), tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        yield remembering(seen(trace))


def test_weight_before_and_step_are_the_weight_after_for_every_parameter(scene: Scene) -> None:
    assert set(views()["spending"].options(scene)["parameter"]) == set(scene.trace.parameters)
    for name in scene.trace.parameters:
        before, step, after = (np.asarray(one.z) for one in filled(scene, "spending", part=2, parameter=name))
        np.testing.assert_allclose(before + step, after, atol=1e-7)


def test_the_clipped_gradient_is_the_gradient_cut_as_the_run_decides(scene: Scene) -> None:
    run, scale = scene.trace.run.settings, scene.trace.frame(4).scale
    for name in scene.trace.parameters:
        raw, cut, *factor = filled(scene, "spending", parameter=name)
        if run["clip_by"] == "value":
            assert not factor
            np.testing.assert_array_equal(cut.z, np.clip(raw.z, -np.float32(0.002), np.float32(0.002)))
        else:
            assert factor[0].customdata[0] == scale
            np.testing.assert_allclose(cut.z, np.asarray(raw.z) * scale, rtol=1e-6)
        if run["optimiser"] == "sgd":
            _, taken, step = filled(scene, "spending", part=1, parameter=name)
            rate = scene.trace.frame(4).learning_rate
            np.testing.assert_allclose(step.y, -rate * np.asarray(taken.y), atol=1e-7)


def test_each_sub_step_has_something_in_full_colour_and_what_is_not_clipped_yet_has_no_bars(scene: Scene) -> None:
    drawn = parts(views()["spending"].picture(scene, {}))
    for substep in SUBSTEPS:
        assert any(substep in when for part in drawn for when in part.acts.values())
        _, clipped, _ = picture_at(scene, drawn[1], 4, substep=substep).data
        assert clipped.visible == (substep in ("forward", "clip", "update"))
    for part in drawn:
        used = {one.xaxis or "x" for one in part.figure.data}
        assert set(part.acts) <= used
        assert {substep for when in part.acts.values() for substep in when} <= set(SUBSTEPS)


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 99), size=st.sampled_from([0.0, 1e-30, 1.0, 1e30]), unit=st.integers(0, 30))
def test_any_numbers_are_drawn_as_they_are_and_the_bars_are_the_picked_row(
    scene: Scene, seed: int, size: float, unit: int
) -> None:
    random = np.random.default_rng(seed)
    odd = remembering(made_up(scene.trace, lambda shape: random.normal(size=shape) * size))
    for name in scene.trace.parameters:
        raw, cut = (np.asarray(one.z) for one in filled(odd, "spending", unit=unit, parameter=name)[:2])
        before, after, _ = filled(odd, "spending", part=1, unit=unit, parameter=name)
        shape = scene.trace.parameters[name]
        row = (slice(None), 0) if len(shape) == 1 else min(unit, raw.shape[0] - 1)
        np.testing.assert_array_equal(before.y, raw[row])
        np.testing.assert_array_equal(after.y, cut[row])
