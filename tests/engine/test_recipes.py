"""Book mode: the chapter's decisions on any daily series, and what they need of preparation and training."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import torch

from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.recipes.book import RECIPES, as_book, decided
from engine.recipes.scoring import naive_errors, origins, score
from engine.training.loop import Training, fit_network
from engine.training.model import network_of
from engine.training.parameters import as_keras
from tests.makers import SHARED, small, wave


def transport(n: int = 200, known: bool = True, ahead: int = 14) -> Series:
    """A daily target in the hundred thousands, another beside it, and whether a day is a holiday, known ahead."""
    random, days = np.random.default_rng(0), np.arange(n + ahead)
    week = 1 - 0.4 * (days % 7 > 4)
    holiday = (random.random(n + ahead) < 0.05).astype(float)
    rail, bus = 6e5 * week * (1 - 0.5 * holiday), 5e5 * week + 1e4 * random.normal(size=n + ahead)
    bus[n:] = np.nan
    names, columns = (("bus", "holiday"), [bus, holiday]) if known else (("bus",), [bus])
    beside = Covariates(names, np.stack(columns, axis=1), (False, True)[: len(names)])
    return Series("rail", pd.date_range("2018-01-01", periods=n, freq="D"), rail[:n], "boardings", covariates=beside)


def test_every_recipe_is_decided_as_the_chapter_says():
    series = as_book(transport())
    for name, recipe in RECIPES.items():
        run = decided(series, name, validation=80)
        assert (run.window, run.horizon, run.anchor, run.scaling, run.apart) == (
            56, recipe.horizon, "level", "power of ten", True,
        )  # fmt: skip
        windows = 200 - 80 - 56 - recipe.horizon + 1
        assert run.settings["updates"] == 500 * math.ceil(windows / 32)
        assert run.covariates == (series.covariates.names if recipe.beside else ())
        assert run.settings["optimiser"] == "momentum"
        assert run.settings["patience"] == 50


def test_the_columns_beside_are_the_other_target_today_and_the_kind_of_tomorrow():
    series = transport()
    shown = as_book(series)
    assert shown.covariates.names == ("bus", "next day: holiday")
    np.testing.assert_array_equal(shown.covariates.values[:, 0], series.covariates.values[:200, 0])
    np.testing.assert_array_equal(shown.covariates.values[:, 1], series.covariates.values[1:201, 1])
    calendar = as_book(transport(known=False)).covariates
    assert calendar.names[1:] == ("next day: weekday", "next day: Saturday", "next day: Sunday")
    sunday = calendar.values[:, 3].astype(bool)
    assert (series.index[sunday] + pd.Timedelta(days=1)).day_name().unique().tolist() == ["Sunday"]


def test_a_series_that_is_not_daily_or_has_no_second_target_is_refused():
    with pytest.raises(Lesson, match="recipe is one for days"):
        as_book(wave())
    with pytest.raises(Lesson, match="no second column"):
        as_book(dataclasses.replace(transport(), covariates=Covariates()))


def test_values_and_columns_are_divided_by_a_power_of_ten_of_the_training_part():
    series = as_book(transport())
    prepared = prepare(decided(series, "multivariate", 80), series)
    np.testing.assert_array_equal(prepared.scaled, series.values / 1e6)
    np.testing.assert_array_equal(prepared.covariates[:200, 0], series.covariates.values[:, 0] / 1e6)
    np.testing.assert_array_equal(prepared.covariates[:200, 1], series.covariates.values[:, 1])
    later = np.where(np.arange(200) < 120, series.values, 1e12)
    poisoned = dataclasses.replace(series, values=later)
    np.testing.assert_array_equal(prepare(prepared.run, poisoned).scaled[:120], prepared.scaled[:120])


def test_windows_that_are_judged_apart_lie_wholly_in_the_validation_part():
    series = as_book(transport())
    run = decided(series, "direct", 80)
    starts = prepare(run, series).validation_starts
    assert (starts[0], starts[-1] + 56 + 14) == (120, 200)
    np.testing.assert_array_equal(origins(run, series), starts + 56)
    with pytest.raises(Lesson, match="69 values are kept"):
        decided(series, "direct", 69)


@pytest.mark.parametrize("name", ["univariate", "seq2seq"])
def test_validation_is_the_mean_size_of_every_error_that_is_learned_from(name):
    series = as_book(transport())
    run = decided(series, name, 80)
    training = Training(network_of("rnn"), run, series, None)
    windows = training.windows
    inputs, targets = windows.take(prepare(run, series).validation_starts)
    w, found = training.parameters.views, []
    with torch.no_grad():
        h = torch.zeros(len(inputs), 32)
        for t in range(56):
            h = torch.tanh(inputs[:, t] @ w["W_x.1"].T + h @ w["W_h.1"].T + w["b.1"])
            found.append(h @ w["W_y"].T + w["b_y"])
    told = torch.stack(found, 1) if training.settings.every else found[-1]
    expected = float((told - targets).abs().mean())
    assert next(fit_network(network_of("rnn"), run, series)).validation == pytest.approx(expected, rel=1e-5)


def test_without_a_last_layer_the_units_are_the_forecast_and_stay_between_minus_one_and_one():
    series = wave()
    run = small(series, "rnn", {"hidden": 3, "head": False, "first_weights": "keras"}, anchor="level")
    training = Training(network_of("rnn"), run, series, None)
    assert set(training.parameters.views) == {"W_x.1", "W_h.1", "b.1"}
    inputs, _ = training.windows.take(np.array([0, 5]))
    layer = torch.nn.RNN(1, 3, batch_first=True)
    w = training.parameters.views
    names = {"weight_ih_l0": w["W_x.1"], "weight_hh_l0": w["W_h.1"], "bias_ih_l0": w["b.1"]}
    layer.load_state_dict({**names, "bias_hh_l0": torch.zeros(3)})
    torch.testing.assert_close(training.forecast(inputs), layer(inputs)[0][:, -1])
    with pytest.raises(Lesson, match="no layer to read"):
        small(series, "rnn", {"hidden": 4, "head": False})


def test_first_weights_as_keras_draws_them_are_orthogonal_bounded_and_zero():
    found = as_keras({"W_x.1": (32, 5), "W_h.1": (32, 32), "b.1": (32,), "W_y": (14, 32)}, "W_h", 3)
    np.testing.assert_allclose(found["W_h.1"] @ found["W_h.1"].T, np.eye(32), atol=1e-6)
    for name, limit in {"W_x.1": math.sqrt(6 / 37), "W_y": math.sqrt(6 / 46)}.items():
        assert 0.9 * limit < np.abs(found[name]).max() <= limit
    assert not found["b.1"].any()
    again = as_keras({"W_x.1": (32, 5)}, "W_h", 4)
    assert not np.array_equal(again["W_x.1"], found["W_x.1"])


def test_what_was_added_is_not_written_where_it_is_not_chosen_so_ids_stay():
    plain = decide(wave(), "rnn", {}).model_dump(mode="json")
    assert not {"apart", "scaling"} & plain.keys()
    assert not {"judged_by", "first_weights", "head"} & plain["settings"].keys()
    assert decide(wave(), "rnn", {"judged_by": "mae"}).settings["judged_by"] == "mae"


def test_a_score_is_a_plain_mean_over_the_same_days_as_the_naive_line():
    series = as_book(transport())
    run = decided(series, "direct", 80)
    zeros = np.zeros(sum(w.numel() for w in Training(network_of("rnn"), run, series, None).parameters.views.values()))
    found = score(run, series, zeros)
    chosen = range(120 + 56, 200 - 14 + 1)
    expected = [np.mean([series.values[o + j] for o in chosen]) for j in range(14)]
    np.testing.assert_allclose(found.errors, expected)
    by_hand = [np.mean([abs(series.values[o + j] - series.values[o - 7 + j % 7]) for o in chosen]) for j in range(14)]
    np.testing.assert_allclose(found.naive, by_hand)


def test_the_naive_line_of_the_ridership_is_the_one_that_was_measured():
    """forecasting.md: rail on the networks' window of 95 days, 41,274.35."""
    if not SHARED.exists():
        pytest.skip(f"the ridership file is not at {SHARED}")
    from benchmarks.ridership import VALIDATION, ridership
    from engine.recipes.booking import material

    series = material(ridership())
    run = decided(series, "univariate", VALIDATION)
    chosen = origins(run, series)
    assert len(chosen) == 95
    assert naive_errors(series, chosen, 1)[0] == pytest.approx(41_274.35, abs=0.005)
