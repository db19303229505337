"""Steps of preparation: what each does, that none looks ahead, and replay. Run: pytest tests/engine"""

from __future__ import annotations

import contextlib
import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.preparing.recipe import exported, imported, replay, settled, write
from engine.preparing.steps.contract import steps
from tests.makers import accompanied, kept, small, wave

BOUNDARY = pd.Timestamp("2000-02-07")  # a Monday, and the first of no month


def hours(n: int = 24 * 91, seed: int = 0) -> Series:
    """Three months of hours with gaps, some outliers, and columns beside."""
    random = np.random.default_rng(seed)
    values = 20 + 5 * np.sin(2 * np.pi * np.arange(n) / 24) + random.normal(0, 0.5, n)
    values[random.integers(30, n, 25)] *= 4
    values[random.integers(1, n, 25)] = np.nan
    values[100:150] = np.nan
    index = pd.date_range("2000-01-01", periods=n, freq="h")
    beside = np.stack([random.normal(size=n + 50), random.normal(size=n + 50)], axis=1)
    beside[n:, 1] = np.nan
    return Series("load", index, values, "MW", covariates=Covariates(("price", "wind"), beside, (True, False)))


EVERY = (
    ("part", {"start": "2000-01-03"}),
    *(("resample", {"to": to, "how": how}) for to in ("day", "week") for how in ("sum", "median", "last")),
    ("resample", {"to": "day", "partly": True}),
    ("remove", {"above": 60}),
    ("remove", {"start": "2000-01-05", "end": "2000-01-06"}),
    *(("outliers", {"become": become, "seasonal": become != "limit"}) for become in ("missing", "median", "limit")),
    *(("fill", {"how": how}) for how in ("last value", "season before", "mean so far", "zero")),
    ("fill", {"how": "straight line", "until": str(BOUNDARY)}),
    ("calendar", {"day_type": True, "weekday": True, "month": True, "hour": True, "country": "US"}),
)


def test_every_step_is_tried():
    assert {name for name, _ in EVERY} == set(steps())


def before(series: Series, moment: pd.Timestamp) -> list[np.ndarray]:
    """All that stands for the time before a moment; a period that reaches over it belongs to what comes after."""
    whole = (series.index + series.index.freq) <= moment
    return [series.stamps[whole], series.values[whole], series.covariates.values[: len(whole)][whole]]


@pytest.mark.parametrize("poison", [1e9, np.nan])
@pytest.mark.parametrize(("name", "decisions"), EVERY)
def test_no_step_looks_ahead(name, decisions, poison):
    series, step = hours(), [write(name, decisions)]
    split = int(series.index.searchsorted(BOUNDARY))
    values, table = np.array(series.values), np.array(series.covariates.values)
    values[split:], table[split : len(series)] = poison, poison
    dirty = dataclasses.replace(series, values=values, covariates=dataclasses.replace(series.covariates, values=table))
    cut = replay(series, [write("part", {"end": str(BOUNDARY - pd.Timedelta(hours=1))})])
    clean = before(replay(series, step), BOUNDARY)
    for other in (dirty, cut):
        for one, another in zip(clean, before(replay(other, step), BOUNDARY), strict=True):
            np.testing.assert_array_equal(one, another)
    assert len(clean[0]) > 3


@pytest.mark.parametrize(("name", "decisions"), EVERY)
def test_a_step_comes_back_from_json_and_says_what_it_did(name, decisions):
    recipe = [write(name, decisions)]
    made = replay(hours(), recipe)
    assert imported(exported(recipe)) == tuple(recipe) == made.steps
    assert len(made.repairs) == 1
    assert made.repairs[0].endswith(".")
    assert replay(hours(), made.steps).hash == made.hash != hours().hash


@given(st.lists(st.sampled_from(EVERY[:1] + EVERY[2:3] + EVERY[7:]), max_size=4))
def test_a_recipe_is_its_steps_one_after_the_other(chosen):
    series = hours()
    recipe = [write(name, decisions) for name, decisions in chosen]
    by_hand = series
    with contextlib.suppress(Lesson):  # a day is not resampled to days again
        whole = replay(series, recipe)
        for written in recipe:
            by_hand = replay(by_hand, [written])
        assert whole.hash == by_hand.hash
        assert len(whole.repairs) == len(recipe)


