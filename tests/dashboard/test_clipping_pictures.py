"""The gate, the river and the geometry of clipping: what they show is what was recorded."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from dashboard.views import clipping
from dashboard.views.contract import Scene, parts, views
from engine.nouns.trace import Trace
from engine.worker import work
from tests import traces
from tests.dashboard.drawing import filled
from tests.makers import kept, small, wave
from tests.scenes import seen


@pytest.fixture(scope="module")
def clipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The scene of a synthetic run, some of whose updates were clipped."""
    with Trace(traces.write(tmp_path_factory.mktemp("runs") / "a.run", updates=40, units=2)) as trace:
        yield seen(trace)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """The scene of a run whose weights moved as its gradients say."""
    series = wave()
    path = kept(series, small(series, "cnn", {"updates": 4, "layers": 2}), tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        yield seen(trace, 31)


def test_the_gate_shows_what_came_and_what_went_on_and_counts_what_any_threshold_would_clip(clipped: Scene) -> None:
    trace = clipped.trace
    before, after, _, ticks, longer, *_ = filled(clipped, "river", step=20)
    norms, scales = trace.history("norm"), trace.history("scale")
    np.testing.assert_array_equal(before.y, norms)
    np.testing.assert_allclose(after.y, norms * scales)
    np.testing.assert_allclose(before.customdata[1:], np.minimum(1, 1 / norms[1:]))
    assert [step for step, fired in zip(ticks.x, ticks.y, strict=True) if fired == 1] == list(
        trace.steps[1:][norms[1:] > 1]
    )
    for count, height in zip(longer.x, longer.y, strict=True):
        assert count == sum(norm >= height for norm in norms)
    for asked in views()["river"].options(clipped)["threshold"]:
        said = views()["river"].picture(clipped, {"threshold": asked}).sentence
        did = "clipped" if asked == "1" else "would have clipped"
        assert f"{did} {np.nansum(norms > float(asked)):.0f} of 39" in said


def test_the_river_has_a_row_for_each_parameter_the_strongest_above(clipped: Scene) -> None:
    (river,) = filled(clipped, "river", part=1, step=20)
    every = clipped.trace.history("before")
    np.testing.assert_allclose(10.0 ** np.asarray(river.z).T[1:], every[1:])
    order = parts(views()["river"].picture(clipped, {}))[1].figure.layout.yaxis.categoryarray
    medians = dict(zip(clipped.trace.parameters, np.nanmedian(every[1:], axis=0), strict=True))
    assert list(order) == sorted(medians, key=medians.__getitem__)


def test_nothing_flows_where_a_likelihood_is_maximised(clipped: Scene) -> None:
    clipped.trace.facts["loss"] = "minus log-likelihood per value (scaled)"
    assert "likelihood" in views()["river"].picture(clipped, {}).how
    clipped.trace.facts["loss"] = "mean squared error (scaled)"


def test_the_geometry_belongs_to_the_update_that_was_chosen_and_its_arrows_begin_at_its_weights(
    scene: Scene,
) -> None:
    view, trace = views()["clipping"], scene.trace
    norms = trace.history("norm")
    asked = view.options(scene)["update"]
    assert next(iter(asked)) == str(trace.steps[np.nanargmax(norms)])
    for step in asked:
        picture = view.picture(scene, {"update": step})
        assert f"Update {step} seen" in picture.sentence
        assert f"{norms[int(step)]:.4g} long" in picture.sentence
        surface, *drawn_ = picture.figure.data
        arrows = [one for one in drawn_ if one.showlegend is not False]
        before = trace.stack("weights", [int(step) - 1])[0]
        for arrow, which in itertools.product(arrows, "xy"):
            assert np.abs(before - arrow[which][0]).min() < 1e-6
        np.testing.assert_array_equal(surface.z, scene.look([int(step)], ["clip surface"])["clip surface"][0])
        title = picture.figure.layout.xaxis.title.text
        parameter, _, index = title.rstrip("]").partition("[")
        (weight,) = scene.look([int(step) - 1], [f"weight/{parameter}"])[f"weight/{parameter}"]
        assert weight[tuple(int(i) for i in index.split(","))] == pytest.approx(arrows[0].x[0])


def test_weights_are_told_by_name_and_where_nothing_was_trained_nothing_is_clipped(clipped: Scene) -> None:
    unknown = replace(clipped, offered={})
    assert "likelihood" in views()["clipping"].picture(unknown, {}).how
    assert clipping.place(clipped, 6) == "hidden_to_hidden[0, 2]"
    with pytest.raises(ValueError, match="no weight 9999"):
        clipping.place(clipped, 9999)
