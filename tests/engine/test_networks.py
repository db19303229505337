"""Every network against an independent oracle, with random weights: torch's modules, or loops in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.models import cnn, lstm, rnn
from engine.training.optimisers import OPTIMISERS, clip
from engine.training.parameters import uniform
from tests.makers import small, wave

WINDOW, BATCH = 11, 3


class Seen:
    """A tap that keeps what passes, (T, B, rows) by name."""

    def __init__(self):
        self.values = {}

    def __call__(self, name, value, t=None):
        self.values.setdefault(name, []).extend([value] if t is not None else value.unbind(1))
        return value


def made(module, settings, seed):
    """Random weights in float64, random inputs, and what the network made of them."""
    run = small(wave(), settings={})
    shapes = module.shapes(settings, run)
    weights = {
        name: torch.tensor(w, dtype=torch.float64)
        for name, w in uniform(shapes, dict.fromkeys(shapes, 2), seed).items()
    }
    inputs = torch.tensor(np.random.default_rng(seed).normal(size=(BATCH, WINDOW, 1)))
    seen = Seen()
    forecast = module.forward(settings, weights, inputs, seen)
    return weights, inputs, forecast, {name: torch.stack(values) for name, values in seen.values.items()}


def into(theirs, weights, layers):
    """Our weights in torch's module; torch keeps two biases where we have one."""
    with torch.no_grad():
        for layer in range(layers):
            getattr(theirs, f"weight_ih_l{layer}").copy_(weights[f"W_x.{layer + 1}"])
            getattr(theirs, f"weight_hh_l{layer}").copy_(weights[f"W_h.{layer + 1}"])
            getattr(theirs, f"bias_ih_l{layer}").copy_(weights[f"b.{layer + 1}"])
            getattr(theirs, f"bias_hh_l{layer}").zero_()
    return theirs


@given(seed=st.integers(0, 999), layers=st.integers(1, 3), hidden=st.integers(1, 6))
def test_rnn_equals_torchs_own(seed, layers, hidden):
    settings = rnn.RNNSettings(hidden=hidden, layers=layers)
    weights, inputs, forecast, seen = made(rnn, settings, seed)
    theirs = into(torch.nn.RNN(1, hidden, layers, batch_first=True, dtype=torch.float64), weights, layers)
    output, last = theirs(inputs)
    torch.testing.assert_close(seen[f"hidden.{layers}"], output.transpose(0, 1))
    torch.testing.assert_close(forecast, last[-1] @ weights["W_y"].T + weights["b_y"])


@given(seed=st.integers(0, 999), layers=st.integers(1, 3), hidden=st.integers(1, 6))
def test_lstm_without_norm_equals_torchs_own(seed, layers, hidden):
    settings = lstm.LSTMSettings(hidden=hidden, layers=layers)
    weights, inputs, forecast, seen = made(lstm, settings, seed)
    theirs = into(torch.nn.LSTM(1, hidden, layers, batch_first=True, dtype=torch.float64), weights, layers)
    output, (last, cell) = theirs(inputs)
    torch.testing.assert_close(seen[f"hidden.{layers}"], output.transpose(0, 1))
    torch.testing.assert_close(seen[f"cell.{layers}"][-1], cell[-1])
    torch.testing.assert_close(forecast, last[-1] @ weights["W_y"].T + weights["b_y"])


def sigma(z):
    return 1 / (1 + np.exp(-z))


def norm(values, gain, shift):
    return gain * (values - values.mean()) / np.sqrt(values.var() + 1e-5) + shift


@given(seed=st.integers(0, 999), hidden=st.integers(2, 6))
def test_layernorm_lstm_equals_its_formula_in_float64(seed, hidden):
    settings = lstm.LSTMSettings(hidden=hidden, layer_norm=True)
    weights, inputs, _, seen = made(lstm, settings, seed)
    w = {name: value.numpy() for name, value in weights.items()}
    for row in range(BATCH):
        h, c = np.zeros(hidden), np.zeros(hidden)
        for t in range(WINDOW):
            z = w["W_x.1"] @ inputs[row, t].numpy() + w["W_h.1"] @ h + w["b.1"]
            i, f, g, o = np.split(norm(z, w["gain_z.1"], w["shift_z.1"]), 4)
            c = sigma(f) * c + sigma(i) * np.tanh(g)
            h = sigma(o) * np.tanh(norm(c, w["gain_c.1"], w["shift_c.1"]))
            np.testing.assert_allclose(seen["cell.1"][t, row], c, atol=1e-12)
            np.testing.assert_allclose(seen["hidden.1"][t, row], h, atol=1e-12)