@pytest.mark.parametrize(("to", "freq"), [("day", "D"), ("week", "W-MON"), ("month", "MS")])
@pytest.mark.parametrize("how", ["sum", "mean", "lowest", "first"])
def test_resampling_is_a_loop_over_whole_periods(to, freq, how):
    series = hours()
    made = replay(series, [write("resample", {"to": to, "how": how})])
    assert made.freq == freq
    does = {"sum": np.sum, "mean": np.mean, "lowest": np.min, "first": lambda values: values[0]}[how]
    for stamp, value in zip(made.index, made.values, strict=True):
        inside = series.values[(series.index >= stamp) & (series.index < stamp + made.index.freq)]
        np.testing.assert_allclose(value, np.nan if np.isnan(inside).any() else does(inside))
    assert made.index[0] >= series.index[0]
    assert made.index[-1] + made.index.freq <= series.index[-1] + series.index.freq


def test_resampling_keeps_what_is_known_ahead():
    made = replay(hours(), [write("resample", {"to": "day"})])
    assert len(made.covariates.values) == len(made) + 2  # 50 hours are two whole days
    assert np.isfinite(made.covariates.values[len(made) :, 0]).all()


def test_gaps_are_filled_as_three_lines_would():
    series = Series(
        "few", pd.date_range("2000", periods=12, freq="QS"), np.array([1, 2, 3, 4, np.nan, 6, np.nan, 8, *[np.nan] * 4])
    )
    filled = {
        how: replay(series, [write("fill", {"how": how})]).values[4:]
        for how in ("last value", "season before", "mean so far", "zero")
    }
    np.testing.assert_array_equal(filled["last value"], [4, 6, 6, 8, 8, 8, 8, 8])
    np.testing.assert_array_equal(filled["season before"], [1, 6, 3, 8, 1, 6, 3, 8])
    np.testing.assert_array_equal(filled["mean so far"], [2.5, 6, 16 / 5, 8, *[4] * 4])
    np.testing.assert_array_equal(filled["zero"], [0, 6, 0, 8, 0, 0, 0, 0])
    line = replay(series, [write("fill", {"how": "straight line", "until": "2001-07-01"})])
    np.testing.assert_array_equal(line.values[4:8], [5, 6, 6, 8])


def test_a_line_may_not_have_looked_past_the_split():
    series = wave(100)
    values = np.array(series.values)
    values[50] = np.nan
    holed = dataclasses.replace(series, values=values)
    made = replay(holed, [write("fill", {"how": "straight line", "until": str(series.index[80])})])
    assert settled(made) == series.index[80]
    assert small(made, "rnn", validation=20).validation == 20
    with pytest.raises(Lesson, match="at most 20 values"):
        small(made, "rnn", validation=21)
    with pytest.raises(Lesson, match="until when"):
        replay(holed, [write("fill", {"how": "straight line"})])


def test_an_outlier_is_far_from_the_values_before_it():
    random = np.random.default_rng(0)
    values = random.normal(100, 1, 400)
    values[[70, 200, 399]] = 200, 0, 130
    series = Series("spiky", pd.date_range("2000", periods=400, freq="D"), values)
    made = replay(series, [write("outliers", {"threshold": 8})])
    assert np.flatnonzero(np.isnan(made.values)).tolist() == [70, 200, 399]
    assert made.repairs[0].startswith("3 values lie more than 8 deviations from the median of the 9 before at the same")
    for seasonal, before in ((True, slice(200 - 9 * 7, 200, 7)), (False, slice(191, 200))):
        median = replay(series, [write("outliers", {"threshold": 8, "become": "median", "seasonal": seasonal})])
        assert median.values[200] == np.median(values[before])
    limit = replay(series, [write("outliers", {"threshold": 8, "become": "limit"})])
    assert 100 < limit.values[70] < 120


