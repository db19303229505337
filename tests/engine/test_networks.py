"""Every network against an independent oracle, with random weights: torch's modules, or loops in float64."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine.models import cnn, cnn_rnn, fnn, gru, lstm, rnn, seq2seq
from tests.engine.passes import BATCH, HORIZON, WINDOW, made


def plain(weights):
    """The weights as numpy has them."""
    return {name: value.numpy() for name, value in weights.items()}


def into(theirs, weights, layers):
    """Our weights in torch's module; torch keeps two biases where we have one."""
    with torch.no_grad():
        for layer in range(layers):
            getattr(theirs, f"weight_ih_l{layer}").copy_(weights[f"W_x.{layer + 1}"])
            getattr(theirs, f"weight_hh_l{layer}").copy_(weights[f"W_h.{layer + 1}"])
            getattr(theirs, f"bias_ih_l{layer}").copy_(weights[f"b.{layer + 1}"])
            getattr(theirs, f"bias_hh_l{layer}").zero_()
    return theirs


sizes = given(seed=st.integers(0, 999), layers=st.integers(1, 3), hidden=st.integers(1, 6))


@sizes
@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_rnn_equals_torchs_own(activation, seed, layers, hidden):
    settings = rnn.RNNSettings(hidden=hidden, layers=layers, activation=activation)
    weights, inputs, forecast, seen = made(rnn, settings, seed)
    kind = {"nonlinearity": activation, "batch_first": True, "dtype": torch.float64}
    theirs = into(torch.nn.RNN(1, hidden, layers, **kind), weights, layers)
    output, last = theirs(inputs)
    torch.testing.assert_close(seen[f"hidden.{layers}"], output.transpose(0, 1))
    torch.testing.assert_close(forecast, last[-1] @ weights["W_y"].T + weights["b_y"])


@sizes
def test_lstm_without_norm_equals_torchs_own(seed, layers, hidden):
    settings = lstm.LSTMSettings(hidden=hidden, layers=layers)
    weights, inputs, forecast, seen = made(lstm, settings, seed)
    theirs = into(torch.nn.LSTM(1, hidden, layers, batch_first=True, dtype=torch.float64), weights, layers)
    output, (last, cell) = theirs(inputs)
    torch.testing.assert_close(seen[f"hidden.{layers}"], output.transpose(0, 1))
    torch.testing.assert_close(seen[f"cell.{layers}"][-1], cell[-1])
    torch.testing.assert_close(forecast, last[-1] @ weights["W_y"].T + weights["b_y"])


@sizes
def test_gru_equals_torchs_own(seed, layers, hidden):
    settings = gru.GRUSettings(hidden=hidden, layers=layers)
    weights, inputs, forecast, seen = made(gru, settings, seed)
    theirs = into(torch.nn.GRU(1, hidden, layers, batch_first=True, dtype=torch.float64), weights, layers)
    with torch.no_grad():  # the one bias that cannot be merged: it stands inside the reset gate's product
        for layer in range(layers):
            getattr(theirs, f"bias_hh_l{layer}")[2 * hidden :] = weights[f"b_h.{layer + 1}"]
    output, last = theirs(inputs)
    torch.testing.assert_close(seen[f"hidden.{layers}"], output.transpose(0, 1))
    torch.testing.assert_close(forecast, last[-1] @ weights["W_y"].T + weights["b_y"])


@given(seed=st.integers(0, 999), hidden=st.integers(1, 6))
def test_gru_gates_are_those_of_the_formula(seed, hidden):
    weights, inputs, _, seen = made(gru, gru.GRUSettings(hidden=hidden), seed)
    w, h = plain(weights), np.zeros(hidden)
    for t in range(WINDOW):
        driven, remembered = w["W_x.1"] @ inputs[0, t].numpy() + w["b.1"], w["W_h.1"] @ h
        r, z = (
            sigma(driven[i * hidden : (i + 1) * hidden] + remembered[i * hidden : (i + 1) * hidden]) for i in (0, 1)
        )
        n = np.tanh(driven[2 * hidden :] + r * (remembered[2 * hidden :] + w["b_h.1"]))
        h = (1 - z) * n + z * h
        for name, value in {"reset_gate": r, "update_gate": z, "candidate": n, "hidden": h}.items():
            np.testing.assert_allclose(seen[f"{name}.1"][t, 0], value, atol=1e-12)


