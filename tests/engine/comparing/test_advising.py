"""A recommendation is chosen on a first part, judged on a later one, and forecasts by what was chosen."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine.comparing.advising import advice_plan, advise, in_words, named, next_forecast, next_plan
from engine.comparing.partly import fair, part
from engine.comparing.plan import keys, plan
from engine.comparing.rolled import naive, rolled
from engine.comparing.running import run
from engine.errors import Lesson
from engine.forecasting import forecaster
from engine.samples import sample
from tests.makers import wave

AIR = sample("AirPassengers")
MODELS = ("last_value", "seasonal_naive", "theta", "seasonal_drift")


def done(series, asked):
    for _ in run(series, asked, workers=1):
        pass
    return rolled(series, asked)


@pytest.fixture(scope="module")
def advised(tmp_path_factory):
    asked = advice_plan(AIR, 6, MODELS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("UNROLLED_RUNS", str(tmp_path_factory.mktemp("runs")))
        found = done(AIR, asked)
    return asked, found, advise(found, asked)


def test_it_is_chosen_by_values_that_all_come_before_the_first_origin_it_is_judged_from():
    for n, horizon in ((144, 12), (60, 3), (400, 30), (35, 2)):
        asked = advice_plan(wave(n), horizon, MODELS)
        half = asked.refit
        assert asked.origins[half - 1] + horizon <= asked.origins[half]
        assert asked.origins[-1] + horizon == n
        assert len(asked.origins) == 2 * half


def test_another_end_of_the_series_changes_what_is_said_of_it_and_not_what_is_chosen(advised):
    asked, found, advice = advised
    values = AIR.values.copy()
    values[asked.origins[asked.refit] :] = 3 * values[::-1][: len(values) - asked.origins[asked.refit]]
    other = dataclasses.replace(AIR, values=values)
    again = advice_plan(other, 6, MODELS)
    told = advise(done(other, again), again)
    assert (told.choice.name, told.choice.members, told.rival) == (
        advice.choice.name,
        advice.choice.members,
        advice.rival,
    )
    assert told.choice.sentence == advice.choice.sentence
    assert not np.allclose(told.errors, advice.errors)


def test_errors_are_means_over_the_later_origins_alone(advised):
    asked, found, advice = advised
    rows = slice(asked.refit, None)
    errors = np.abs(found.points[advice.choice.name][0, rows] - found.truth[rows])
    np.testing.assert_allclose(advice.errors, errors.mean(axis=0))
    assert naive(advice.rival)
    assert f"{asked.refit} later origins" in in_words(advice)


def test_where_the_season_repeats_exactly_nothing_beats_the_line_that_says_so():
    series = wave(120, noise=0.0)
    asked = advice_plan(series, 6, MODELS)
    advice = advise(done(series, asked), asked)
    assert advice.choice.name == "seasonal_naive"
    assert not naive(advice.rival)
    np.testing.assert_allclose(advice.errors, 0, atol=1e-9)
    assert advice.leads.all()
    assert named(advice.choice) == "Seasonal naive"


def test_its_forecast_is_that_of_its_members_fitted_on_everything(advised):
    asked, found, advice = advised
    wanted = next_plan(AIR, advice)
    assert next_forecast(AIR, wanted, advice, found) is None
    for _ in run(AIR, wanted, workers=1):
        pass
    said = next_forecast(AIR, wanted, advice, found)
    if len(advice.choice.members) == 1:
        alone = forecaster(advice.choice.name).fit(AIR, 6, 0).forecast(AIR, 6)
        np.testing.assert_array_equal(said.point, alone.point)
    assert said.index[0] > AIR.index[-1]
    low, high = said.intervals[90.0]
    assert (low < said.point).all()
    assert (said.point < high).all()


def test_a_series_too_short_to_choose_and_to_judge_by_is_a_lesson():
    with pytest.raises(Lesson, match="at most 8 ahead"):
        advice_plan(wave(40), 9)


def test_while_it_is_under_way_only_origins_that_all_who_are_shown_have_finished_are_compared():
    asked = plan(AIR, MODELS, 4, 5)
    whole = done(AIR, asked)
    points = {name: point.copy() for name, point in whole.points.items()}
    points["theta"][0, 3:] = np.nan
    points["last_value"][:] = np.nan
    found, waited_for = fair(dataclasses.replace(whole, points=points), AIR)
    assert waited_for == ("last_value",)
    assert found.origins == asked.origins[:3]
    np.testing.assert_array_equal(found.points["seasonal_naive"], whole.points["seasonal_naive"][:, :3])
    without, _ = fair(dataclasses.replace(whole, points=points), AIR, failed=("theta",))
    assert without.origins == asked.origins
    assert len(keys(AIR, asked)) == 20
    assert part(whole, slice(2, None)).origins == asked.origins[2:]


@pytest.mark.parametrize(("errors", "margin", "words"), [
    ([1, 1, 1], 0.5, "It had the lower error at all 3 steps ahead, by more than chance at all of them."),
    ([1, 1, 3], 0.5, "It had the lower error up to 2 steps ahead, by more than chance at all of them."),
    ([1, 3, 1], 2.0, "It had the lower error at steps 1 and 3 of 3, by more than chance at none of them."),
    ([3, 1, 1.9], 0.5, "It had the lower error at steps 2 to 3 of 3, by more than chance at step 2 of 3."),
    ([3, 3, 3], 0.5, "would have served better. It had the lower error at no step"),
])  # fmt: skip
def test_it_says_at_which_steps_it_leads_and_at_which_by_more_than_chance(advised, errors, margin, words):
    other = {"errors": np.array(errors, float), "rival_errors": np.full(3, 2.0), "margin": np.full(3, margin)}
    said = in_words(dataclasses.replace(advised[2], **other))
    assert words in said