def test_a_sunday_is_compared_with_sundays():
    random = np.random.default_rng(0)
    days = pd.date_range("2000-01-03", periods=700, freq="D")
    values = np.where(days.day_of_week >= 5, 50.0, 100.0) + random.normal(0, 1, 700)
    values[599] = 55  # a Friday that is like a Sunday
    made = replay(Series("trips", days, values), [write("outliers", {"threshold": 8})])
    assert np.flatnonzero(np.isnan(made.values)).tolist() == [599]


def test_the_calendar_knows_days_and_holidays():
    series = Series("load", pd.date_range("2012-01-01", periods=366, freq="D"), np.arange(366.0))
    made = replay(series, [write("calendar", {"country": "AU-VIC"})])
    table = pd.DataFrame(made.covariates.values[:366], series.index, columns=list(made.covariates.names))
    assert made.covariates.known == (True,) * 4
    assert table.loc["2012-11-06", "holiday"] == 1  # Melbourne Cup
    assert table.loc["2012-11-06", "Sunday or holiday"] == 1
    assert table.loc["2012-11-10", "Saturday"] == 1
    assert (table.drop(columns="holiday").sum(axis=1) == 1).all()
    assert decide(made, "rnn").known_ahead == made.covariates.names
    again = replay(made, [write("calendar", {"day_type": True, "weekday": True})])
    assert len(again.covariates) == 11


def test_moments_are_close_to_their_neighbours_over_new_year_and_midnight():
    made = replay(hours(), [write("calendar", {"day_type": False, "month": True, "hour": True})])
    beyond = made.covariates.take(made.covariates.names[2:], 24 * 366)
    assert np.abs(np.diff(beyond, axis=0))[: len(hours())].max() < 0.3


@pytest.mark.parametrize(
    ("name", "decisions", "words"),
    [
        ("melt", {}, "no step “melt”"),
        ("fill", {"how": "magic"}, "“how” of “Fill gaps”"),
        ("fill", {"colour": "red"}, "“colour”"),
        ("part", {"start": "yesterday"}, "not a moment"),
        ("part", {"start": "2030-01-01"}, "no value from"),
        ("part", {"start": "2000-01-05", "end": "2000-01-05 01:00"}, "Only 2 values"),
        ("resample", {"to": "hour"}, "no more than one value"),
        ("resample", {"to": "year"}, "whole years"),
        ("remove", {}, "remove every value"),
        ("remove", {"above": 1e9}, "no such value"),
        ("calendar", {"country": "XX"}, "No holidays are known"),
        ("calendar", {"country": "US-XX"}, "No holidays are known"),
        ("calendar", {"day_type": False}, "Nothing was chosen"),
    ],
)
def test_what_cannot_be_done_is_a_lesson(name, decisions, words):
    with pytest.raises(Lesson, match=words) as found:
        replay(hours(), [write(name, decisions)])
    assert found.value.mend


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"unrolled preparation": [1]}', "[" * 100_000, '{"unrolled preparation": 3}']
)
def test_a_text_that_is_no_recipe_is_a_lesson(text):
    with pytest.raises(Lesson, match="not a preparation"):
        imported(text)


def test_steps_come_back_from_the_run_file(tmp_path):
    made = replay(
        accompanied(), [write("calendar", {"day_type": False, "month": True}), write("part", {"start": "2001"})]
    )
    with Trace(kept(made, small(made), tmp_path)) as trace:
        assert trace.series.steps == made.steps
        assert trace.series.hash == made.hash
    assert json.dumps(accompanied().head()).count("steps") == 0


@pytest.mark.parametrize("freq", ["h", "D", "W-SAT", "MS", "QS", "YS", "B"])
def test_what_suits_a_series_can_be_done_to_it(freq):
    n = 2000 if freq in ("h", "D") else 200
    series = Series("any", pd.date_range("1990-01-01", periods=n, freq=freq), wave(n).values)
    for step in steps().values():
        if step.name in ("remove", "resample" if freq == "YS" else ""):
            continue
        made = replay(series, [write(step.name, step.suited(series))])
        assert np.isfinite(made.values).all() or step.name == "outliers"
