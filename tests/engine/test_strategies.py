"""Strategies: what a network answers a horizon, held to plain loops and to torch's own layers."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from engine.errors import Lesson
from engine.strategies.answers import answers, told
from engine.strategies.asked import Asked
from engine.strategies.iterative import fed, iterate
from engine.strategies.names import STRATEGIES, strategy_of
from engine.strategies.plans import offered, plan
from engine.training.model import network_of
from tests.makers import accompanied, small, wave

ORIGINS = np.array([30, 60, 107, 120])
NETWORKS = ["rnn", "lstm", "gru", "cnn", "cnn_rnn", "fnn"]


def asked(series, model, ahead=6, settings=None, **changes):
    """A network with random weights that may be asked for `ahead` steps."""
    run = small(series, model, settings, **changes)
    network = network_of(model)
    shapes = network.shapes(network.settings.model_validate(run.settings), run)
    count = sum(int(np.prod(shape)) for shape in shapes.values())
    weights = np.random.default_rng(7).normal(0, 0.4, count).astype(np.float32)
    return Asked(network, run, series, weights, ahead)


def planned(series, model, strategy, ahead=4):
    """The same for a run that was planned for a strategy."""
    run = plan(series, model, strategy, ahead, {"hidden": 4}, window=12, validation=12)
    changes = {"horizon": run.horizon, "covariates": run.covariates, "known_ahead": run.known_ahead}
    return asked(series, run.model, ahead, run.settings, **changes)


def scaled(of, series):
    """The values as the network is to see them, and the way back."""
    log = of.run.transform == "log"
    values = np.log(series.values) if log else series.values
    training = values[: len(values) - of.run.validation]
    mean, deviation = training.mean(), training.std()
    return (values - mean) / deviation, lambda v: (np.exp if log else np.asarray)(np.array(v) * deviation + mean)


def by_torch(of, window):
    """What torch's own RNN or LSTM forecasts with the same weights from one scaled window, step 1 ... horizon."""
    w = of.weights
    layer = {"rnn": torch.nn.RNN, "lstm": torch.nn.LSTM}[of.run.model](1, 4, batch_first=True, dtype=torch.float64)
    own = {"weight_ih_l0": w["W_x.1"], "weight_hh_l0": w["W_h.1"], "bias_ih_l0": w["b.1"]}
    layer.load_state_dict(own | {"bias_hh_l0": torch.zeros_like(w["b.1"])})
    level = window[-1] if of.run.anchor == "change" else 0.0
    with torch.no_grad():
        sequence, _ = layer(torch.tensor(np.array(window) - level)[None, :, None])
        return (w["W_y"] @ sequence[0, -1] + w["b_y"]).numpy() + level


@pytest.mark.parametrize("model", ["rnn", "lstm"])
@pytest.mark.parametrize(("anchor", "transform"), [("change", "none"), ("level", "log")])
def test_an_iterative_forecast_is_a_loop_over_torch_that_feeds_itself(model, anchor, transform):
    series = wave()
    of = asked(series, model, horizon=1, anchor=anchor, transform=transform)
    values, back = scaled(of, series)
    for origin in ORIGINS:
        past = list(values[:origin])
        for _ in range(6):
            past.append(by_torch(of, past[-12:])[0])
        np.testing.assert_allclose(told(of, np.array([origin]))[0], back(past[-6:]), rtol=1e-9)


