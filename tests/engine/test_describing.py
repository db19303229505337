"""What is said of a series, against loops, R's numbers and truth by construction. Run: pytest tests/engine"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import scipy.linalg
from statsmodels.tsa.seasonal import MSTL

from engine.answering import answer
from engine.describing import decomposition
from engine.describing.decomposition import decompose
from engine.describing.memory import correlations
from engine.describing.seasons import seasons
from engine.describing.stillness import Stillness, in_words, sentence, stillness
from engine.describing.stretch import described
from engine.errors import Lesson
from engine.nouns.series import Series
from engine.samples import sample

LH = """2.4 2.4 2.4 2.2 2.1 1.5 2.3 2.3 2.5 2.0 1.9 1.7 2.2 1.8 3.2 3.2 2.7 2.2 2.2 1.9 1.9 1.8 2.7 3.0 2.3 2.0 2.0
2.9 2.9 2.7 2.7 2.3 2.6 2.4 1.8 1.7 1.5 1.4 2.1 3.3 3.5 3.5 3.1 2.6 2.1 3.4 3.0 2.9"""
"""R's data set lh (Diggle 1990, table A.1)."""


def lh() -> np.ndarray:
    return np.array(LH.split(), float)


def noise(n: int = 400, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=n)


def test_correlations_are_loops():
    y, lags, n = lh(), 12, 48
    found, d = correlations(y, lags), lh() - lh().mean()
    by_hand = [sum(d[t] * d[t - k] for t in range(k, n)) / sum(d**2) for k in range(lags + 1)]
    np.testing.assert_allclose(found["acf"], by_hand, atol=1e-12)
    for k in range(1, lags + 1):  # Yule and Walker: the last coefficient of the order k
        last = scipy.linalg.solve_toeplitz(by_hand[:k], by_hand[1 : k + 1])[-1]
        assert found["pacf"][k] == pytest.approx(last, abs=1e-12)
        bartlett = 1.959964 * np.sqrt((1 + 2 * sum(r**2 for r in by_hand[1:k])) / n)
        assert found["acf band"][k] == pytest.approx(bartlett, rel=1e-6)
    assert found["acf"][1] == pytest.approx(0.576, abs=5e-4)  # as R prints acf(lh)


def test_most_lags_of_noise_lie_within_the_bands():
    found = correlations(noise(2000), 100)
    for name in ("acf", "pacf"):
        assert (np.abs(found[name][1:]) < found[f"{name} band"][1:]).mean() > 0.9


def test_parts_add_up_and_are_those_it_was_made_of():
    time, season = np.arange(144), 5 * np.sin(2 * np.pi * np.arange(144) / 12)
    parts = decompose(100 + 0.5 * time + season, [12])
    np.testing.assert_allclose(parts["trend"], 100 + 0.5 * time, atol=0.02)
    np.testing.assert_allclose(parts["season of 12"], season, atol=0.02)
    y = sample("AirPassengers").values
    for many in ([12], [6, 12]):
        found = decompose(y, many)
        np.testing.assert_allclose(sum(found.values()), y, rtol=1e-12)


def test_two_seasons_are_told_apart():
    time = np.arange(24 * 7 * 8)
    day, week = np.sin(2 * np.pi * time / 24), 2 * np.cos(2 * np.pi * time / 168)
    parts = decompose(10 + day + week + 0.01 * noise(len(time)), [24, 168])
    inner = slice(168, -168)
    np.testing.assert_allclose(parts["season of 24"][inner], day[inner], atol=0.1)
    np.testing.assert_allclose(parts["season of 168"][inner], week[inner], atol=0.1)


