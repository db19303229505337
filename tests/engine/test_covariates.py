"""Columns beside the target: kept, checked, scaled without looking ahead, and shown where they belong."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import torch

from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.models import rnn, seq2seq
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.preparing.beside import beside
from engine.preparing.prepare import prepare
from engine.training.device import device
from engine.training.network import Ahead
from engine.training.parameters import uniform
from engine.training.windows import Windows
from tests.makers import accompanied, kept, small, wave

STARTS = np.array([0, 4, 50])


def test_they_come_back_from_the_run_file(tmp_path):
    series = accompanied()
    with Trace(kept(series, small(series), tmp_path)) as trace:
        found = trace.series.covariates
        assert (found.names, found.known) == (("switch", "weather"), (True, False))
        np.testing.assert_array_equal(found.values, series.covariates.values)
        assert trace.series.hash == series.hash == trace.run.series


def test_the_hash_knows_each_number_each_name_and_what_is_known_ahead():
    series = accompanied()
    beside = series.covariates
    table = np.array(beside.values)
    table[7, 1] += 1e-9
    others = [
        dataclasses.replace(beside, values=table),
        dataclasses.replace(beside, names=("switch", "rain")),
        dataclasses.replace(beside, known=(True, True)),
        type(beside)(),
    ]
    hashes = {dataclasses.replace(series, covariates=other).hash for other in [beside, *others]}
    assert len(hashes) == 5


def test_a_table_that_does_not_fit_is_refused():
    series = accompanied()
    short = dataclasses.replace(series.covariates, values=series.covariates.values[:50])
    with pytest.raises(ValueError, match="stamps"):
        dataclasses.replace(series, covariates=short)
    with pytest.raises(ValueError, match="do not fit"):
        dataclasses.replace(series.covariates, names=("switch",))


def test_a_network_is_shown_every_column_unless_others_are_wanted_and_sarima_none():
    series = accompanied()
    assert (decide(series, "lstm").covariates, decide(series, "lstm").known_ahead) == (
        ("switch", "weather"),
        ("switch",),
    )
    chosen = decide(series, "lstm", covariates=["weather"])
    assert (chosen.covariates, chosen.known_ahead) == (("weather",), ())
    assert decide(series, "sarima").covariates == ()
    assert decide(wave(), "lstm").covariates == ()


def test_what_cannot_be_shown_is_a_lesson():
    series = accompanied()
    table = np.array(series.covariates.values)
    table[[3, 9], 1] = np.nan
    holed = dataclasses.replace(series, covariates=dataclasses.replace(series.covariates, values=table))
    with pytest.raises(Lesson, match=r"2 values of the column “weather”"):
        decide(holed, "lstm")
    assert decide(holed, "lstm", covariates=["switch"]).covariates == ("switch",)
    with pytest.raises(Lesson, match="no column “tide”"):
        decide(series, "lstm", covariates=["tide"])
    with pytest.raises(Lesson, match="“weather” was said to be known ahead"):
        decide(series, "lstm", known_ahead=["weather"])


def test_each_column_is_scaled_by_its_own_training_part():
    series = accompanied()
    prepared = prepare(small(series), series)
    training = series.covariates.values[: prepared.split]
    np.testing.assert_allclose(
        prepared.covariates, (series.covariates.values - training.mean(0)) / training.std(0), rtol=1e-12
    )
    assert np.isnan(prepared.covariates[len(series) :, 1]).all()


def test_a_column_that_never_changes_in_training_is_shown_as_zero():
    series = accompanied()
    table = np.array(series.covariates.values)
    table[:, 0] = 7
    prepared = prepare(
        small(series), dataclasses.replace(series, covariates=dataclasses.replace(series.covariates, values=table))
    )
    np.testing.assert_array_equal(prepared.covariates[:, 0], 0)


@pytest.mark.parametrize("every", [False, True])
def test_windows_show_the_past_of_all_and_the_future_of_what_is_known(every):
    series = accompanied()
    prepared = prepare(small(series), series)
    windows = Windows(prepared, 8, device(), every)
    inputs, known = windows.take(STARTS)[0], windows.ahead(STARTS).known
    assert inputs.shape == (3, 12, 3)
    for row, start in enumerate(STARTS):
        np.testing.assert_allclose(inputs[row, :, 1:], prepared.covariates[start : start + 12], rtol=1e-6)
        if not every:
            np.testing.assert_allclose(known[row], prepared.covariates[start + 12 : start + 15, :1], rtol=1e-6)
        for t in range(12 if every else 0):
            after = prepared.covariates[start + t + 1 : start + t + 4, :1]
            np.testing.assert_allclose(known[row, t], after, rtol=1e-6)


def tensors(module, settings, run, *shapes):
    """Random weights and random tensors of these shapes, in float64."""
    of = module.shapes(settings, run)
    drawn = {n: torch.tensor(w, dtype=torch.float64) for n, w in uniform(of, dict.fromkeys(of, 2), 1).items()}
    return drawn, *(torch.randn(*shape, dtype=torch.float64) for shape in shapes)


def into(theirs, weights, prefix=""):
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(weights[f"{prefix}W_x.1"])
        theirs.weight_hh_l0.copy_(weights[f"{prefix}W_h.1"])
        theirs.bias_ih_l0.copy_(weights[f"{prefix}b.1"])
        theirs.bias_hh_l0.zero_()
    return theirs


@pytest.mark.parametrize("topology", ["sequence-to-vector", "sequence-to-sequence"])
def test_a_recurrent_network_with_covariates_equals_torchs_own(topology):
    run, settings = small(accompanied()), rnn.RNNSettings(hidden=4, topology=topology)
    steps = (12,) if settings.every else ()
    weights, inputs, known = tensors(rnn, settings, run, (2, 12, 3), (2, *steps, 3, 1))
    output, _ = into(torch.nn.RNN(3, 4, batch_first=True, dtype=torch.float64), weights)(inputs)
    h = output if settings.every else output[:, -1]
    expected = h @ weights["W_y"].T + weights["b_y"] + torch.einsum("...jk,jk->...j", known, weights["W_ahead"])
    torch.testing.assert_close(rnn.forward(settings, weights, inputs, ahead=Ahead(known)), expected)


def test_a_decoder_is_fed_what_is_known_of_its_own_step():
    run, settings = small(accompanied()), seq2seq.Seq2SeqSettings(hidden=4, cell="lstm")
    weights, inputs, known = tensors(seq2seq, settings, run, (2, 12, 3), (2, 3, 1))
    lstm = torch.nn.LSTM
    _, state = into(lstm(3, 4, batch_first=True, dtype=torch.float64), weights, "encoder_")(inputs)
    decoder = into(lstm(2, 4, batch_first=True, dtype=torch.float64), weights, "decoder_")
    value, forecast = inputs[:, -1, :1], seq2seq.forward(settings, weights, inputs, ahead=Ahead(known))
    for j in range(3):
        output, state = decoder(torch.cat([value, known[:, j]], -1)[:, None], state)
        value = output[:, 0] @ weights["W_y"].T + weights["b_y"]
        torch.testing.assert_close(forecast[:, j : j + 1], value)


@pytest.mark.parametrize("model", ["fnn", "rnn", "seq2seq"])
def test_a_switch_that_is_known_ahead_is_worth_knowing(model):
    losses = []
    for known in (True, False):
        series = accompanied(240, known=known)
        run = small(series, model, {"hidden": 8, "updates": 100, "batch": 32}, covariates=["switch"])
        losses.append(min(f.validation for f in models()[model].fit(run, series) if np.isfinite(f.validation)))
    assert losses[0] < losses[1] / 2


@pytest.mark.parametrize(("ahead", "finite"), [(3, True), (1, False)])
def test_beyond_the_end_there_is_a_forecast_only_where_what_it_needs_is_known(ahead, finite):
    series = accompanied(ahead=ahead)
    run = small(series, "rnn", {"updates": 3})
    frame = list(models()["rnn"].fit(run, series))[-1]
    (frame,) = models()["rnn"].observe(run, series, [frame])
    assert np.isfinite(frame.signals["ahead"]).all() == finite
    shown = [values for name, values in frame.signals.items() if name != "ahead"]
    assert all(np.isfinite(values).all() for values in shown)


def test_other_columns_stand_beside_a_series_at_its_own_stamps():
    series = wave(60)
    longer = Series("price", pd.date_range(series.index[10], periods=55, freq="MS"), np.arange(55.0))
    shorter = Series("rain", series.index[:40], np.arange(40.0))
    joined = beside(series, {"price": longer, "rain": shorter}, ["price"])
    assert joined.covariates.known == (True, False)
    assert len(joined.covariates.values) == 65
    by_hand = [dict(zip(longer.index, longer.values, strict=True)).get(stamp, np.nan) for stamp in series.index]
    np.testing.assert_array_equal(joined.covariates.values[:60, 0], by_hand)
    np.testing.assert_array_equal(joined.covariates.values[60:, 0], np.arange(50.0, 55))
    assert np.isnan(joined.covariates.values[40:, 1]).all()
    assert len(beside(series, {"price": longer}, []).covariates.values) == 60
    assert beside(series, {}, []).covariates.names == ()
