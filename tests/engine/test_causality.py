"""No network sees a later input, and a convolution sees as far back as it says."""

from __future__ import annotations

import pytest
import torch

from engine.models import cnn, cnn_rnn, gru, lstm, rnn, seq2seq
from tests.engine.passes import BATCH, HORIZON, WINDOW, Seen, made, told
from tests.makers import small, wave

CAUSAL = [
    (rnn, rnn.RNNSettings(hidden=4, layers=2, layer_norm=True, topology="sequence-to-sequence")),
    (lstm, lstm.LSTMSettings(hidden=4, topology="sequence-to-sequence")),
    (gru, gru.GRUSettings(hidden=4, topology="sequence-to-sequence")),
    (cnn, cnn.CNNSettings(hidden=4)),
    (cnn, cnn.CNNSettings(hidden=4, gated=True)),
    (cnn_rnn, cnn_rnn.CNNRNNSettings(hidden=4, topology="sequence-to-sequence")),
    (seq2seq, seq2seq.Seq2SeqSettings(hidden=4)),
]


@pytest.mark.parametrize(("module", "settings"), CAUSAL)
def test_no_signal_and_no_forecast_sees_a_later_input(module, settings):
    weights, inputs, forecast, before = made(module, settings, 1)
    inputs[:, 7:] = 1e9
    seen = Seen()
    after = module.forward(settings, weights, inputs, seen, told())
    for name, values in before.items():
        if not name.startswith("decoder"):  # its time is the horizon: it comes after the whole window
            assert torch.equal(torch.stack(seen.values[name])[:7], values[:7])
    assert not settings.every or torch.equal(after[:, :7], forecast[:, :7])


@pytest.mark.parametrize("gated", [False, True])
@pytest.mark.parametrize(("layers", "kernel"), [(1, 2), (2, 2), (2, 3), (1, 9)])
def test_the_receptive_field_measured_by_gradient_is_the_one_stated(gated, layers, kernel):
    settings = cnn.CNNSettings(hidden=16, layers=layers, kernel=kernel, gated=gated)
    run = small(wave(), window=WINDOW, horizon=HORIZON)
    weights = {n: torch.tensor(w) for n, w in cnn.initial(settings, run).items()}
    inputs = torch.randn(BATCH, WINDOW, 1, generator=torch.Generator().manual_seed(0), requires_grad=True)
    cnn.forward(settings, weights, inputs).square().sum().backward()
    reached = (inputs.grad[:, :, 0] != 0).any(0)
    assert reached.sum() == settings.receptive_field < WINDOW
    assert reached[-settings.receptive_field :].all()