@given(seed=st.integers(0, 999), layers=st.integers(1, 3), activation=st.sampled_from(["tanh", "relu"]))
def test_fnn_equals_torchs_linear_layers(seed, layers, activation):
    settings = fnn.FNNSettings(hidden=5, layers=layers, activation=activation)
    weights, inputs, forecast, seen = made(fnn, settings, seed)
    bend, a = {"tanh": torch.nn.Tanh(), "relu": torch.nn.ReLU()}[activation], inputs[:, :, 0]
    for layer in range(1, layers + 1):
        one = torch.nn.Linear(a.shape[1], 5, dtype=torch.float64)
        one.load_state_dict({"weight": weights[f"W.{layer}"], "bias": weights[f"b.{layer}"]})
        a = bend(one(a))
        torch.testing.assert_close(seen[f"layer.{layer}"][0], a)
    torch.testing.assert_close(forecast, a @ weights["W_y"].T + weights["b_y"])


def sigma(z):
    return 1 / (1 + np.exp(-z))


def norm(values, gain, shift):
    return gain * (values - values.mean()) / np.sqrt(values.var() + 1e-5) + shift


@given(seed=st.integers(0, 999), hidden=st.integers(2, 6))
def test_layernorm_lstm_equals_its_formula_in_float64(seed, hidden):
    settings = lstm.LSTMSettings(hidden=hidden, layer_norm=True)
    weights, inputs, _, seen = made(lstm, settings, seed)
    w = plain(weights)
    for row in range(BATCH):
        h, c = np.zeros(hidden), np.zeros(hidden)
        for t in range(WINDOW):
            z = w["W_x.1"] @ inputs[row, t].numpy() + w["W_h.1"] @ h + w["b.1"]
            i, f, g, o = np.split(norm(z, w["gain_z.1"], w["shift_z.1"]), 4)
            c = sigma(f) * c + sigma(i) * np.tanh(g)
            h = sigma(o) * np.tanh(norm(c, w["gain_c.1"], w["shift_c.1"]))
            np.testing.assert_allclose(seen["cell.1"][t, row], c, atol=1e-12)
            np.testing.assert_allclose(seen["hidden.1"][t, row], h, atol=1e-12)


@given(seed=st.integers(0, 999), hidden=st.integers(2, 6), activation=st.sampled_from(["tanh", "relu"]))
def test_layernorm_rnn_equals_its_formula_in_float64(seed, hidden, activation):
    settings = rnn.RNNSettings(hidden=hidden, layer_norm=True, activation=activation)
    weights, inputs, _, seen = made(rnn, settings, seed)
    w, h = plain(weights), np.zeros(hidden)
    for t in range(WINDOW):
        z = norm(w["W_x.1"] @ inputs[0, t].numpy() + w["W_h.1"] @ h + w["b.1"], w["gain_z.1"], w["shift_z.1"])
        h = np.tanh(z) if activation == "tanh" else np.maximum(z, 0)
        np.testing.assert_allclose(seen["hidden.1"][t, 0], h, atol=1e-12)


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


@given(seed=st.integers(0, 999), layers=st.integers(1, 3))
def test_gated_convolutions_equal_torchs_own_wired_as_in_wavenet(seed, layers):
    C, K = 3, 2
    weights, inputs, forecast, seen = made(cnn, cnn.CNNSettings(hidden=C, layers=layers, kernel=K, gated=True), seed)
    conv, x, total = torch.nn.functional.conv1d, inputs.transpose(1, 2), 0
    x = conv(x, weights["mix"])
    for layer in range(1, layers + 1):
        step, (kernel, bias) = 2 ** (layer - 1), (weights[f"kernel.{layer}"], weights[f"b.{layer}"])
        # padded on both sides and cut, as a causal convolution is often written
        both = conv(x, kernel, bias, padding=(K - 1) * step, dilation=step)[:, :, :WINDOW]
        z = torch.nn.functional.glu(torch.cat([both[:, :C].tanh(), both[:, C:]], 1), 1)  # first half x sigma(second)
        torch.testing.assert_close(seen[f"map.{layer}"], z.permute(2, 0, 1))
        total = total + conv(z, weights[f"skip.{layer}"])
        x = x + conv(z, weights[f"residual.{layer}"]) if layer < layers else x
    torch.testing.assert_close(forecast, total[:, :, -1].relu() @ weights["W_y"].T + weights["b_y"])


