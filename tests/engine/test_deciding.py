"""Every series a person may bring gets defaults that work, or a sentence that says how to mend it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.preparing.prepare import naive, naive_loss, prepare
from tests.makers import wave


@given(n=st.integers(40, 3000), freq=st.sampled_from(["YS", "QS", "MS", "W", "D", "h", "15min"]))
def test_defaults_fit_every_length_and_season(n, freq):
    n = min(n, 250) if freq == "YS" else n
    series = Series("any", pd.date_range("2000-01-01", periods=n, freq=freq), np.arange(n, dtype=float))
    run = decide(series, "lstm")
    assert run.horizon <= run.validation < n
    assert len(prepare(run, series).training_starts) >= 8


def lesson(series, model="lstm", settings=None, **changes):
    with pytest.raises(Lesson) as caught:
        decide(series, model, settings, **changes)
    assert caught.value.happened
    assert caught.value.expected
    assert caught.value.mend
    return str(caught.value)


def test_too_few_rows_for_the_window():
    assert "smaller window" in lesson(wave(30), window=48)


def test_a_horizon_longer_than_the_data():
    assert "horizon of at most" in lesson(wave(50), horizon=60)


def test_constant_values():
    flat = wave(100)
    assert "never change" in lesson(Series("flat", flat.index, np.full(100, 7.0)))


def test_missing_values_name_the_first_gap_and_suit_sarima_only():
    series = wave(100)
    values = np.array(series.values)
    values[5] = np.nan
    holed = Series("holed", series.index, values)
    assert "2000-06-01" in lesson(holed)
    if "sarima" in models():
        assert decide(holed, "sarima").model == "sarima"


def test_a_logarithm_of_values_below_zero():
    series = wave(100)
    assert "above zero" in lesson(Series("low", series.index, series.values - 20), transform="log")


@pytest.mark.parametrize("settings", [{"learning_rate": -1}, {"hidden": 0}, {"hidden": "many"}, {"colour": "red"}])
def test_a_setting_out_of_range_is_named(settings):
    assert next(iter(settings)) in lesson(wave(), settings=settings)


def test_an_unknown_model_lists_those_there_are():
    assert "lstm" in lesson(wave(), model="transformer")


def test_stamps_off_a_regular_grid_make_no_series():
    index = pd.DatetimeIndex(["2000-01-01", "2000-01-02", "2000-01-05"])
    with pytest.raises(Lesson, match="regular grid"):
        Series("off", index, np.zeros(3))


@given(st.integers(0, 99))
def test_scaling_inverts_to_the_last_digits(seed):
    series = wave(seed=seed)
    for transform in ("none", "log"):
        prepared = prepare(decide(series, "lstm", transform=transform), series)
        np.testing.assert_allclose(prepared.to_unit(prepared.scaled), series.values, rtol=1e-12)
        np.testing.assert_allclose(prepared.to_scaled(series.values), prepared.scaled, rtol=1e-9, atol=1e-9)


def test_naive_is_the_same_step_one_season_ago():
    series = wave(120)
    prepared = prepare(decide(series, "lstm", horizon=14, validation=24), series)
    season = prepared.scaled[prepared.split - 12 : prepared.split]
    np.testing.assert_array_equal(naive(prepared, prepared.split), [*season, *season[:2]])


def test_the_naive_line_is_the_error_of_every_window_or_of_the_first_so_many():
    series = wave(120)
    prepared = prepare(decide(series, "lstm", horizon=3, validation=5), series)
    scaled, split = prepared.scaled, prepared.split
    by_hand = [np.mean((scaled[o : o + 3] - scaled[o - 12 : o - 9]) ** 2) for o in range(split, split + 3)]
    assert naive_loss(prepared) == pytest.approx(np.mean(by_hand))
    assert naive_loss(prepared, 1) == pytest.approx(by_hand[0])


@pytest.mark.parametrize(("scale", "shift"), [(1e-13, 0), (1e12, 0), (1, 1e13), (1e-9, 0)])
def test_values_that_change_are_not_said_to_be_constant_whatever_their_unit(scale, shift):
    series = wave(100, noise=0)
    assert decide(Series("unit", series.index, series.values * scale + shift), "lstm").model == "lstm"


def test_a_run_that_would_fill_the_disk_is_refused_before_it_begins():
    assert "MB" in lesson(wave(300), settings={"hidden": 512, "layers": 4, "updates": 100_000})
    assert "MB" in lesson(wave(300), model="cnn", settings={"hidden": 512, "layers": 8, "kernel": 15})


@pytest.mark.parametrize(
    ("freq", "period"),
    [
        ("YS", 1),
        ("QS", 4),
        ("MS", 12),
        ("W-SAT", 52),
        ("B", 5),
        ("D", 7),
        ("h", 24),
        ("3h", 8),
        ("30min", 48),
        ("5min", 288),
    ],
)
def test_the_calendar_knows_the_season(freq, period):
    series = Series("any", pd.date_range("2000-01-01", periods=60, freq=freq), np.arange(60.0))
    assert series.period == period
