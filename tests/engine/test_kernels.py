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
from engine.explaining.moment import Moment
from engine.forking import fork
from engine.kernels import path, recurrence
from engine.kernels import rnn as kernel
from engine.kernels.elementwise import sigma_all, tanh_all
from engine.kernels.path import Compiled
from engine.models import lstm, rnn
from engine.nouns.runfile import KEYFRAME_EVERY
from engine.nouns.trace import Trace
from engine.replaying import difference, path_of, promise, sub_steps
from engine.training import device
from engine.training.parameters import uniform
from engine.training.recurrent import of_layer
from engine.worker import Worker, work
from tests.makers import kept, small, wave

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
        "device.settle('compiled')\n"
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


def test_a_run_says_which_path_it_took(tmp_path):
    series = wave()
    taken = [
        ("lstm", {}, "compiled"),
        ("lstm", {"layer_norm": True}, "compiled"),
        ("rnn", {}, "compiled"),
        ("rnn", {"activation": "relu"}, "plain"),
        ("rnn", {"layer_norm": True}, "plain"),
        ("cnn_rnn", {}, "compiled"),
        ("cnn_rnn", {"cell": "gru"}, "plain"),
        ("gru", {}, "plain"),
        ("seq2seq", {"cell": "lstm"}, "plain"),
        ("cnn", {}, "plain"),
    ]
    for model, settings, expected in taken:
        file = kept(series, small(series, model, settings), tmp_path)
        work(file)
        with Trace(file) as trace:
            assert trace.facts["path"] == expected


def test_without_numba_training_is_plain(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "engine.kernels.compiling", None)
    monkeypatch.delattr("engine.kernels.compiling", raising=False)
    assert not path.ready()
    series = wave()
    file = kept(series, small(series), tmp_path)
    work(file)
    with Trace(file) as trace:
        assert trace.status.state == "finished"
        assert trace.facts["path"] == "plain"


@pytest.mark.parametrize("began", ["plain", "compiled"])
def test_a_run_keeps_the_path_it_began_with(began, tmp_path, monkeypatch):
    series = wave()
    whole, halved = (tmp_path / name for name in ("whole", "halved"))
    whole.mkdir(), halved.mkdir()
    compiled = []
    monkeypatch.setattr("engine.worker.make_ready", lambda: compiled.append(1))
    monkeypatch.setattr("engine.worker.ready", lambda: began == "compiled")
    one, other = (kept(series, small(series), folder) for folder in (whole, halved))
    work(one)
    interrupted = Worker(other)
    interrupted.progress = lambda frame: interrupted.interrupt() if frame.step == 7 else None
    interrupted.work()
    monkeypatch.setattr("engine.worker.ready", lambda: began == "plain")  # the other way round when it goes on
    work(other)
    assert len(compiled) == (began == "compiled")
    with Trace(one) as first, Trace(other) as second:
        assert first.facts["path"] == second.facts["path"] == began
        assert second.status.state == "finished"
        assert any("being compiled" in text for _, text in second.log) == (began == "compiled")
        np.testing.assert_array_equal(first.stack("weights", first.steps), second.stack("weights", second.steps))


def trained(tmp_path, updates=2 * KEYFRAME_EVERY + 7, **settings):
    """The file of a finished run."""
    series = wave()
    file = kept(series, small(series, settings={"updates": updates, **settings}), tmp_path)
    work(file)
    return file


def test_a_page_replays_each_run_on_the_path_it_was_trained_on(tmp_path, monkeypatch):
    compiled = trained(tmp_path)
    monkeypatch.setattr("engine.worker.ready", lambda: False)
    plain = trained(tmp_path, clip=0.5)
    device.settle()  # as the process that answers
    for file, expected in ((compiled, "compiled"), (plain, "plain")):
        with Trace(file) as trace:
            assert trace.facts["path"] == expected
            assert promise(trace) is None
            for step in (0, 1, 31, KEYFRAME_EVERY, 2 * KEYFRAME_EVERY + 7):
                assert difference(trace, step) == 0
                if step:
                    np.testing.assert_array_equal(sub_steps(trace, step).after, trace.stack("weights", [step])[0])
            assert device.facts()["path"] == "plain"


def test_the_other_path_would_differ_in_the_last_bits(tmp_path):
    with Trace(trained(tmp_path)) as trace:
        trace.facts["path"] = "plain"
        assert 0 < difference(trace, 2 * KEYFRAME_EVERY + 7) < 1e-4


@pytest.mark.parametrize("began", ["plain", "compiled"])
def test_a_fork_goes_on_on_the_path_of_its_parent(began, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.worker.ready", lambda: began == "compiled")
    monkeypatch.setattr("engine.worker.make_ready", lambda: None)
    file = trained(tmp_path, 40)
    monkeypatch.setattr("engine.worker.ready", lambda: began == "plain")
    with Trace(file) as trace:
        longer = fork(trace, 31, {"updates": 45})
        work(longer)
        with Trace(longer) as forked:
            assert forked.facts["path"] == began
            assert promise(forked) is None
            assert [difference(forked, step) for step in (12, 31, 38, 45)] == [0] * 4
            np.testing.assert_array_equal(
                forked.stack("weights", range(41)), trace.stack("weights", range(41))
            )  # nothing was changed but the end


def test_a_fork_that_no_kernel_fits_says_that_it_is_plain(tmp_path):
    series = wave()
    file = kept(series, small(series, "rnn"), tmp_path)
    work(file)
    with Trace(file) as trace:
        bent = fork(trace, 7, {"activation": "relu"})
    work(bent)
    with Trace(bent) as trace:
        assert trace.status.state == "finished"
        assert [path_of(trace, step) for step in (7, 8)] == ["compiled", "plain"]
        assert promise(trace) is None
        assert [difference(trace, step) for step in (5, 8, 20)] == [0] * 3


def test_a_compiled_run_goes_on_without_numba_and_says_so(tmp_path, monkeypatch):
    series = wave()
    file = kept(series, small(series, settings={"updates": 60}), tmp_path)
    begun = Worker(file)
    begun.progress = lambda frame: begun.interrupt() if frame.step == 31 else None
    begun.work()
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "engine.kernels.compiling", None)
        without.delattr("engine.kernels.compiling", raising=False)
        with Trace(file) as trace:
            assert "the path was compiled and is plain" in promise(trace)
            assert difference(trace, 20) < 1e-4
        work(file)
    with Trace(file) as trace:
        assert trace.status.state == "finished"
        assert [path_of(trace, step) for step in (31, 32)] == ["compiled", "plain"]
        assert promise(trace) is None  # here is numba again
        assert [difference(trace, step) for step in (20, 31, 32, 40, 60)] == [0] * 5


def test_an_explanation_of_a_compiled_update_is_off_by_no_more_than_rounding(tmp_path):
    with Trace(trained(tmp_path, 10)) as trace:
        off = Moment(trace, 7).differences()
        assert all(away < 1e-5 for away in off.values())
        assert trace.facts["path"] == "compiled"
