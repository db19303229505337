"""The gated kernel: what is drawn of its two branches is what the network itself made, at every step of the slide."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.views.contract import Scene, parts, views
from dashboard.views.gated import MAP
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import filled
from tests.makers import kept, small, wave
from tests.scenes import made_up, remembering, seen


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    series = wave()
    run = small(series, "cnn", {"updates": 4, "gated": True, "layers": 2})
    path = kept(series, run, tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        yield remembering(seen(trace, 31))


@pytest.mark.parametrize("layer", ["1", "2"])
@pytest.mark.parametrize("time", [0, 7, 11])
def test_the_terms_of_both_branches_are_the_networks_own_sums(scene: Scene, layer: str, time: int) -> None:
    filter_, gate, text = filled(scene, "gated", part=1, time=time, layer=layer)
    names = [f"preactivation.{layer}", f"map.{layer}", f"weight/kernel.{layer}", f"weight/b.{layer}", f"stream.{layer}"]
    sums, out, kernel, bias, stream = (values[0] for values in scene.look([4], names).values())
    C, spacing = out.shape[1], 2 ** (int(layer) - 1)
    for bars, row in ((filter_, 2), (gate, C + 2)):
        *taps, own, whole = bars.y
        lags = [(len(taps) - 1 - k) * spacing for k in range(len(taps))]
        by_hand = [kernel[row, :, k] @ stream[time - lag] if time >= lag else 0.0 for k, lag in enumerate(lags)]
        np.testing.assert_allclose(taps, by_hand, atol=1e-6)
        assert own == pytest.approx(bias[row])
        assert whole == pytest.approx(sums[time, row], abs=1e-5)
        assert whole == pytest.approx(sum(taps) + own, abs=1e-6)
    first, curved, second, share, made = text.customdata[0]
    assert (first, second) == (sums[time, 2], sums[time, C + 2])
    assert curved * share == pytest.approx(np.tanh(first) / (1 + np.exp(-second)), abs=1e-6)
    assert made == out[time, 2]
    assert made == pytest.approx(curved * share, abs=1e-6)


def test_the_kernel_lies_on_the_steps_it_reads_and_the_map_is_drawn_up_to_the_clock(scene: Scene) -> None:
    for layer, apart in (("1", 1), ("2", 2)):
        comes_in, bracket, *_ = drawn = filled(scene, "gated", layer=layer)
        assert list(np.diff(bracket.x)) == [apart] * (len(bracket.x) - 1)
        assert bracket.x[-1] == 8  # the clock's step, counted from 1
        np.testing.assert_array_equal(comes_in.z, scene.look([4], [f"stream.{layer}"])[f"stream.{layer}"][0])
        whole, so_far = (drawn[number].y for number in MAP)
        np.testing.assert_array_equal(so_far[:8], whole[:8])
        assert np.isnan(so_far[8:]).all()
        reaches = parts(views()["gated"].picture(scene, {"layer": layer}))[0].reaches
        assert set(reaches.values()) == {bracket.x[-1] - bracket.x[0] + 1}


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 99), size=st.sampled_from([0.0, 1e-30, 1.0, 1e30]), time=st.integers(0, 11))
def test_any_numbers_are_drawn_as_they_are(scene: Scene, seed: int, size: float, time: int) -> None:
    random = np.random.default_rng(seed)
    odd = remembering(made_up(scene.trace, lambda shape: random.normal(size=shape) * size))
    drawn = filled(odd, "gated", time=time)
    stored = odd.look([4], ["map.1", "terms/gate.1"])
    np.testing.assert_array_equal(drawn[MAP[0]].y, stored["map.1"][0][:, 2])
    np.testing.assert_array_equal(filled(odd, "gated", part=1, time=time)[1].y, stored["terms/gate.1"][0][time, 2])


def test_a_network_without_gates_says_so(scene: Scene) -> None:
    view = views()["gated"]
    assert view.lacking(Scene(scene.trace, {}, scene.start, scene.look)).startswith("No kernel")
