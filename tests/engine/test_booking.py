"""Book mode in tasks: what it is made of, what is kept, and that a SARIMA's chunks are its days."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest

from engine.comparing import cells
from engine.errors import Lesson
from engine.estimating.book import as_in_the_book, by_exact_likelihood
from engine.nouns.covariates import Covariates
from engine.nouns.series import Series
from engine.recipes import booking
from engine.recipes.book import RECIPES, Recipe
from engine.recipes.published import of_the_chapter
from tests.makers import SHARED, wave


def two_targets(n: int = 300) -> Series:
    series = wave(n, "D", 7)
    bus = Covariates(("bus",), (2 * series.values[:, None] + 1), (False,))
    return dataclasses.replace(series, covariates=bus)


def asked(shown: Series, seeds: int) -> booking.Book:
    return booking.Book(series=shown.hash, seeds=seeds)


def test_days_whose_kinds_end_with_them_are_taken_up_to_the_last_whose_next_is_known():
    series, kinds = two_targets(), np.arange(300.0)[:, None] % 2
    rows = np.hstack([series.covariates.values, kinds])
    with_kinds = dataclasses.replace(series, covariates=Covariates(("bus", "holiday"), rows, (False, True)))
    shown = booking.material(with_kinds)
    assert shown.index[-1] == series.index[-2]
    assert np.isfinite(shown.covariates.values).all()
    np.testing.assert_array_equal(shown.covariates.values[-1], [*series.covariates.values[-2], kinds[-1, 0]])
    assert booking.material(two_targets()).index[-1] == series.index[-1]  # a calendar's are always known


def test_a_sarimas_chunks_are_its_days_one_by_one():
    shown = booking.material(two_targets())
    values = np.array(shown.values[-booking.VALIDATION :])
    days = [task for task in booking.tasks(asked(shown, 1)).values() if task.name == "exact"]
    told = np.concatenate([booking.compute(shown, task)["errors"] for task in days[:1]])
    alone = by_exact_likelihood(values[: days[0].last], days[0].first)
    np.testing.assert_allclose(told, np.abs(values[days[0].first : days[0].last] - alone))
    assert [day for task in days for day in range(task.first, task.last)] == [*range(59, 151)]
    assert as_in_the_book(values[:61], 60).shape == (1,)


def test_what_is_done_is_kept_and_only_the_rest_is_done_again(monkeypatch):
    monkeypatch.setitem(RECIPES, "univariate", Recipe("tiny", {"hidden": 1, "learning_rate": 0.05}))
    monkeypatch.setattr("engine.recipes.book.EPOCHS", 1)
    shown = booking.material(two_targets())
    wanted = booking.tasks(asked(shown, 2))
    few = {key: task for key, task in wanted.items() if task.name in ("univariate", "direct")}
    monkeypatch.setattr(booking, "tasks", lambda *_: few)
    kept = booking.keep(shown, 2)
    kept.begin("book", {key: task.title for key, task in few.items()})
    booking.work(kept, workers=1)
    progress = kept.progress("book")
    assert (progress.done, progress.failed) == (4, ())
    found = booking.results(shown, asked(shown, 2))
    assert found["univariate"].errors.shape == (2, 1)
    assert found["direct"].errors.shape == (2, 14)
    np.testing.assert_array_equal(found["univariate"].errors[0], cells.read(next(iter(few)))["errors"])
    monkeypatch.setattr(booking, "compute", None)  # nothing is left to do
    booking.work(kept, workers=1)
    assert kept.progress("book").over


def test_a_series_that_the_recipe_cannot_carry_is_a_lesson():
    with pytest.raises(Lesson, match="second column"):
        booking.material(wave(300, "D", 7))
    with pytest.raises(Lesson, match="keeps 151 days"):
        booking.material(two_targets(200))
    with pytest.raises(Lesson, match="daily"):
        booking.material(wave())


@pytest.mark.skipif(not SHARED.exists(), reason="The ridership file is not here.")
def test_only_the_ridership_itself_is_held_against_the_printed_numbers():
    table = pd.read_csv(SHARED / "ageron_data" / "CTA_-_Ridership_-_Daily_Boarding_Totals.csv",
                        parse_dates=["service_date"])  # fmt: skip
    days = table.drop_duplicates().set_index("service_date").sort_index().asfreq("D")
    rail = Series("rail", days.index, days["rail_boardings"].to_numpy(float))
    cut = of_the_chapter(rail)
    assert (len(cut), str(cut.index[0].date()), str(cut.index[-1].date())) == (1247, "2016-01-01", "2019-05-31")
    other = np.array(rail.values)
    other[6000] += 1
    assert of_the_chapter(dataclasses.replace(rail, values=other)) is None
    assert of_the_chapter(wave()) is None


def test_a_sarima_is_told_once_all_its_days_are_there_beside_the_week_before():
    shown = booking.material(two_targets())
    days = {key: task for key, task in booking.tasks(asked(shown, 1)).items() if task.name == "book"}
    *most, last = days
    for place, key in enumerate(most):
        cells.keep(key, {"errors": np.full(booking.CHUNK, float(place))})
    assert "book" not in booking.results(shown, asked(shown, 1))
    cells.keep(last, {"errors": np.full(booking.CHUNK, 3.0)})
    found = booking.results(shown, asked(shown, 1))["book"]
    assert found.errors.item() == 1.5
    values = shown.values
    week = [abs(values[day] - values[day - 7]) for day in range(len(values) - booking.FITTED, len(values))]
    np.testing.assert_allclose(found.naive, np.mean(week))