def test_fed_the_truth_an_iterative_network_makes_six_forecasts_of_one_step():
    series = wave()
    of = asked(series, "lstm", horizon=1)
    values, back = scaled(of, series)
    found = told(of, np.array([60]), by_truth=True)[0]
    np.testing.assert_allclose(found, back([by_torch(of, values[48 + j : 60 + j])[0] for j in range(6)]), rtol=1e-9)


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_of_a_series_shown_as_changes_the_forecast_and_its_parts_are_values(strategy):
    """A network of zeros forecasts the mean change: from its own forecasts, or each time from the truth."""
    series, h = wave(), 4
    run = plan(series, "rnn", strategy, h, {"hidden": 4}, window=12, validation=12, difference=1)
    of = asked(series, run.model, h, run.settings, horizon=run.horizon, difference=1, anchor="level")
    for weight in of.weights.values():
        weight.zero_()
    found, change = answers(of, np.array([50, 118])), np.diff(series.values[:108]).mean()
    np.testing.assert_allclose(found.point[0], series.values[49] + change * np.arange(1, h + 1))
    guided = found.point[0] if strategy == "direct" else series.values[49 : 49 + h] + change
    np.testing.assert_allclose(found.guided[0], guided)
    if strategy == "iterative":
        np.testing.assert_allclose(fed(of, 50).values[2], [*series.values[40:50], *found.point[0, :2]])


def test_a_direct_forecast_is_one_look_at_the_window():
    series = wave()
    of = asked(series, "rnn", 3, horizon=3)
    values, back = scaled(of, series)
    for origin in ORIGINS:
        expected = back(by_torch(of, values[origin - 12 : origin]))
        np.testing.assert_allclose(told(of, np.array([origin]))[0], expected, rtol=1e-9)


def written(of, window, truth=None):
    """An encoder-decoder of torch's RNN cells, one value after another."""
    w, level = of.weights, window[-1]
    h, cell = torch.zeros(4, dtype=torch.float64), torch.tanh
    for x in np.array(window) - level:
        h = cell(w["encoder_W_x.1"][:, 0] * x + w["encoder_W_h.1"] @ h + w["encoder_b.1"])
    value, found = torch.tensor(0.0, dtype=torch.float64), []
    for j in range(of.run.horizon):
        h = cell(w["decoder_W_x.1"][:, 0] * value + w["decoder_W_h.1"] @ h + w["decoder_b.1"])
        found.append((w["W_y"] @ h + w["b_y"])[0])
        value = found[-1] if truth is None else torch.tensor(truth[j] - level)
    return np.array(found) + level


@pytest.mark.parametrize("by_truth", [False, True])
def test_a_decoder_writes_each_step_from_the_one_before_its_own_or_the_true_one(by_truth):
    series = wave()
    of = asked(series, "seq2seq", 3, {"cell": "rnn"}, horizon=3)
    values, back = scaled(of, series)
    expected = back(written(of, values[48:60], values[60:63] if by_truth else None))
    np.testing.assert_allclose(told(of, np.array([60]), by_truth)[0], expected, rtol=1e-9)


@pytest.mark.parametrize("model", [*NETWORKS, "seq2seq"])
def test_every_strategy_of_every_network_answers_alike_in_batches_of_1_7_and_32(model):
    series, origins = wave(), np.arange(20, 121)
    for strategy in offered(model):
        of = planned(series, model, strategy)
        whole = answers(of, origins, batch=32)
        for batch in (1, 7):
            again = answers(of, origins, batch=batch)
            np.testing.assert_allclose(again.point, whole.point, rtol=1e-6)
            np.testing.assert_allclose(again.guided, whole.guided, rtol=1e-6)


@pytest.mark.parametrize("model", NETWORKS)
def test_own_and_inherited_error_sum_to_the_error_and_the_first_step_inherits_nothing(model):
    series = wave()
    for strategy in offered(model):
        of = answers(planned(series, model, strategy), np.array([30, 60, 100]))
        np.testing.assert_allclose(of.own + of.inherited, of.truth - of.point, atol=1e-12)
        np.testing.assert_allclose(of.inherited[:, 0], 0, atol=1e-12)
        assert np.any(of.inherited) == (strategy != "direct")


