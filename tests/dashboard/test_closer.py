"""What the closer looks say and draw: counted from one, unit 1 above, a weight as it stands in the run."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.closer.breaking import KINDS, words
from dashboard.closer.forking import weights
from dashboard.closer.picking import counted
from dashboard.closer.window import figure
from dashboard.views.palette import DIVERGING
from engine.breakpoints import condition
from engine.nouns.trace import Trace
from engine.replaying import restore
from engine.worker import work
from tests.makers import kept, small, wave

DATES = ["Jan 2000", "Feb 2000", "Mar 2000"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("hidden.1[window=probe, t=7, unit=16]", "time step 8, unit 17"),
        ("forecast[window=3, ahead=0]", "window 4, step ahead 1"),
        ("gradient W_h.1[2, 5]", ""),
        ("loss", ""),
    ],
)
def test_a_place_is_counted_from_one(place, said):
    assert counted(place) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"when": "norm", "over": 3}, "the gradient's norm is over 3"),
        ({"when": "validation", "measurements": 5}, "validation has not improved for 5 measurements"),
        ({"when": "update", "number": 17}, "update 17 is done"),
        ({"when": "clipped"}, "the gradient was clipped"),
        ({"when": "not a number"}, "the loss is not a number"),
        (
            {"when": "unit", "signal": "hidden.1", "time": 7, "unit": 2, "crosses": 0.5},
            "hidden state, layer 1, time step 8, unit 3, crosses 0.5",
        ),
    ],
)
def test_a_condition_is_said_as_a_sentence(told, said):
    assert words(condition(told).model_dump()) == said


def test_every_kind_of_condition_can_be_said():
    assert {"norm", "not a number", "clipped", "validation", "update", "unit"} == set(KINDS)


def test_a_window_is_drawn_with_its_first_unit_above_and_says_the_dates():
    values = np.random.default_rng(0).normal(size=(3, 5))
    drawn = figure(values, ["time", "unit"], DATES, DIVERGING["dark"])
    heatmap = drawn.data[0]
    assert (list(heatmap.x), list(heatmap.y)) == ([1, 2, 3], [1, 2, 3, 4, 5])
    assert drawn.layout.yaxis.autorange == "reversed"
    np.testing.assert_array_equal(heatmap.z, values.T)
    assert list(heatmap.customdata[4]) == DATES
    assert drawn.layout.coloraxis.cmax == np.abs(values).max() == -drawn.layout.coloraxis.cmin
    assert [tuple(stop) for stop in drawn.layout.coloraxis.colorscale] == DIVERGING["dark"]


def test_what_has_no_time_has_no_dates():
    drawn = figure(np.array([1.0, np.nan, 2.0]), ["step ahead"], DATES, DIVERGING["light"])
    assert list(drawn.data[0].customdata) == ["", "", ""]
    assert list(drawn.data[0].x) == [1, 2, 3]


def test_a_fork_begins_with_the_weight_that_the_run_had(tmp_path):
    series = wave()
    path = kept(series, small(series, "lstm"), tmp_path)
    work(path)
    with Trace(path) as trace:
        found, frame = weights(trace, 7), restore(trace, 7)
        flat = np.concatenate([part.ravel() for part in found.values()])
        np.testing.assert_array_equal(flat, frame.signals["weights"])
        assert {name: part.shape for name, part in found.items()} == trace.parameters
