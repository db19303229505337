"""Measures, intervals, ensembles and the test of a difference, each against a loop of three lines or by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from engine.comparing import combining, conformal, metrics
from engine.comparing.differing import diebold_mariano
from engine.comparing.origins import overlap, rolling
from engine.errors import Lesson
from tests.makers import wave

F, H, M = 7, 3, 4


@pytest.fixture
def said() -> metrics.Said:
    random = np.random.default_rng(3)
    truth, point = random.normal(5, 2, (F, H)), random.normal(5, 2, (F, H))
    scale = np.array([metrics.scales(random.normal(5, 2, 30), M) for _ in range(F)])
    low, high = point - random.uniform(0.2, 2, (F, H)), point + random.uniform(0.2, 2, (F, H))
    return metrics.Said(truth, point, *scale.T, {0.05: low, 0.5: point, 0.95: high}, low, high, 90)


def loop(said, one):
    """The mean over every origin and step, number by number."""
    cells = [one(said.truth[f, h], said.point[f, h], f, h) for f in range(F) for h in range(H)]
    return sum(cells) / len(cells)


def pinball(y, f, q):
    return 2 * q * (y - f) if y > f else 2 * (1 - q) * (f - y)


def outside(said, y, f, h):
    low, high = said.lower[f, h], said.upper[f, h]
    return high - low + 20 * max(low - y, 0) + 20 * max(y - high, 0)


LOOPS = {
    "mae": lambda s: loop(s, lambda y, p, f, h: abs(y - p)),
    "rmse": lambda s: math.sqrt(loop(s, lambda y, p, f, h: (y - p) ** 2)),
    "smape": lambda s: loop(s, lambda y, p, f, h: 200 * abs(y - p) / (abs(y) + abs(p))),
    "mase": lambda s: loop(s, lambda y, p, f, h: abs(y - p) / s.scale[f]),
    "rmsse": lambda s: sum(
        math.sqrt(sum((s.truth[f, h] - s.point[f, h]) ** 2 for h in range(H)) / H / s.scale_squared[f])
        for f in range(F)
    ) / F,
    "wql": lambda s: loop(s, lambda y, p, f, h: sum(pinball(y, s.quantiles[q][f, h], q) for q in s.quantiles) / 3)
    / loop(s, lambda y, p, f, h: abs(y)),
    "coverage": lambda s: loop(s, lambda y, p, f, h: s.lower[f, h] <= y <= s.upper[f, h]),
    "winkler": lambda s: loop(s, lambda y, p, f, h: outside(s, y, f, h)),
}  # fmt: skip


@pytest.mark.parametrize("metric", metrics.METRICS, ids=lambda m: m.name)
def test_a_metric_is_its_loop(said, metric):
    assert metric.of(said) == pytest.approx(LOOPS[metric.name](said), rel=1e-12)
    filled = metric.definition.format(m=12, level=90, alpha=0.1, quantiles="0.5")
    assert "{" not in filled


def test_a_scale_is_its_loop():
    past = np.array([1.0, 4, 2, 8, 5, 7])
    assert metrics.scales(past, 2) == ((1 + 4 + 3 + 1) / 4, (1 + 16 + 9 + 1) / 4)
    assert np.isnan(metrics.scales(np.ones(9), 2)).all()


def test_a_missing_truth_is_left_out(said):
    truth = said.truth.copy()
    truth[2, 1] = np.nan
    holed = metrics.Said(truth, *[getattr(said, n) for n in ("point", "scale", "scale_squared", "quantiles")],
                         said.lower, said.upper, 90)  # fmt: skip
    kept = ~np.isnan(truth)
    assert metrics.mae(holed) == pytest.approx(np.abs(said.error[kept]).mean())
    assert all(np.isfinite(metric.of(holed)) for metric in metrics.METRICS)


def test_conformal_widths_come_from_errors_that_had_been_seen():
    errors = np.random.default_rng(0).normal(size=(40, 3))
    origins = tuple(range(100, 140))
    found = conformal.half_widths(errors, origins, 80)
    for k, origin in enumerate(origins):
        for h in range(3):
            seen = [j for j in range(k) if origins[j] + h < origin]
            judged = [j for j in seen if np.isfinite(found[j, h])]
            # Gibbs and Candes, 2021, equation 2: from 0.2 the share of misses aimed at moves by 0.005 (0.2 - missed).
            aimed = 0.2 + sum(0.005 * (0.2 - (abs(errors[j, h]) > found[j, h])) for j in judged)
            position = math.ceil((len(seen) + 1) * (1 - aimed))
            scores = sorted(abs(errors[j, h]) for j in seen)
            few = math.ceil((len(seen) + 1) * 0.8) > len(seen)
            assert np.isnan(found[k, h]) if few else found[k, h] == scores[min(position, len(seen)) - 1]
    changed = errors.copy()
    changed[20:] = 1e9
    np.testing.assert_array_equal(conformal.half_widths(changed, origins, 80)[:21], found[:21])


def test_ninety_percent_needs_nine_errors():
    errors = np.arange(1.0, 12)[:, None]
    found = conformal.half_widths(errors, tuple(range(50, 61)), 90)[:, 0]
    assert np.isnan(found[:9]).all()
    assert found[9] == 9
    assert conformal.ahead(errors, tuple(range(50, 61)), 90)[0] == 11


def test_exchangeable_errors_are_covered_as_often_as_was_said():
    errors = np.random.default_rng(5).standard_t(3, size=(4000, 1))
    widths = conformal.half_widths(errors, tuple(range(10, 4010)), 90)
    covered = np.mean(np.abs(errors[50:]) <= widths[50:])
    low, high = conformal.band(3950, 90)
    assert low <= covered <= high


def test_errors_that_come_in_spells_and_grow_are_held_as_often_as_was_said():
    """Exchangeable they are not: of the same widths without adapting .843 of them are held."""
    spells = np.repeat(np.random.default_rng(2).lognormal(0, 1, 80), 50) * np.linspace(1, 3, 4000)
    errors = (spells * np.random.default_rng(3).normal(size=4000))[:, None]
    widths = conformal.half_widths(errors, tuple(range(10, 4010)), 90)
    covered = np.mean(np.abs(errors[50:]) <= widths[50:])
    assert covered == pytest.approx(0.9, abs=0.01)


@given(st.integers(1, 400), st.sampled_from([50.0, 80.0, 90.0, 99.0]))
def test_the_binomial_band_is_the_one_of_scipy(trials, level):
    low, high = stats.binom.ppf([0.025, 0.975], trials, level / 100) / trials
    assert conformal.band(trials, level) == pytest.approx((low, high))


def test_ensembles_weigh_by_what_had_been_seen():
    truth = np.zeros((4, 2))
    points = np.stack([np.full((4, 2), 1.0), np.full((4, 2), 3.0)])
    assert combining.combine("median", points)[0, 0] == 2
    found = combining.rolled("inverse", points, truth, (10, 11, 12, 13))
    assert found[0].tolist() == [2, 2]  # nothing seen: equal
    assert found[1:].ravel() == pytest.approx([0.75 * 1 + 0.25 * 3] * 6)
    later = truth.copy()
    later[2:] = 1e9
    np.testing.assert_array_equal(combining.rolled("inverse", points, later, (10, 11, 12, 13))[:3], found[:3])


def test_the_difference_at_one_step_is_the_t_test():
    """With no overlap the corrected statistic is Student's: the factor turns 1/n into 1/(n - 1)."""
    random = np.random.default_rng(8)
    a, b = random.normal(1, 1, 25) ** 2, random.normal(1.3, 1, 25) ** 2
    found, theirs = diebold_mariano(a, b, 1), stats.ttest_1samp(a - b, 0)
    assert (found.statistic, found.p) == pytest.approx((theirs.statistic, theirs.pvalue), rel=1e-10)


