"""The compiled layers against the plain equations they stand for, and the laws of the path that a run takes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.contract import models
from engine.kernels import recurrence
from engine.kernels import rnn as kernel
from engine.kernels.elementwise import sigma_all, tanh_all
from engine.kernels.path import Compiled
from engine.models import lstm, rnn
from engine.training import device
from engine.training.parameters import uniform
from engine.training.recurrent import of_layer
from tests.makers import small, wave

ROOT = Path(__file__).resolve().parent.parent.parent
CELLS = {
    "rnn": ("rnn", {}),
    "lstm": ("lstm", {}),
    "layer norm": ("lstm", {"layer_norm": True}),
    "every step": ("lstm", {"topology": "sequence-to-sequence"}),
    "after a convolution": ("cnn_rnn", {"cell": "rnn"}),
}
CELL = {"rnn": rnn.CELL, "lstm": lstm.CELL}


@pytest.fixture
def on_compiled_path():
    device.settle("compiled")
    yield
    device.settle()


def parts(cell, layers, hidden, seed):
    """The network, its settings, and random float32 weights."""
    model, own = CELLS[cell]
    network = models()[model].fit.args[0]
    settings = network.settings(hidden=hidden, layers=layers, **own)
    shapes = network.shapes(settings, small(wave(), model))
    drawn = uniform(shapes, dict.fromkeys(shapes, 2), seed)
    return network, settings, {name: torch.from_numpy(values).requires_grad_() for name, values in drawn.items()}


def results(network, settings, weights, inputs, tap, dtype=torch.float32):
    """The forecast and the gradients by name (inputs among them) of some loss."""
    weights = {name: value.detach().to(dtype).requires_grad_() for name, value in weights.items()}
    inputs = inputs.detach().to(dtype).requires_grad_()
    forecast = network.forward(settings, weights, inputs, tap)
    (forecast * torch.linspace(-1, 2, forecast.numel(), dtype=dtype).view_as(forecast)).sum().backward()
    return forecast.detach(), {"inputs": inputs.grad} | {name: value.grad for name, value in weights.items()}


def looked_at(name, value, t=None):
    """Any tap that is not training's own."""
    return value


@pytest.mark.parametrize("cell", CELLS)
@given(
    seed=st.integers(0, 999), layers=st.integers(1, 2), hidden=st.integers(2, 40), batch=st.integers(1, 40),
    steps=st.integers(1, 12),
)  # fmt: skip
def test_compiled_equals_the_plain_equations_in_float64(cell, seed, layers, hidden, batch, steps):
    network, settings, weights = parts(cell, layers, hidden, seed)
    inputs = torch.tensor(np.random.default_rng(seed).normal(size=(batch, steps, 1)), dtype=torch.float32)
    forecast, gradients = results(network, settings, weights, inputs, Compiled())
    true_forecast, true_gradients = results(network, settings, weights, inputs, looked_at, torch.float64)
    size = true_forecast.abs().max().item()
    torch.testing.assert_close(forecast.double(), true_forecast, rtol=1e-5, atol=1e-5 * size)
    for name, true in true_gradients.items():
        away = (gradients[name].double() - true).norm().item()
        assert away <= 1e-4 * true.norm().item() + 1e-5 * size, name


@pytest.mark.parametrize("name", ["rnn", "lstm"])
def test_every_state_is_handed_out_and_takes_its_gradient(name):
    _, settings, weights = parts(name, 1, 5, 0)
    own, blocks = of_layer(CELL[name], settings, weights, 1), {"rnn": 1, "lstm": 4}[name]
    assert own["W_x"].shape == (blocks * 5, 1)
    inputs = torch.randn(3, 7, 1, generator=torch.Generator().manual_seed(0))
    hidden, state = getattr(recurrence, name)(own, inputs)
    torch.testing.assert_close(hidden[:, -1], state[0], rtol=0, atol=0)
    of_state = torch.autograd.grad(sum(s.square().sum() for s in state), own["W_h"])[0]
    seen = {}

    def keep(signal, value, t=None):
        seen.setdefault(signal.split(".")[0], []).append(value)
        return value

    models()[name].fit.args[0].forward(settings, weights, inputs, keep)
    torch.testing.assert_close(hidden, torch.stack(seen["hidden"], 1), rtol=1e-5, atol=1e-6)
    plain = sum(seen[state_name][-1].square().sum() for state_name in CELL[name].states)
    torch.testing.assert_close(of_state, torch.autograd.grad(plain, own["W_h"])[0], rtol=1e-4, atol=1e-6)


