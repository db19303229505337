"""The plots of preparing: no more points than pixels, what a model is shown, parts, and what was changed."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dashboard.preparing import change_plot, correlogram, decomposition_plot, parts_plot, window_plot
from dashboard.preparing.thinning import MOST, thinned
from engine.deciding import decide
from engine.describing.memory import correlations
from engine.nouns.series import Series
from engine.preparing.prepare import prepare
from engine.preparing.recipe import replay, write
from engine.preparing.shown import window
from engine.training.device import device
from engine.training.windows import Windows
from tests.makers import accompanied, holed, small, wave


def test_no_plot_gets_more_points_than_pixels():
    values = np.random.default_rng(0).normal(size=100_000)
    values[[17, 50_003]], values[70_000] = (40, -40), np.nan
    shown = thinned(values)
    assert len(shown) <= MOST
    assert {0, 17, 50_003, 70_000, 99_999} <= set(shown)
    long = Series("long", pd.date_range("2000", periods=100_000, freq="h"), values)
    filled = replay(long, [write("fill", {}), write("outliers", {})])
    parts = {"trend": values, "remainder": values}
    for figure in (
        parts_plot.figure(filled, long, 90_000, 95_000, (10, 50, 10)),
        change_plot.figure(long, filled),
        decomposition_plot.figure(long.index, parts),
    ):
        assert max(len(trace.x) for trace in figure.data) <= MOST


@pytest.mark.parametrize("anchor", ["level", "change"])
@pytest.mark.parametrize("difference", [0, 1])
def test_a_window_is_drawn_as_the_model_is_shown_it(anchor, difference):
    series = accompanied(150)
    run = small(series, "rnn", anchor=anchor, difference=difference, transform="log")
    prepared_ = prepare(run, series)
    windows = Windows(prepared_, 8, device())
    for start in (5, prepared_.split - run.window):
        found = window(prepared_, start)
        inputs, targets = windows.take(np.array([start]))
        np.testing.assert_allclose(found.inputs, inputs[0].numpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.wanted, targets[0].numpy(), rtol=1e-5, atol=1e-6)
        np.testing.assert_allclose(found.known, windows.ahead(np.array([start])).known[0].numpy(), rtol=1e-5)
        np.testing.assert_array_equal(found.raw, series.values[start : start + run.window])
        drawn = window_plot.figure(prepared_, found)
        np.testing.assert_array_equal(drawn.data[0].y, found.raw)
        np.testing.assert_array_equal(drawn.data[3].y, found.wanted)
        assert drawn.data[4].z.shape == (2, run.window + run.horizon)


def test_the_parts_are_shaded_where_they_begin():
    series = wave(100)
    drawn = parts_plot.figure(series, series, 70, 90, None)
    assert [trace.name for trace in drawn.data] == ["training", "validation", "test"]
    bounds = [(shape.x0, shape.x1) for shape in drawn.layout.shapes]
    stamps = [series.index[0], series.index[70], series.index[90], series.future(1)[0]]
    assert bounds == list(zip(stamps[:-1], stamps[1:], strict=True))
    assert decide(series, "rnn", test=10).test == 10


def test_filled_and_removed_values_are_marked():
    series = holed()
    made = replay(series, [write("outliers", {"threshold": 8.0}), write("fill", {})])
    drawn = {trace.name: trace for trace in change_plot.figure(series, made).data}
    assert set(drawn["put in place"].x) == set(series.index[[20, 21, 60, 100]].to_numpy())
    removed = replay(series, [write("remove", {"above": 50.0})])
    drawn = {trace.name: trace for trace in change_plot.figure(series, removed).data}
    assert list(drawn["removed"].y) == [90]


def test_a_correlogram_says_whether_the_season_stands_out():
    found = correlations(wave(300, noise=0.5).values, 36)
    assert "12 steps, it is 0." in correlogram.sentence(found, 12)
    assert "stands out" in correlogram.sentence(found, 12)
    assert len(correlogram.figure(found, 12).data[2].y) == 36