def test_the_difference_two_steps_ahead_is_the_one_worked_out_by_hand():
    """d = 3 1 0 2 4: mean 2, g0 = 10/5, g1 = (1*-1 + -1*-2 + -2*0 + 0*2)/5 = 1/5; V = (2 + 2/5)/5 = 12/25.

    DM = 2 / sqrt(12/25) = 5 / sqrt 3; factor sqrt((5 + 1 - 4 + 2/5) / 5) = sqrt(12/25); together 2 exactly.
    p = 2 P(T4 < -2) by the closed form of Student's t with four degrees of freedom: (3 x - x³)/4 + 1/2 at x = sin.
    """
    found = diebold_mariano(np.array([3.0, 1, 0, 2, 4]), np.zeros(5), 2)
    assert found.statistic == pytest.approx(2, rel=1e-12)
    x = 2 / math.sqrt(4 + 2**2)
    assert found.p == pytest.approx(1 - (3 * x - x**3) / 2, rel=1e-10)
    assert (found.origins, found.lags) == (5, 1)
    assert found.noise


def test_a_difference_without_evidence_is_noise():
    assert diebold_mariano(np.ones(30), np.ones(30), 1).noise
    assert diebold_mariano(np.arange(3.0), np.zeros(3), 4).noise


@given(st.integers(1, 12), st.integers(1, 10), st.none() | st.integers(1, 4))
def test_origins_end_a_horizon_before_the_end_and_keep_their_step(horizon, count, step):
    series = wave(120)
    origins = rolling(series, horizon, count, step)
    assert origins[-1] + horizon == 120
    assert len(set(np.diff(origins))) <= 1
    assert origins[0] >= 24
    assert overlap(origins, horizon) >= 1


def test_origins_that_do_not_fit_are_a_lesson_that_says_how_many_do():
    with pytest.raises(Lesson, match="at most 37"):
        rolling(wave(120), 60, 100, 1)
