"""Forecasters over several series: ranks and chance by the book, what is left out, and one grid for all."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.stats import rankdata

from engine.comparing import cells, keeping, many, working
from engine.comparing.board import board
from engine.comparing.plan import keys, plan
from engine.comparing.ranking import Ranking, by_series, ranking, table, verdict
from engine.comparing.rolled import rolled
from engine.errors import Lesson
from tests.makers import wave

NAMES = ["last_value", "seasonal_naive", "theta"]


def named(name, **more):
    return dataclasses.replace(wave(80, "D", 7, **more), name=name)


def asked(*series):
    return [(one, plan(one, NAMES, 3, 4, seeds=1)) for one in series]


def made_up(ranks, names=("theta", "ets", "last_value", "drift")):
    ranks = np.asarray(ranks, float)
    return Ranking(tuple(f"s{k}" for k in range(len(ranks))), names[: ranks.shape[1]], ranks, ranks, ())


def test_ranks_are_scipys_of_the_leaderboards_mase():
    two = [named("one", noise=0.5), named("other", noise=1.0)]
    for series, one in asked(*two):
        for key, cell in keys(series, one).items():
            cells.keep(key, cells.compute(series, cell))
    found = {series.name: rolled(series, one) for series, one in asked(*two)}
    said = ranking(found)
    for place, one in enumerate(found.values()):
        theirs = {row.name: row.scores["mase"] for row in board(one, (90.0,), 90.0)}
        np.testing.assert_allclose(said.mase[place], [theirs[name] for name in said.names])
        np.testing.assert_array_equal(said.ranks[place], rankdata(said.mase[place]))
    assert (np.diff(said.mean_ranks) >= 0).all()
    assert table(said)["Mean MASE"].tolist() == said.mase.mean(axis=0).tolist()
    assert list(by_series(said).index) == ["one", "other"]


@pytest.mark.parametrize(("count", "q"), [(2, 1.960), (3, 2.343), (4, 2.569)])
def test_the_critical_difference_is_that_of_demsars_table(count, q):
    """Demšar 2006, table 5(a)."""
    ranks = np.tile(np.arange(1, count + 1), (30, 1))
    expected = q * np.sqrt(count * (count + 1) / (6 * 30))
    assert made_up(ranks).critical == pytest.approx(expected, rel=1e-3)


def test_a_lead_is_more_than_chance_over_many_series_and_noise_over_few():
    row = [[1, 2, 3, 4]]
    assert "more than chance" in verdict(made_up(row * 30))
    assert "too few" in verdict(made_up(row * 4))
    mixed = made_up([[1, 2, 3, 4], [4, 3, 2, 1], [1, 3, 2, 4], [3, 1, 4, 2], [2, 4, 1, 3], [1, 2, 3, 4]])
    assert "Noise" in verdict(mixed)
    assert "The naive line wins" in verdict(made_up([[1, 2]] * 9, ("drift", "theta")))


def test_a_forecaster_that_is_not_there_for_every_series_is_left_out_and_said():
    series, other = named("one", noise=0.5), named("other", noise=1.0)
    chosen = asked(series, other)
    for one, decided in chosen:
        for key, cell in keys(one, decided).items():
            if (one.name, cell.model) != ("other", "theta"):
                cells.keep(key, cells.compute(one, cell))
    said = ranking({one.name: rolled(one, decided) for one, decided in chosen})
    assert "theta" not in said.names
    assert "Theta" in said.left_out[0]


def test_one_process_fills_the_cells_of_all_and_each_can_be_opened_alone():
    chosen = asked(named("one", noise=0.5), named("other", noise=1.0))
    kept = many.keep(chosen)
    todo, titles = working._todo(kept, "many")
    kept.begin("many", titles, {key: cell.model for key, cell in todo.items()})
    working.work(kept, "many", workers=1)
    progress = kept.progress("many")
    assert progress.over
    assert progress.total == progress.done == 2 * 3 * 4
    assert {title.split(":")[0] for title in titles.values()} == {"one", "other"}
    for series, decided in chosen:
        alone = keeping.comparison(decided.id)
        assert alone.series.hash == series.hash
        assert set(rolled(alone.series, alone.plan).whole) == set(NAMES)
    assert list(many.members(kept)) == ["one", "other"]
    with pytest.raises(Lesson, match="not here"):
        many.members(keeping.comparison(chosen[0][1].id))
