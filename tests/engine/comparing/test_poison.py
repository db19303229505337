"""Whatever comes after an origin, no forecaster's forecast moves by a bit: all models, all strategies, every fold."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest

from engine.comparing import cells
from engine.comparing.board import said
from engine.comparing.leaking import POISONS, holds, poisoned
from engine.comparing.plan import plan
from engine.comparing.rolled import gather
from engine.forecasters import beside, networks
from engine.forecasting import forecasters
from engine.kernels import compiling
from engine.nouns.series import Series
from engine.recipes import recommended
from engine.samples import sample
from tests.makers import accompanied, wave

TINY = {"updates": 3, "batch": 4}
SMALLER = {"hidden": 2, "channels": 2, "layers": 1}


@pytest.fixture(autouse=True)
def _tiny_networks(monkeypatch):
    """Networks of two units that are trained for three updates: a leak does not need more."""
    whole = networks.plan

    def small(series, model, strategy, horizon, settings, **sizes):
        known = networks.models()["seq2seq" if strategy == "seq2seq" else model].settings.model_fields
        tiny = {name: value for name, value in {**TINY, **SMALLER}.items() if name in known}
        return whole(series, model, strategy, horizon, tiny, **{**sizes, "window": 8, "validation": 6})

    monkeypatch.setattr(networks, "plan", small)
    monkeypatch.setattr(recommended, "CANDIDATES", recommended.CANDIDATES[2:4])
    monkeypatch.setattr(beside, "COMPETING", range(1))
    monkeypatch.setattr(beside, "TAKEN", range(2))


@pytest.mark.parametrize("name", forecasters())
def test_no_forecast_moves_when_the_future_is_poisoned(name):
    series = accompanied(64, ahead=3) if forecasters()[name].seeded else wave(64, *("D", 7) * (name == "beside"))
    folds = list(plan(series, [name], 3, 2, seeds=1).cells())
    assert len(folds) == 2
    assert all(holds(series, cell) for cell in folds)


def test_kernels_that_become_ready_between_two_fits_are_no_leak(monkeypatch):
    asked = count()
    monkeypatch.setattr(compiling, "ready", lambda: next(asked) > 0)
    (fold,) = plan(wave(64), ["auto_sarima"], 3, 1).cells()
    assert holds(wave(64), fold)
    assert next(asked) == 1


def test_intervals_and_ensembles_at_an_origin_do_not_move_either():
    """What is made of several origins is poisoned too: everything after one of them, and all is compared up to it."""
    series = sample("AirPassengers")
    chosen = plan(series, ["theta", "sarima", "drift"], 3, 14, 2, seeds=1)

    points = {
        cell.model: cells.compute(series, cell)["point"][None]
        for cell in plan(series, ["theta", "sarima", "drift"], 3, 14, 2, refit=0, seeds=1).cells()
    }

    def everything(of: Series):
        found = gather(of, chosen.origins, 3, points, {})
        return found, [said(found, name, (80, 90), 90) for name in found.points]

    clean, before = everything(series)
    for fold in (10, 13):
        for poison in POISONS:
            other, after = everything(poisoned(series, chosen.origins[fold], poison))
            for name in clean.points:
                same = np.array_equal(clean.points[name][:, : fold + 1], other.points[name][:, : fold + 1])
                assert same, name
            for left, right in zip(before, after, strict=True):
                np.testing.assert_array_equal(left.lower[: fold + 1], right.lower[: fold + 1])
                np.testing.assert_array_equal(left.upper[: fold + 1], right.upper[: fold + 1])