def test_a_network_that_forecasts_no_change_inherits_all_that_came_before():
    """With weights of zero every step is the last value: its own error is one step's change, the rest is inherited."""
    series = wave()
    of = asked(series, "rnn", 4, horizon=1)
    for weight in of.weights.values():
        weight.zero_()
    stays = answers(of, np.array([50]))
    np.testing.assert_allclose(stays.point[0], series.values[49])
    np.testing.assert_allclose(stays.own[0], np.diff(series.values[49:54]))
    np.testing.assert_allclose(stays.inherited[0], series.values[49:53] - series.values[49])


def test_what_an_iterative_network_is_fed_is_the_window_and_then_its_own_forecasts():
    series = wave()
    of = asked(series, "lstm", horizon=1)
    forecast = told(of, np.array([60]))[0]
    shown = fed(of, 60)
    np.testing.assert_allclose(shown.values[0], series.values[48:60])
    np.testing.assert_array_equal(shown.own.sum(axis=1), np.arange(6))
    np.testing.assert_allclose(shown.values[3], [*series.values[51:60], *forecast[:3]])
    assert shown.own[3, -3:].all()
    guided = fed(of, 60, true_past=True)
    assert not guided.own.any()
    np.testing.assert_allclose(guided.values[3], series.values[51:63])


def test_a_run_of_several_steps_may_be_asked_iteratively_by_its_first():
    of = asked(wave(), "fnn", 6, horizon=3)
    np.testing.assert_allclose(iterate(of, ORIGINS)[:, 0], of.answer(of.rows(ORIGINS)[:, :12], ORIGINS - 12)[:, 0])


@pytest.mark.parametrize("model", [*NETWORKS, "seq2seq"])
def test_what_comes_after_an_origin_changes_no_bit_of_its_forecast(model):
    series = accompanied(120, ahead=6)
    later = np.array(series.covariates.values)
    later[80:120, 1] = -1e9  # the weather, which nobody knows ahead
    poisoned = dataclasses.replace(
        series,
        values=np.where(np.arange(120) < 80, series.values, 1e9),
        covariates=dataclasses.replace(series.covariates, values=later),
    )
    for strategy in offered(model):
        one, other = planned(series, model, strategy), planned(poisoned, model, strategy)
        # The scale is learned from the training part, which ends before the poison here.
        clean = one.run.model_copy(update={"validation": 40})
        found = [told(Asked(of.network, clean, of.prepared.series, flat(of), 4), np.array([80])) for of in (one, other)]
        np.testing.assert_array_equal(*found)


def flat(of):
    return np.concatenate([weight.numpy().ravel() for weight in of.weights.values()])


def test_known_columns_are_told_ahead_and_an_unknown_one_stops_an_iterative_forecast():
    series = accompanied(120, ahead=6)
    only = planned(series, "lstm", "iterative")
    assert only.run.covariates == only.run.known_ahead == ("switch",)
    assert np.isfinite(told(only, np.array([120]))).all()
    both = asked(series, "lstm", horizon=1, covariates=("switch", "weather"), known_ahead=("switch",))
    with pytest.raises(Lesson, match="weather"):
        told(both, np.array([60]))


def test_all_strategies_share_window_validation_and_seed_and_say_what_they_are():
    for model in NETWORKS:
        runs = {one: plan(wave(), model, one, 6, seed=3) for one in offered(model)}
        assert {strategy_of(run) for run in runs.values()} == set(runs)
        assert len({(run.window, run.validation, run.seed) for run in runs.values()}) == 1
    assert offered("lstm") == STRATEGIES
    assert offered("sarima") == offered("nothing") == ()


def test_origins_and_horizons_that_do_not_fit_are_refused():
    of = asked(wave(), "rnn", 3, horizon=3)
    for origin in (11, 121):
        with pytest.raises(Lesson, match=f"from value {origin}"):
            told(of, np.array([origin]))
    with pytest.raises(Lesson, match="5 steps are asked for"):
        told(asked(wave(), "rnn", 5, horizon=3), np.array([60]))
    with pytest.raises(Lesson, match="cannot be trained"):
        plan(wave(), "cnn", "seq2seq", 6)
