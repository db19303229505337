"""Our own recommendation: chosen and fitted on a past alone, the median of an ensemble."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from engine.comparing.advising import advice_plan
from engine.errors import Lesson
from engine.forecasters import beside
from engine.forecasting import forecaster
from engine.nouns.past import past
from engine.recipes import recommended
from engine.recipes.recommended import LEVEL, SIZES, Candidate, chosen, ensemble, forecast, shown_ahead
from engine.saying import heard
from tests.engine.test_recipes import transport
from tests.makers import wave

QUICK = {"updates": 20, "hidden": 4}
TWO = (
    Candidate("small FNN", "fnn", "direct", {**QUICK, "updates": 150}, LEVEL | {"window": 14, "validation": 20}),
    Candidate("untrained RNN", "rnn", "seq2seq", {**QUICK, "updates": 1}, SIZES | {"window": 14, "validation": 20}),
)


def test_every_column_known_ahead_is_shown_one_step_early_beside_the_calendar():
    series = transport(120)
    shown = shown_ahead(series).covariates
    taken = dict(zip(shown.names, shown.values.T, strict=True))
    np.testing.assert_array_equal(taken["next day: holiday"][:120], series.covariates.values[1:121, 1])
    np.testing.assert_array_equal(taken["next day: is Monday"][:119], (series.index[1:].day_of_week == 0).astype(float))
    ends = [name for name in shown.names if name not in shown.known_among(shown.names)]
    assert ends[0] == "bus"
    assert all(name.startswith("next day: ") for name in ends[1:])
    assert np.isnan(taken["next day: holiday"][120:]).all()


def test_who_errs_least_before_the_end_of_the_past_is_chosen_and_the_errors_are_plain_means():
    series = past(shown_ahead(transport(160)), 150, 2)
    found = chosen(series, 2, 30, (0,), TWO)
    assert list(found) == ["small FNN", "untrained RNN"]
    assert found["small FNN"] < found["untrained RNN"]
    (member,) = ensemble(past(series, 120, 2), TWO[0], 2, (0,))
    origins = np.arange(120, 149)
    truth = series.values[origins[:, None] + np.arange(2)]
    assert found["small FNN"] == np.abs(truth - member.told(series, origins, 2)).mean()


def test_as_a_forecaster_it_is_the_best_candidate_on_the_end_of_the_past_refitted_by_more_seeds(monkeypatch):
    monkeypatch.setattr(recommended, "CANDIDATES", TWO)
    monkeypatch.setattr(beside, "TAKEN", range(2))
    history = past(transport(160), 150, 2)
    parts: list[tuple[int, int]] = []
    with heard(lambda *part: parts.append(part)):
        said = forecaster("beside").fit(history, 2, 0).forecast(history, 2).point
    assert parts == [(done, 6) for done in range(1, 7)]  # two candidates by two seeds, two of the one taken
    shown = shown_ahead(history)
    members = ensemble(shown, TWO[0], 2, range(2))
    np.testing.assert_array_equal(said, np.median([one.told(shown, np.array([150]), 2)[0] for one in members], axis=0))


@pytest.mark.parametrize("name", ["fnn", "fnn-iterative", "beside"])
def test_past_the_end_of_a_column_that_is_known_ahead_a_network_says_so_instead_of_forecasting_nothing(
    name, monkeypatch
):
    monkeypatch.setattr(recommended, "CANDIDATES", TWO[:1])
    monkeypatch.setattr(beside, "COMPETING", range(1))
    monkeypatch.setattr(beside, "TAKEN", range(1))
    whole = transport(160, ahead=1)
    fitted = forecaster(name).fit(past(whole, 150, 3), 3, 0)
    assert np.isfinite(fitted.forecast(past(whole, 155, 3), 3).point).all()
    with pytest.raises(Lesson, match="“holiday” is known ahead for 1 of the 3 steps"):
        fitted.forecast(whole, 3)


def test_it_is_offered_by_itself_only_for_days_with_columns_beside_them():
    long, bare = transport(600), wave(600, "D", 7)
    assert "beside" in advice_plan(long, 7).models
    assert not any("beside" in advice_plan(series, 7).models for series in (bare, transport(400), wave(600)))


def test_an_ensemble_is_the_median_of_its_members_at_every_origin():
    series = shown_ahead(transport(160))
    members = ensemble(past(series, 120, 2), TWO[0], 2, (0, 1, 2))
    origins = np.array([120, 140, 160])
    told = np.array([member.told(series, origins, 2) for member in members])
    np.testing.assert_array_equal(forecast(series, members, origins, 2), np.sort(told, axis=0)[1])
    at_end = members[0].forecast(past(series, 140, 2), 2).point
    np.testing.assert_allclose(at_end, told[0][1], rtol=1e-12)


def test_a_poisoned_future_changes_neither_the_choice_nor_a_bit_of_the_forecast():
    series = shown_ahead(transport(160))
    table = np.array(series.covariates.values)
    table[130:160, 0] = -1e9
    poisoned = dataclasses.replace(
        series,
        values=np.where(np.arange(160) < 130, series.values, 1e9),
        covariates=dataclasses.replace(series.covariates, values=table),
    )
    found = []
    for whole in (series, poisoned):
        training = past(whole, 130, 2)
        ranking = chosen(training, 2, 20, (0,), TWO)
        members = ensemble(training, TWO[0], 2, (0,))
        found.append((ranking, forecast(whole, members, np.array([130]), 2).tolist()))
    assert found[0] == found[1]
