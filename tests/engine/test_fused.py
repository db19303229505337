"""Whole updates by kernels against the plain equations, in float64 and to the bit where they only move numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.contract import models
from engine.kernels import descent
from engine.kernels.batch import gather
from engine.kernels.head import COSTS
from engine.preparing.losses import LOSSES
from engine.preparing.prepare import prepare
from engine.training import device
from engine.training.fused import Fused
from engine.training.loop import Training
from engine.training.model import network_of
from engine.training.parameters import Parameters
from engine.training.windows import Windows
from tests.makers import accompanied, small, wave

CPU = torch.device("cpu")
CELLS = {"rnn": ("rnn", {}), "lstm": ("lstm", {}), "layer norm": ("lstm", {"layer_norm": True})}


def plain(training, starts):
    """The loss and the gradients by name of that batch: torch's, in float64."""
    inputs, targets = training.windows.take(starts)
    ahead = training.windows.ahead(starts)
    weights = {name: view.detach().double().requires_grad_() for name, view in training.parameters.views.items()}
    ahead = ahead._replace(known=ahead.known.double())
    forecast = training.network.forward(training.settings, weights, inputs.double(), ahead=ahead)
    loss = training.cost(forecast - targets.double()).mean()
    loss.backward()
    return loss.item(), forecast.detach(), {name: weight.grad for name, weight in weights.items()}


@pytest.mark.parametrize("cell", CELLS)
@given(
    seed=st.integers(0, 999), layers=st.integers(1, 3), hidden=st.integers(1, 20), batch=st.integers(1, 20),
    horizon=st.integers(1, 4), window=st.integers(1, 9), topology=st.sampled_from(["vector", "sequence"]),
    loss=st.sampled_from(COSTS), beside=st.booleans(), anchor=st.sampled_from(["change", "level"]),
)  # fmt: skip
def test_loss_and_gradient_equal_the_plain_equations_in_float64(
    cell, seed, layers, hidden, batch, horizon, window, topology, loss, beside, anchor
):
    model, own = CELLS[cell]
    settings = {"layers": layers, "hidden": hidden, "batch": batch, "loss": loss, "topology": f"sequence-to-{topology}"}
    series = accompanied(60, horizon) if beside else wave(60)
    run = small(series, model, {**settings, **own}, seed=seed, window=window, horizon=horizon, anchor=anchor)
    training = Training(network_of(model), run, series, None)
    fused = Fused(training.network.kernel(training.settings), training.settings, training.windows, training.parameters)
    starts = np.random.default_rng(seed).permutation(training.windows.training)[:batch]
    expected, forecast, gradients = plain(training, starts)
    training.parameters.gradient.fill_(float("nan"))  # every number of it is to be written
    assert fused.learn(starts) == pytest.approx(expected, rel=1e-5, abs=1e-6)
    torch.testing.assert_close(fused.forecast.double(), forecast, rtol=1e-5, atol=1e-5)
    size = max(gradient.norm().item() for gradient in gradients.values())
    for name, true in gradients.items():
        away = (training.parameters.gradients[name].double() - true).norm().item()
        assert away <= 1e-4 * true.norm().item() + 2e-5 * size, name


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("anchor", ["change", "level"])
def test_a_gathered_batch_is_what_windows_take_to_the_bit(every, anchor):
    series = accompanied()
    run = small(series, anchor=anchor)
    windows = Windows(prepare(run, series), 8, CPU, every)
    starts, H, T, S = windows.starts(1), 5, run.window, run.window if every else 1
    seen = np.full((T + 1, H + 4, 8), np.nan, np.float32)
    targets, told = np.empty((S, run.horizon, 8), np.float32), np.empty((S, run.horizon, 1, 8), np.float32)
    known = windows.known.contiguous().numpy()
    columns = windows.scaled.numpy(), windows.covariates.numpy(), known
    gather(*columns, starts, anchor == "change", seen, targets, told)
    inputs, later = windows.take(starts)
    np.testing.assert_array_equal(seen[:T, H:-1].transpose(2, 0, 1), inputs)
    np.testing.assert_array_equal(seen[:T, -1], 1)
    assert np.isnan(seen[:, :H]).all()
    np.testing.assert_array_equal(
        targets.transpose(2, 0, 1).squeeze(1) if S == 1 else targets.transpose(2, 0, 1), later
    )
    ahead = told.transpose(3, 0, 1, 2)
    np.testing.assert_array_equal(ahead.squeeze(1) if S == 1 else ahead, windows.ahead(starts).known)


@given(st.integers(0, 99), st.integers(1, 2000))
def test_adam_equals_torchs_own_in_float64(seed, update):
    random = np.random.default_rng(seed)
    flat, gradient, mean, square = (random.normal(size=37).astype(np.float32) for _ in range(4))
    square **= 2
    true = torch.from_numpy(flat.astype(np.float64)).requires_grad_()
    true.grad = torch.from_numpy(gradient.astype(np.float64))
    adam = torch.optim.Adam([true], lr=0.01)
    adam.state[true] = {
        "step": torch.tensor(float(update - 1)),
        "exp_avg": torch.from_numpy(mean.astype(np.float64)), "exp_avg_sq": torch.from_numpy(square.astype(np.float64)),
    }  # fmt: skip
    adam.step()
    descent.adam(flat, gradient, mean, square, (0.9, 0.999), 1e-8, 0.01, update)
    np.testing.assert_allclose(flat, true.detach(), rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(mean, adam.state[true]["exp_avg"], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(square, adam.state[true]["exp_avg_sq"], rtol=1e-5, atol=1e-6)


def test_norms_are_those_of_each_parameter():
    parameters = Parameters({"a": (3, 4), "b": (5,)}, np.zeros(17, np.float32), CPU)
    parameters.gradient.copy_(torch.randn(17, generator=torch.Generator().manual_seed(0)))
    found = descent.norms(parameters.gradient.numpy(), np.array([12, 17]))
    np.testing.assert_allclose(found, list(parameters.norms().values()), rtol=1e-6)


@pytest.mark.parametrize(
    ("model", "settings", "expected"),
    [
        ("rnn", {}, "fused"),
        ("lstm", {"layer_norm": True}, "fused"),
        ("rnn", {"activation": "relu"}, "plain"),
        ("rnn", {"head": False, "hidden": 3}, "compiled"),
        ("cnn_rnn", {}, "compiled"),
        ("gru", {}, "plain"),
    ],
)
def test_a_training_takes_the_fastest_path_its_network_can(model, settings, expected):
    series = wave()
    run = small(series, model, settings)
    assert models()[model].describe(run, series).path == expected
    for path in ("plain", "compiled", "fused"):
        with device.on(path):
            assert bool(Training(network_of(model), run, series, None).fused) == (path == expected == "fused")


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("optimiser", ["adam", "momentum", "sgd"])
def test_fused_training_goes_where_plain_training_goes(loss, optimiser):
    series = accompanied()
    run = small(series, "lstm", {"loss": loss, "optimiser": optimiser, "clip": 0.3, "layers": 2})
    ways = []
    for path in ("plain", "fused", "fused"):
        with device.on(path):
            ways.append(list(models()["lstm"].fit(run, series)))
    for plainly, fused, again in zip(*ways, strict=True):
        np.testing.assert_array_equal(fused.signals["weights"], again.signals["weights"])
        np.testing.assert_allclose(fused.signals["weights"], plainly.signals["weights"], atol=2e-3)
        np.testing.assert_allclose(fused.norm, plainly.norm, rtol=1e-2)
        assert fused.events == plainly.events
