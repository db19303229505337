"""What a point of a feature map depends on, as the pictures state it, held to gradients of the network itself."""

from __future__ import annotations

import pytest
import torch

from dashboard.views.contract import views
from dashboard.views.reaching import reaches
from engine.models import cnn
from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave
from tests.scenes import seen


@pytest.mark.parametrize("gated", [False, True])
def test_a_map_reaches_as_far_as_gradients_come_from(tmp_path, gated):
    series, layers = wave(), 3
    run = small(series, "cnn", {"layers": layers, "gated": gated, "hidden": 8}, window=24)
    path = kept(series, run, tmp_path)
    work(path)
    inputs = torch.randn(4, 24, 1, generator=torch.Generator().manual_seed(0), requires_grad=True)
    settings = cnn.CNNSettings.model_validate(run.settings)
    weights = {name: torch.tensor(start) for name, start in cnn.initial(settings, run).items()}
    maps: dict[str, torch.Tensor] = {}
    cnn.forward(settings, weights, inputs, lambda name, signal: maps.setdefault(name, signal))
    with Trace(path) as trace:
        scene = seen(trace)
        for layer in range(1, layers + 1):
            name = f"map.{layer}"
            (slope,) = torch.autograd.grad(maps[name][:, -1].square().sum(), inputs, retain_graph=True)
            measured = int((slope[:, :, 0] != 0).any(0).sum())
            assert reaches(trace, name) == measured
            drawn = views()["strip"].picture(scene, {"signal": name})
            assert set(drawn.reaches.values()) == {measured}
            assert all(drawn.figure.data[number].type == "heatmap" for number in drawn.reaches)
            assert f"the {measured} values" in drawn.how


def test_the_sliding_kernels_map_reaches_over_the_kernel(tmp_path):
    series = wave()
    path = kept(series, small(series, "cnn", {"kernel": 4, "layers": 1}), tmp_path)
    work(path)
    with Trace(path) as trace:
        drawn = views()["convolution"].picture(seen(trace), {})
        maps = {one.trace for one in drawn.bindings if one.source == "map.1"}
        assert drawn.reaches == dict.fromkeys(maps, 4)


def test_a_recurrent_state_states_no_reach(tmp_path):
    series = wave()
    path = kept(series, small(series, "rnn"), tmp_path)
    work(path)
    with Trace(path) as trace:
        assert views()["strip"].picture(seen(trace), {}).reaches == {}
