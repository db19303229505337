"""The pictures of what is recomputed: what they show is what was looked up, and it adds up."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.views.contract import Picture, Scene, View, parts, views
from dashboard.views.filling import picture_at
from engine.curves import CURVES
from engine.deriving.jacobians import jacobians
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import filled
from tests.makers import kept, small, wave
from tests.scenes import made_up, remembering, seen

MODELS = {
    "relu RNN": ("rnn", {"activation": "relu"}),
    "LayerNorm-RNN": ("rnn", {"layer_norm": True}),
    "LayerNorm-LSTM": ("lstm", {"layer_norm": True}),
    "cnn": ("cnn", {"layers": 2}),
    "cnn_rnn": ("cnn_rnn", {}),
    "seq2seq": ("seq2seq", {"cell": "lstm"}),
    "fnn": ("fnn", {}),
    "gru": ("gru", {}),
    "gated cnn": ("cnn", {"gated": True, "layers": 2}),
}
PICTURES = ("triangle", "saturation", "ledger", "layer_norm", "convolution")
SHOWN = {
    "triangle": {*MODELS} - {"fnn", "gated cnn"},
    "saturation": {*MODELS},
    "ledger": {"LayerNorm-LSTM", "cnn_rnn", "seq2seq"},
    "layer_norm": {*MODELS} - {"fnn", "gru"},
    "convolution": {"cnn", "cnn_rnn"},
}


@pytest.fixture(scope="module", params=MODELS)
def scene(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    model, own = MODELS[request.param]
    series = wave()
    path = kept(series, small(series, model, {"updates": 4, **own}), tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        yield remembering(seen(trace, 31))


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """Which of the models the scene is of."""
    return str(request.node.callspec.params["scene"])


def every(view: View, scene: Scene) -> Iterator[Picture]:
    """The picture under each choice a person has."""
    asked = view.options(scene)
    for choice in itertools.product(*asked.values()):
        yield view.picture(scene, dict(zip(asked, choice, strict=True)))


@pytest.mark.parametrize("view", PICTURES)
def test_a_run_has_the_pictures_that_its_model_has_signals_for(view: str, scene: Scene, name: str) -> None:
    assert (not views()[view].lacking(scene)) == (name in SHOWN[view])


@pytest.mark.parametrize("view", PICTURES)
def test_a_run_that_lacks_it_says_so_in_a_sentence(view: str, scene: Scene, name: str) -> None:
    if name in SHOWN[view]:
        return
    why = views()[view].lacking(scene)
    assert why.endswith(".")
    (note,) = views()[view].picture(scene, {}).figure.layout.annotations
    assert note.text.replace("<br>", " ") == why


@pytest.mark.parametrize("view", PICTURES)
@settings(max_examples=1, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_numbers_are_too_odd_to_be_drawn(view: str, scene: Scene, name: str, data: st.DataObject) -> None:
    if name not in ("LayerNorm-LSTM", "cnn"):  # one with every recurrent picture, one with a kernel
        return
    kinds = st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 1e-30, -1.0, 3.0, 1e30])
    values = np.array(data.draw(st.lists(kinds, min_size=7, max_size=7)))
    odd = made_up(scene.trace, lambda shape: np.resize(values, shape))
    with np.errstate(all="ignore"):
        for picture in every(views()[view], odd):
            for part in parts(picture):
                picture_at(odd, part, 2, 3, 1)


def test_the_ledger_adds_up_and_each_row_of_the_triangle_is_the_cell(scene: Scene, name: str) -> None:
    if name not in SHOWN["ledger"]:
        return
    account, line, written, _ = filled(scene, "ledger")
    triangle, cell = filled(scene, "ledger", part=1)
    assert account.y[0] + account.y[1] == pytest.approx(account.y[2], abs=1e-6)
    assert sum(written.y) == pytest.approx(account.y[2], abs=1e-6)
    np.testing.assert_array_equal(triangle.z[7], written.y)
    np.testing.assert_allclose(triangle.z.sum(axis=1), cell.x, atol=1e-6)
    f, before, i, g, c, o, given_, h = line.customdata[0]
    assert f * before + i * g == pytest.approx(c, abs=1e-6)
    assert o * np.tanh(given_) == pytest.approx(h, abs=1e-6)
    assert account.customdata[4][2] == pytest.approx(account.y[4])


def test_the_triangles_margins_are_sums_and_means_of_it(scene: Scene, name: str) -> None:
    if name not in SHOWN["triangle"]:
        return
    cells, total, part, _ = filled(scene, "triangle")
    sizes, decoded = 10.0**cells.z, name == "seq2seq"
    np.testing.assert_allclose(np.nansum(sizes, axis=1), total.x, rtol=1e-4)
    assert np.nansum(part.y) == pytest.approx(1, abs=1e-5)
    shares = sizes / np.nansum(sizes, axis=1, keepdims=True)
    heard = shares.mean(axis=0) if decoded else shares[7, :8]
    np.testing.assert_allclose(part.y[: len(heard)], heard, rtol=1e-4, atol=1e-9)
    assert decoded or np.isnan(sizes[np.triu_indices(12, 1)]).all()
    decay = filled(scene, "triangle", part=1)[3].y
    means = [sizes[:, 11 - lag].mean() if decoded else np.mean(np.diagonal(sizes, -lag)) for lag in range(12)]
    np.testing.assert_allclose(decay, np.maximum(np.array(means) / means[0], 1e-12), rtol=1e-4, atol=1e-9)


def test_runs_beside_it_are_lines_by_lag_at_the_same_update_and_none_where_they_have_no_such_update(
    scene: Scene, name: str
) -> None:
    if name not in SHOWN["triangle"]:
        return

    def shorter(steps: Sequence[int], names: Sequence[str]) -> dict[str, np.ndarray]:
        if list(steps) == [4]:
            raise KeyError("update 4 was not recorded")
        return scene.look(steps, names)

    short = replace(scene, look=shorter)
    beside = replace(scene, others=(scene, short, replace(scene, offered={})))
    by_lag = parts(views()["triangle"].picture(beside, {}))[1]
    for step in (0, 2, 4):
        lines = {str(line.name)[0]: line for line in picture_at(beside, by_lag, step).data if line.mode == "lines"}
        own = filled(scene, "triangle", part=1, step=step)[3].y
        np.testing.assert_array_equal(lines["B"].y, own)
        np.testing.assert_array_equal(lines["C"].y, own if step < 3 else np.full(len(own), np.nan))
        assert "D" not in lines


def test_all_sums_are_somewhere_on_the_curve(scene: Scene, name: str) -> None:
    asked = views()["saturation"].options(scene)["signal"]
    for signal in asked:
        curve, counted, rug = filled(scene, "saturation", signal=signal)
        assert sum(counted.y) == pytest.approx(1, abs=1e-5)
        steep, *flat = filled(scene, "saturation", part=1, signal=signal)
        rise = np.interp(rug.x, curve.x, curve.customdata)
        inside = np.abs(rug.x) < max(curve.x)
        slopes = np.asarray(steep.z)[:, 2] if flat else np.asarray(steep.y)
        if "max(0" not in views()["saturation"].picture(scene, {"signal": signal}).sentence:
            np.testing.assert_allclose(slopes[inside], rise[inside], atol=2e-2)
        if flat:
            assert len(flat[0].x) == np.shape(steep.z)[1]
        if signal in scene.offered and "cell" not in signal:
            out = scene.look([4], [signal])[signal][0]
            np.testing.assert_allclose(
                np.interp(rug.x, curve.x, curve.y)[inside], (out[:, 2] if flat else out)[inside], atol=2e-3
            )


def test_a_kernels_products_and_bias_make_the_next_point_of_the_map(scene: Scene, name: str) -> None:
    if name not in SHOWN["convolution"]:
        return
    shown, under, bracket, bars, whole, so_far = filled(scene, "convolution")
    layer = next(one for one in scene.offered if one.startswith("product/")).rpartition(".")[2]
    bias = scene.look([4], [f"weight/b.{layer}"])[f"weight/b.{layer}"][0][2]
    assert max(0, sum(bars.y) + bias) == pytest.approx(whole.y[7], abs=1e-6)
    np.testing.assert_array_equal(bars.x, bracket.x)
    np.testing.assert_array_equal(under.y, [shown.y[int(x) - 1] for x in under.x])
    np.testing.assert_array_equal(so_far.y[:8], whole.y[:8])
    assert np.isnan(so_far.y[8:]).all()
    taps = filled(scene, "convolution", part=1)[0].y
    np.testing.assert_allclose(bars.y, taps * under.y, atol=1e-6)


def test_the_kernels_gradient_is_gathered_from_the_end(scene: Scene, name: str) -> None:
    if name not in SHOWN["convolution"]:
        return
    steps = [filled(scene, "convolution", time=t, way="backward")[3].y for t in (9, 10, 11)]
    gathered = filled(scene, "convolution", part=1, time=9, way="backward")[0].y
    np.testing.assert_allclose(gathered, np.sum(steps, axis=0), atol=1e-6)


def test_the_cells_ages_are_stacked_to_the_cell(scene: Scene, name: str) -> None:
    if name not in SHOWN["ledger"]:
        return
    bars = parts(views()["ledger"].picture(scene, {"parts": "age"}))[1]
    shown = picture_at(scene, bars, 4, -1, 1)
    *ages, line = shown.data
    assert shown.layout.barmode == "relative"
    np.testing.assert_allclose(np.sum([np.asarray(one.y) for one in ages], axis=0), np.asarray(line.y), atol=1e-6)


def test_the_cell_beside_the_ledgers_triangle_has_an_axis_of_its_own_size(scene: Scene, name: str) -> None:
    if name not in SHOWN["ledger"]:
        return
    beside = parts(views()["ledger"].picture(scene, {}))[1]
    (cell,) = (binding for binding in beside.bindings if binding.attribute == "x")
    reach = beside.figure.layout.xaxis2.range[1]
    first = np.abs(scene.look(scene.trace.steps, [cell.source])[cell.source][:, :, 0]).max()
    assert cell.grows
    assert reach <= 1.1 * first * (1 + 1e-6)


def test_no_gradient_is_left_with_more_than_its_steps_allow(scene: Scene, name: str) -> None:
    if not name.endswith("RNN") or "LSTM" in name:
        return
    by_lag = parts(views()["triangle"].picture(scene, {"signal": "hidden.1"}))[1]
    drawn_ = {line.name: np.asarray(line.y) for line in picture_at(scene, by_lag, 4).data if line.mode != "text"}
    product = drawn_["its steps' Jacobians, multiplied"]
    assert product[0] == pytest.approx(1)
    names = ["triangle/hidden.1", "jacobians/hidden.1", "preactivation.1", "weight/W_h.1"]
    norm = [f"weight/{part}_z.1" for part in ("gain", "shift") if f"weight/{part}_z.1" in scene.offered]
    triangle, bound, sums, weight, *more = (one[0] for one in scene.look([4], names + norm).values())
    np.testing.assert_allclose(np.maximum(bound, 1e-12), product)
    curve = CURVES[str(scene.trace.run.settings["activation"])]
    steps = np.linalg.norm(jacobians(sums, weight, *more, curve=curve), 2, axis=(-2, -1))
    for t, k in itertools.combinations(range(len(triangle) - 1, -1, -1), 2):
        assert triangle[t, k] <= triangle[t, t] * np.prod(steps[k + 1 : t + 1]) * (1 + 1e-4) + 1e-9
