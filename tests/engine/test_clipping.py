"""The geometry of clipping: losses by plain passes, arrows by the definitions, norms as they were recorded."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.clipping import GRID, KINDS, NUMBERS, clip_signals
from engine.contract import models
from engine.looking import look_at
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare
from engine.training.clipping import value_limit
from engine.training.parameters import split
from engine.training.windows import Windows
from engine.worker import work
from tests.makers import kept, small, wave

UPDATE = 7


@pytest.fixture(scope="module", params=[0.05, 100.0], ids=["clipped", "not clipped"])
def seen(request, tmp_path_factory):
    series = wave()
    path = kept(series, small(series, "rnn", {"clip": request.param, "updates": 8}), tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        found = {name: values[0] for name, values in look_at(trace, [UPDATE], 0, list(clip_signals())).items()}
        yield trace, found, dict(zip(NUMBERS, found["clip numbers"], strict=True))


def plain(trace, weights):
    """The loss of the update's batch, and its gradient, in float64."""
    run = trace.run
    network = models()[run.model].fit.args[0]
    settings = network.settings.model_validate(run.settings)
    windows = Windows(prepare(run, trace.series), settings.batch, torch.device("cpu"))
    inputs, targets = (part.double() for part in windows.at(UPDATE))
    flat = torch.tensor(weights, dtype=torch.float64, requires_grad=True)
    loss = (network.forward(settings, split(flat, network.shapes(settings, run)), inputs) - targets).square().mean()
    loss.backward()
    return loss.item(), flat.grad.numpy()


def test_the_middle_is_where_the_update_began_and_its_norm_was_recorded(seen):
    trace, found, numbers = seen
    before = trace.stack("weights", [UPDATE - 1])[0]
    loss, gradient = plain(trace, before)
    assert found["clip surface"][GRID // 2, GRID // 2] == pytest.approx(loss, rel=1e-5)
    assert found["clip surface"][GRID // 2, GRID // 2] == pytest.approx(trace.frame(UPDATE).loss, rel=1e-5)
    assert numbers["norm"] == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
    assert numbers["norm"] == pytest.approx(trace.frame(UPDATE).norm, rel=1e-4)
    size = np.abs(gradient)
    assert int(numbers["first"]) == size.argmax()
    assert abs(size[int(numbers["second"])] - size.max() / 3) == pytest.approx(np.abs(size - size.max() / 3).min())


def test_every_point_is_the_loss_with_those_two_weights_changed(seen):
    trace, found, numbers = seen
    for down, right in ((0, 0), (3, GRID - 1), (GRID - 1, 5)):
        weights = trace.stack("weights", [UPDATE - 1])[0].astype(np.float64)
        weights[int(numbers["first"])] = found["clip across"][0, right]
        weights[int(numbers["second"])] = found["clip across"][1, down]
        assert found["clip surface"][down, right] == pytest.approx(plain(trace, weights)[0], rel=1e-4)


def test_the_norm_keeps_the_direction_and_single_numbers_turn_it(seen):
    trace, found, numbers = seen
    _, gradient = plain(trace, trace.stack("weights", [UPDATE - 1])[0])
    chosen = [int(numbers["first"]), int(numbers["second"])]
    raw, by_norm, by_value = found["clip arrows"] / numbers["times"]
    assert len(KINDS) == 3
    np.testing.assert_allclose(raw, -gradient[chosen], rtol=1e-3)
    np.testing.assert_allclose(by_norm, raw * numbers["threshold"] / numbers["norm"], rtol=1e-6)
    np.testing.assert_allclose(by_value, np.clip(raw, -numbers["limit"], numbers["limit"]), rtol=1e-6)
    clip = trace.run.settings["clip"]
    assert numbers["threshold"] == pytest.approx(clip if clip < numbers["norm"] else numbers["norm"] / 2)
    cut = np.clip(gradient, -numbers["limit"], numbers["limit"])
    assert np.linalg.norm(cut) == pytest.approx(numbers["threshold"], rel=1e-3)


def test_a_limit_leaves_the_length_that_was_asked_for():
    gradient = np.random.default_rng(0).normal(size=50)
    for length in (0.1, 2.0, np.linalg.norm(gradient)):
        limit = value_limit(gradient, length)
        assert np.linalg.norm(np.clip(gradient, -limit, limit)) == pytest.approx(length)


def test_nothing_led_to_update_0(seen):
    trace, _, _ = seen
    assert np.isnan(look_at(trace, [0], 0, ["clip surface"])["clip surface"]).all()