@pytest.mark.parametrize(("cell", "theirs"), [("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM)])
@given(seed=st.integers(0, 999))
def test_cnn_rnn_is_a_convolution_and_torchs_own_after_it(cell, theirs, seed):
    weights, inputs, forecast, seen = made(cnn_rnn, cnn_rnn.CNNRNNSettings(hidden=4, cell=cell, kernel=3), seed)
    conv = torch.nn.Conv1d(1, 4, 3, padding=2, dtype=torch.float64)
    conv.load_state_dict({"weight": weights["kernel.0"], "bias": weights["b.0"]})
    maps = conv(inputs.transpose(1, 2))[:, :, :WINDOW].relu().transpose(1, 2)
    torch.testing.assert_close(seen["map.0"], maps.transpose(0, 1))
    output, _ = into(theirs(4, 4, batch_first=True, dtype=torch.float64), weights, 1)(maps)
    torch.testing.assert_close(seen["hidden.1"], output.transpose(0, 1))
    torch.testing.assert_close(forecast, output[:, -1] @ weights["W_y"].T + weights["b_y"])


def side(weights, prefix):
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


@pytest.mark.parametrize("fed", [False, True])
@sizes
def test_encoder_and_decoder_equal_two_of_torchs_own(fed, seed, layers, hidden):
    settings = seq2seq.Seq2SeqSettings(hidden=hidden, layers=layers, cell="lstm")
    weights, inputs, forecast, seen = made(seq2seq, settings, seed, fed)
    encoder, decoder = (
        into(torch.nn.LSTM(1, hidden, layers, batch_first=True, dtype=torch.float64), side(weights, name), layers)
        for name in ("encoder_", "decoder_")
    )
    output, state = encoder(inputs)
    torch.testing.assert_close(seen[f"encoder.{layers}"], output.transpose(0, 1))
    random = np.random.default_rng(seed)
    random.normal(size=(BATCH, WINDOW, 1))
    truth = torch.tensor(random.normal(size=(BATCH, HORIZON)))
    value = inputs[:, -1:]
    for j in range(HORIZON):
        output, state = decoder(value, state)
        torch.testing.assert_close(seen[f"decoder.{layers}"][j], output[:, 0])
        y = output[:, 0] @ weights["W_y"].T + weights["b_y"]
        torch.testing.assert_close(forecast[:, j : j + 1], y)
        value = truth[:, j, None, None] if fed else y[:, None]


@given(seed=st.integers(0, 999))
def test_vector_to_sequence_starts_from_one_layer_on_the_whole_window(seed):
    settings = seq2seq.Seq2SeqSettings(hidden=3, layers=2, cell="rnn", topology="vector-to-sequence")
    weights, inputs, forecast, _ = made(seq2seq, settings, seed)
    w = plain(weights)
    start = np.tanh(w["W_0"] @ inputs[0, :, 0].numpy() + w["b_0"])
    first, second, value = start[:3], start[3:], inputs[0, -1].numpy()
    for j in range(HORIZON):
        first = np.tanh(w["decoder_W_x.1"] @ value + w["decoder_W_h.1"] @ first + w["decoder_b.1"])
        second = np.tanh(w["decoder_W_x.2"] @ first + w["decoder_W_h.2"] @ second + w["decoder_b.2"])
        value = w["W_y"] @ second + w["b_y"]
        np.testing.assert_allclose(forecast[0, j].numpy(), value[0], atol=1e-12)