@given(seed=st.integers(0, 999), kernel=st.integers(2, 4))
def test_first_convolution_equals_numpys_correlate(seed, kernel):
    settings = cnn.CNNSettings(hidden=3, layers=1, kernel=kernel)
    weights, inputs, _, seen = made(cnn, settings, seed)
    for row in range(BATCH):
        past = np.concatenate([np.zeros(kernel - 1), inputs[row, :, 0].numpy()])
        for channel in range(3):
            one = np.correlate(past, weights["kernel.1"][channel, 0].numpy(), "valid") + weights["b.1"][channel].item()
            np.testing.assert_allclose(seen["map.1"][:, row, channel], np.maximum(one, 0), atol=1e-12)


@given(seed=st.integers(0, 999), layers=st.integers(1, 3))
def test_dilated_convolutions_equal_four_plain_loops(seed, layers):
    settings = cnn.CNNSettings(hidden=3, layers=layers, kernel=3)
    weights, inputs, _, seen = made(cnn, settings, seed)
    maps = inputs[0].numpy()  # (T, channels)
    for layer in range(1, layers + 1):
        kernel, bias, step = weights[f"kernel.{layer}"].numpy(), weights[f"b.{layer}"].numpy(), 2 ** (layer - 1)
        sums = np.tile(bias, (WINDOW, 1))
        for t in range(WINDOW):
            for k in range(3):
                source = t - (2 - k) * step
                if source >= 0:
                    sums[t] += kernel[:, :, k] @ maps[source]
        maps = np.maximum(sums, 0)
        np.testing.assert_allclose(seen[f"map.{layer}"][:, 0], maps, atol=1e-12)


@pytest.mark.parametrize("module", [rnn, lstm, cnn])
def test_no_signal_sees_a_later_input(module):
    settings = {rnn: rnn.RNNSettings, lstm: lstm.LSTMSettings, cnn: cnn.CNNSettings}[module](hidden=4)
    weights, inputs, _, before = made(module, settings, 1)
    inputs[:, 7:] = 1e9
    seen = Seen()
    module.forward(settings, weights, inputs, seen)
    for name, values in before.items():
        assert torch.equal(torch.stack(seen.values[name])[:7], values[:7])


@pytest.mark.parametrize(
    ("name", "theirs"),
    [
        ("sgd", lambda p: torch.optim.SGD(p, 0.03)),
        ("momentum", lambda p: torch.optim.SGD(p, 0.03, momentum=0.9)),
        ("adam", lambda p: torch.optim.Adam(p, 0.03)),
    ],
)
def test_optimisers_agree_with_torchs(name, theirs):
    torch.manual_seed(0)
    weights = torch.randn(20)
    peer = weights.clone().requires_grad_()
    ours, other = OPTIMISERS[name](weights), theirs([peer])
    for update in range(1, 30):
        gradient = torch.randn(20)
        peer.grad = gradient.clone()
        ours.step(weights, gradient, 0.03, update)
        other.step()
        torch.testing.assert_close(weights, peer.detach(), rtol=1e-5, atol=1e-6)


@given(scale=st.floats(1e-3, 1e3), threshold=st.floats(1e-3, 1e3))
def test_clipping_multiplies_by_threshold_over_norm_or_by_one(scale, threshold):
    gradient = torch.linspace(-1, 2, 7) * scale
    norm = gradient.norm().item()
    factor = clip(gradient, norm, threshold)
    assert factor == min(1.0, threshold / norm)
    assert gradient.norm().item() == pytest.approx(min(norm, threshold), rel=1e-5)