def test_adjoints_sum_over_time_to_the_gradient_and_equal_autograds():
    T, H, B = 9, 4, 3
    random = np.random.default_rng(0)
    W_x, W_h, b = (random.normal(size=shape).astype(np.float32) / 2 for shape in ((H, 1), (H, H), (H,)))
    seen = np.empty((T + 1, H + 2, B), np.float32)
    seen[:, H], seen[:, H + 1] = random.normal(size=(T + 1, B)), 1
    kernel.forward(np.concatenate([W_h, W_x, b[:, None]], 1), seen)
    dh = np.zeros((T, H, B), np.float32)
    dh[-1] = 1
    d_joined = kernel.backward(W_x, W_h, seen, dh, np.empty((T, 0, B), np.float32))
    h, states = torch.zeros(B, H), []
    for t in range(T):
        h = torch.tanh(torch.from_numpy(seen[t, H, :, None] * W_x[:, 0] + b) + h @ torch.from_numpy(W_h).T)
        states.append(h.requires_grad_())
    adjoints = torch.autograd.grad(h.sum(), states)
    np.testing.assert_allclose(dh.transpose(0, 2, 1), torch.stack(adjoints), rtol=1e-4, atol=1e-6)
    dz = dh * (1 - seen[1:, :H] ** 2)
    np.testing.assert_allclose(d_joined, sum(dz[t] @ seen[t].T for t in range(T)), rtol=1e-5, atol=1e-6)


@given(st.lists(st.floats(-30, 30, width=32), min_size=1))
def test_tanh_and_sigma_are_right_to_a_float32(values):
    block = np.array(values, np.float32)
    exact = block.astype(np.float64)
    for compiled, true in ((tanh_all, np.tanh(exact)), (sigma_all, 1 / (1 + np.exp(-exact)))):
        ours = block.copy()
        compiled(ours)
        np.testing.assert_allclose(ours, true, atol=4e-7)


def test_what_is_no_number_stays_none():
    block = np.array([np.nan, 1], np.float32)
    tanh_all(block)
    assert np.isnan(block[0])
    assert not np.isnan(block[1])


def test_a_second_backward_is_refused():
    _, settings, weights = parts("lstm", 1, 3, 0)
    hidden, _ = recurrence.lstm(of_layer(lstm.CELL, settings, weights, 1), torch.ones(2, 4, 1))
    hidden.sum().backward()
    with pytest.raises(RuntimeError, match="second time"):
        hidden.sum().backward()


@pytest.mark.parametrize("cell", CELLS)
def test_a_look_inside_takes_the_plain_path(cell, on_compiled_path, monkeypatch):
    model, own = CELLS[cell]
    series = wave()
    run = small(series, model, own)
    (*_, last) = models()[model].fit(run, series)
    monkeypatch.setattr(recurrence, "lstm", None)
    monkeypatch.setattr(recurrence, "rnn", None)
    (frame,) = models()[model].observe(run, series, [last])
    assert np.abs(frame.signals["gradient/hidden.1"]).sum() > 0


@pytest.mark.parametrize("cell", CELLS)
def test_compiled_training_goes_where_plain_training_goes(cell, on_compiled_path):
    model, own = CELLS[cell]
    series = wave()
    run = small(series, model, {**own, "layers": 2})
    compiled = list(models()[model].fit(run, series))
    again = list(models()[model].fit(run, series))
    device.settle()
    for one, other, plain in zip(compiled, again, models()[model].fit(run, series), strict=True):
        np.testing.assert_array_equal(one.signals["weights"], other.signals["weights"])
        np.testing.assert_allclose(one.signals["weights"], plain.signals["weights"], atol=2e-3)
        np.testing.assert_allclose(one.norm, plain.norm, rtol=1e-2)


@pytest.mark.parametrize("threads", [1, 2])
def test_bits_repeat_in_other_processes_with_one_and_with_two_threads(threads):
    script = (
        "import hashlib, torch\n"
        "from engine.contract import models\n"
        "from engine.training import device\n"
        "from tests.makers import small, wave\n"
        f"device.THREADS = {threads}\n"
        "device.settle('fused')\n"
        "series, digest = wave(400), hashlib.sha256()\n"
        "for settings in ({}, {'layer_norm': True}):\n"
        "    run = small(series, 'lstm', {'hidden': 64, 'batch': 64, 'updates': 4, **settings}, window=24)\n"
        "    for frame in models()['lstm'].fit(run, series): digest.update(frame.signals['weights'].tobytes())\n"
        "print(torch.get_num_threads(), digest.hexdigest())"
    )
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": str(threads), "OMP_NUM_THREADS": str(threads)}
    said = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
        ).stdout
        for _ in range(2)
    }
    assert len(said) == 1
    assert said.pop().startswith(f"{threads} ")
