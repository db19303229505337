"""Transforms: exact there and back, learned from the training part alone, bit for bit. Run: pytest tests/engine"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.preparing.differencing import Differences
from engine.preparing.power import learn_power
from engine.preparing.scaling import learn_scale
from tests.makers import wave

TRANSFORMS = ("none", "log", "box-cox")
SCALINGS = ("standard", "robust", "range", "power of ten", "none")
DIFFERENCES = ((0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1))


def walk(n: int, seed: int, size: float = 1.0) -> np.ndarray:
    """Values above zero over several orders of magnitude."""
    return size * np.exp(np.cumsum(np.random.default_rng(seed).normal(0, 0.2, n)))


@given(st.integers(0, 999), st.floats(1e-6, 1e9), st.sampled_from(TRANSFORMS))
def test_a_power_transform_inverts_exactly(seed, size, transform):
    values = walk(200, seed, size)
    power = learn_power(transform, values[:150])
    np.testing.assert_allclose(power.undo(power.apply(values)), values, rtol=1e-9)


@given(st.integers(0, 999), st.sampled_from(DIFFERENCES), st.integers(2, 24), st.integers(1, 60))
def test_differences_invert_exactly_from_any_origins(seed, times, period, horizon):
    values = walk(200, seed, 1e4)
    differences = Differences(*times, period)
    changes, origins = differences.apply(values), np.array([100, 140])
    assert np.isnan(changes[: differences.lost]).all()
    assert np.isfinite(changes[differences.lost :]).all()
    ahead = np.stack([changes[o : o + horizon] for o in origins])
    truth = np.stack([values[o : o + horizon] for o in origins])
    np.testing.assert_allclose(differences.undo(ahead, values, origins), truth, rtol=1e-9, atol=1e-9 * values.max())


def test_differences_are_what_three_lines_say():
    y, both = walk(60, 1), Differences(1, 1, 7)
    by_hand = [(y[t] - y[t - 7]) - (y[t - 1] - y[t - 8]) for t in range(8, 60)]
    np.testing.assert_allclose(both.apply(y)[8:], by_hand, atol=1e-12)
    assert both.weights == {0: 1, 1: -1, 7: -1, 8: 1}


@pytest.mark.parametrize("seed", range(3))
def test_box_cox_finds_scipys_exponent(seed):
    values = 50 + 5 * np.random.default_rng(seed).gamma(2, 3, 400)
    theirs = scipy.stats.boxcox(values)[1]
    ours = learn_power("box-cox", values)
    assert ours.exponent == pytest.approx(np.clip(theirs, -1, 2), abs=1e-4)
    u = values / ours.typical
    np.testing.assert_allclose(ours.apply(values), scipy.stats.boxcox(u, ours.exponent), rtol=1e-9, atol=1e-12)


def test_a_forecast_no_value_transforms_to_becomes_the_nearest_possible():
    half = dataclasses.replace(learn_power("log", np.ones(3)), exponent=0.5)
    assert half.undo(np.array([-100.0])) == 0
    assert dataclasses.replace(half, exponent=-0.5).undo(np.array([100.0])) == np.inf


def test_scales_are_what_their_names_say():
    values = np.append(walk(99, 2), np.nan)
    known = values[:99]
    assert learn_scale("robust", values).middle == np.median(known)
    assert learn_scale("robust", values).spread == pytest.approx(scipy.stats.iqr(known, scale="normal"))
    assert learn_scale("range", values).apply(known).min() == 0
    assert learn_scale("range", values).apply(known).max() == 1
    np.testing.assert_array_equal(learn_scale("none", values).apply(known), known)


def test_what_cannot_be_transformed_is_a_lesson():
    series = wave(150)
    below = dataclasses.replace(series, values=series.values - 20)
    yearly = Series("years", pd.date_range("1800", periods=150, freq="YS"), series.values)
    idle = Series("idle", series.index, np.where(np.arange(150) % 5 == 0, series.values, 0))
    for of, model, chosen, words in (
        (below, "rnn", {"transform": "box-cox"}, "Box-Cox needs values above zero"),
        (yearly, "rnn", {"seasonal_difference": 1}, "no season by the calendar"),
        (series, "sarima", {"difference": 1}, "takes differences itself"),
        (idle, "rnn", {"scaling": "robust"}, "distance of their quartiles"),
        (series, "rnn", {"test": 120}, "120 for the test"),
    ):
        with pytest.raises(Lesson, match=words) as found:
            decide(of, model, **{"window": 12, "horizon": 3, "validation": 12, **chosen})
        assert found.value.mend