def test_several_seasons_are_told_apart_as_the_library_does(monkeypatch):
    """Without jumps of their own, ours is statsmodels' MSTL number by number."""
    monkeypatch.setattr(decomposition, "_jump", lambda window: 1)
    y = noise(400) + np.sin(np.arange(400))
    for robust in (False, True):
        found = decompose(y, [7, 30], robust)
        kept = {"robust": robust, "seasonal_jump": 2, "trend_jump": 1, "low_pass_jump": 1}
        theirs = MSTL(y, periods=(7, 30), stl_kwargs=kept).fit()
        np.testing.assert_allclose(found["trend"], theirs.trend, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose([found["season of 7"], found["season of 30"]], theirs.seasonal.T, atol=1e-12)


def test_an_outlier_stays_in_the_remainder_when_robust():
    y = 10 + np.sin(2 * np.pi * np.arange(120) / 12)
    y[60] += 50
    plain, robust = (decompose(y, [12], robust)["remainder"][60] for robust in (False, True))
    assert robust == pytest.approx(50, abs=0.1)
    assert plain < 45


def test_the_tests_know_noise_from_a_walk():
    still, walk = stillness(noise()), stillness(np.cumsum(noise()))
    assert still.adf_p < 0.01 < 0.1 <= still.kpss_p
    assert walk.adf_p > 0.05 > 0.01 >= walk.kpss_p
    assert "at least 0.1" in in_words(still)[1]
    assert "at most 0.01" in in_words(walk)[1]


@pytest.mark.parametrize(
    ("adf", "kpss", "words"),
    [
        (0.01, 0.1, "stands still"), (0.5, 0.01, "wanders"), (0.01, 0.01, "They disagree"),
        (0.5, 0.1, "They cannot tell"),
    ],
)  # fmt: skip
def test_each_of_the_four_cases_has_a_sentence(adf, kpss, words):
    assert words in sentence(Stillness(-1.0, adf, 1, 0.5, kpss, 1))


def test_a_walk_stands_still_after_a_difference():
    request = {"ask": "describe", "what": "stillness"}
    walk = np.cumsum(noise())
    assert "wanders" in answer({**request, "values": walk.tolist()})[0]["sentence"]
    assert "stands still" in answer({**request, "values": np.diff(walk).tolist()})[0]["sentence"]


def test_the_longest_stretch_without_a_gap_is_described_and_said():
    y = noise(300)
    y[[20, 200]] = np.nan
    said, arrays = answer({"ask": "describe", "what": "memory", "values": y.tolist(), "season": 7})
    assert (said["first"], said["count"]) == (21, 179)
    np.testing.assert_allclose(arrays["acf"], correlations(y[21:200], 30)["acf"])
    assert described(noise(9000)) == slice(4000, 9000)


def test_strength_says_how_much_a_part_explains():
    time = np.arange(240)
    request = {"ask": "describe", "what": "parts", "seasons": [12]}
    strong = (np.sin(2 * np.pi * time / 12) + 0.05 * noise(240)).tolist()
    assert answer({**request, "values": strong})[0]["strength"]["season of 12"] > 0.95
    assert answer({**request, "values": noise(240).tolist()})[0]["strength"]["season of 12"] < 0.6


@pytest.mark.parametrize(
    ("request_", "words"),
    [
        ({"what": "soul", "values": [1.0]}, "cannot be described"),
        ({"what": "memory", "values": [1.0, 2.0]}, "has 2 values"),
        ({"what": "stillness", "values": [4.0] * 50}, "never change"),
        ({"what": "memory", "values": [float("nan")] * 50}, "has 0 values"),
        ({"what": "parts", "values": list(noise(20)), "seasons": [12]}, "A season of 12"),
        ({"what": "parts", "values": list(noise(20)), "seasons": []}, "no season"),
    ],
)
def test_what_cannot_be_described_is_a_lesson(request_, words):
    with pytest.raises(Lesson, match=words):
        answer({"ask": "describe", **request_})


@pytest.mark.parametrize(
    ("freq", "n", "found"),
    [
        ("30min", 5000, (48, 336)), ("h", 20000, (24, 168, 8760)), ("D", 800, (7, 365)), ("D", 100, (7,)),
        ("MS", 100, (12,)), ("YS", 100, ()), ("W-SAT", 200, (52,)), ("MS", 20, ()),
    ],
)  # fmt: skip
def test_the_calendar_suggests_the_seasons_that_fit_twice(freq, n, found):
    assert seasons(Series("any", pd.date_range("1900", periods=n, freq=freq), np.arange(float(n)))) == found
