"""SARIMA against R, against dense matrices, and its streaming laws. Run: pytest tests/engine/test_sarima.py

R: the outputs saved with R's sources, tests/Examples/stats-Ex.Rout.save and datasets-Ex.Rout.save.
"""

from __future__ import annotations

import csv
import dataclasses
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space, toeplitz
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.estimating.descent import descend
from engine.estimating.likelihood import Likelihood
from engine.estimating.orders import Orders
from engine.models.sarima import Problem
from engine.nouns.series import Series
from engine.samples import sample

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "Rdatasets"
AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12), "n")
SARIMA = models()["sarima"]


def r_data(name: str) -> np.ndarray:
    path = SHARED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"R's data set {name} is not here: {path} is missing")
    with path.open() as file:
        return np.array([float(row["value"] or "nan") for row in csv.DictReader(file)])


def log_air() -> np.ndarray:
    return np.log(sample("AirPassengers").values)


@dataclasses.dataclass
class Estimate:
    """Parameters by name; the rest in the unit of the values. mean: of the values, as R reports it."""

    parameters: np.ndarray
    log_likelihood: float
    variance: float
    mean: float
    end: str


def estimate(values: np.ndarray, orders: Orders) -> Estimate:
    center, deviation = np.nanmean(values), np.nanstd(values)
    likelihood = Likelihood((values - center) / deviation, orders)
    *_, (point, end) = descend(likelihood, 100)
    count = np.count_nonzero(likelihood.terms(point.unconstrained))
    log_likelihood = -count * (point.loss + np.log(deviation))
    phi = point.parameters[1 : 1 + orders.order[0]] if orders.trend == "c" else np.zeros(1)
    mean = center + deviation * (point.parameters[0] / (1 - phi.sum()) if orders.trend == "c" else 0.0)
    exact = SARIMAX(
        (values - center) / deviation, order=orders.order, seasonal_order=orders.seasonal, trend=orders.trend,
        concentrate_scale=True,
    )  # fmt: skip
    variance = exact.filter(point.parameters).scale * deviation**2
    return Estimate(point.parameters, log_likelihood, variance, mean, end)


# --- Against R ---------------------------------------------------------------------------------------------------


def test_log_air_passengers_as_r_has_it():
    found = estimate(log_air(), AIRLINE)
    assert found.parameters == pytest.approx([-0.4018, -0.5569], abs=5e-5)
    assert found.log_likelihood == pytest.approx(244.70, abs=5e-3)
    assert found.variance == pytest.approx(0.001348, abs=5e-7)
    assert found.end == "converged"


def test_log10_air_passengers_backwards_gives_the_same_fit_as_in_r():
    values = np.log10(sample("AirPassengers").values)
    forwards, backwards = estimate(values, AIRLINE), estimate(values[::-1], AIRLINE)
    assert forwards.log_likelihood == pytest.approx(353.96, abs=6e-3)
    assert backwards.log_likelihood == pytest.approx(forwards.log_likelihood, abs=1e-6)
    assert backwards.parameters == pytest.approx(forwards.parameters, abs=1e-4)


def test_log10_air_passengers_from_1954():
    found = estimate(np.log10(sample("AirPassengers").values[60:]), AIRLINE)
    assert found.parameters == pytest.approx([-0.4797, -0.4460], abs=1.5e-4)
    assert found.log_likelihood == pytest.approx(208.02, abs=5e-3)


def test_accidental_deaths_where_statsmodels_defaults_stop_too_early():
    found = estimate(r_data("USAccDeaths"), AIRLINE)
    assert found.parameters == pytest.approx([-0.4303, -0.5528], abs=1e-4)
    assert found.log_likelihood == pytest.approx(-425.44, abs=5e-3)
    assert found.variance == pytest.approx(99347, rel=1e-4)


@pytest.mark.parametrize(
    ("name", "order", "parameters", "mean", "log_likelihood"),
    [
        ("lh", (1, 0, 0), [0.5739], 2.4133, -29.38),
        ("lh", (3, 0, 0), [0.6448, -0.0634, -0.2198], 2.3931, -27.09),
        ("lh", (1, 0, 1), [0.4522, 0.1982], 2.4101, -28.76),
        ("LakeHuron", (2, 0, 0), [1.0436, -0.2495], 579.0473, -103.63),
        ("presidents", (1, 0, 0), [0.8242], 56.1505, -416.89),
        ("presidents", (3, 0, 0), [0.7496, 0.2523, -0.1890], 56.2223, -414.08),  # six values are missing
    ],
)
def test_models_with_a_mean_as_r_has_them(name, order, parameters, mean, log_likelihood):
    found = estimate(r_data(name), Orders(order, (0, 0, 0, 0), "c"))
    assert found.parameters[1:] == pytest.approx(parameters, abs=1.5e-4)
    assert found.mean == pytest.approx(mean, rel=2e-4)  # R stops where the mean of presidents is flat
    assert found.log_likelihood == pytest.approx(log_likelihood, abs=6e-3)
    assert found.end == "converged"


# --- The likelihood against independent oracles ------------------------------------------------------------------


def dense_log_likelihood(values: np.ndarray, theta: float, seasonal: float) -> float:
    """The airline model's exact likelihood from whole covariance matrices, up to a constant; gaps left out.

    Every contrast free of the unknown starting values counts, and nothing else does.
    """
    n, lost = len(values), 13
    weights = np.convolve([1, theta], np.r_[1, np.zeros(11), seasonal])
    covariances = np.zeros(n - lost)
    full = np.correlate(weights, weights, "full")[len(weights) - 1 :]
    covariances[: len(full)] = full
    difference = np.zeros((n - lost, n))
    for row in range(n - lost):
        difference[row, row : row + lost + 1] = np.convolve([1, -1], np.r_[1, np.zeros(11), -1])[::-1]
    summed = np.zeros((n, n - lost))
    summed[lost:] = np.linalg.inv(difference[:, lost:])
    known = np.isfinite(values)
    contrasts = null_space(null_space(difference)[known].T)
    covariance = contrasts.T @ (summed @ toeplitz(covariances) @ summed.T)[np.ix_(known, known)] @ contrasts
    seen = contrasts.T @ values[known]
    variance = seen @ np.linalg.solve(covariance, seen) / len(seen)
    return float(-(len(seen) * np.log(2 * np.pi * variance) + len(seen) + np.linalg.slogdet(covariance)[1]) / 2)


@pytest.mark.parametrize("missing", [[], [0], [3], [20], [3, 4], [3, 20], [143], [60, 61, 62, 63]])
def test_the_likelihood_is_exact_wherever_values_are_missing(missing):
    """Both of statsmodels' own concentrated likelihoods are wrong for [3]: a gap inside the start."""
    values = log_air() - log_air().mean()
    values[missing] = np.nan
    likelihood = Likelihood(values, AIRLINE)
    ours, truth = [], []
    for parameters in ([-0.4, -0.55], [-0.3, -0.45], [0.2, -0.9]):
        unconstrained = likelihood.model.untransform_params(np.append(parameters, 1.0))[:-1]
        terms = likelihood.terms(unconstrained)
        ours.append(-terms.sum() * np.count_nonzero(terms))
        truth.append(dense_log_likelihood(values, *parameters))
    assert np.diff(ours) == pytest.approx(np.diff(truth), rel=1e-8)


def test_the_score_is_the_slope_of_statsmodels_own_likelihood():
    values = (log_air() - log_air().mean()) / log_air().std()
    orders = Orders((1, 0, 1), (1, 1, 1, 12), "c")
    likelihood = Likelihood(values, orders)
    point = likelihood.at(np.array([0.1, 0.5, -0.3, 0.2, -0.6]))
    oracle = SARIMAX(
        values, order=orders.order, seasonal_order=orders.seasonal, trend="c", concentrate_scale=True,
        simple_differencing=True,
    )  # fmt: skip
    assert point.loss == pytest.approx(-oracle.loglike(point.parameters) / 132, rel=1e-12)
    complex_step = -oracle.score(point.unconstrained, transformed=False) / 132
    assert point.score == pytest.approx(complex_step, rel=1e-5, abs=1e-8)


def test_the_shares_of_the_values_add_up():
    likelihood = Likelihood(log_air() - 5.5, AIRLINE)
    point = likelihood.at(likelihood.start)
    assert likelihood.terms(point.unconstrained).shape == (144,)
    assert likelihood.slopes(point.unconstrained).shape == (144, 2)
    assert not likelihood.terms(point.unconstrained)[:13].any()  # spent on the start
    assert likelihood.slopes(point.unconstrained).sum(axis=0) == pytest.approx(point.score, abs=0)


# --- The model: a Run becomes Frames -----------------------------------------------------------------------------


def air(**changes):
    series = sample("AirPassengers")
    return decide(series, "sarima", changes.pop("settings", {}), transform="log", **changes), series


def with_values(series: Series, values: np.ndarray) -> Series:
    return Series("changed", series.index, values)


def complete(run, series):
    return SARIMA.observe(run, series, list(SARIMA.fit(run, series)))


def same(one, other) -> bool:
    """To the bit, every field."""
    pairs = zip(dataclasses.asdict(one).values(), dataclasses.asdict(other).values(), strict=True)
    return all(same_value(a, b) for a, b in pairs)


def same_value(one, other) -> bool:
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same_value(one[key], other[key]) for key in one)
    if isinstance(one, np.ndarray):
        return one.tobytes() == other.tobytes()
    return one == other or (one != one and other != other)


def test_the_training_part_alone_is_fitted_and_every_frame_says_what_it_should():
    run, series = air()
    frames, described = complete(run, series), SARIMA.describe(run, series)
    assert [frame.step for frame in frames] == list(range(len(frames)))
    assert list(described.parameters) == ["ma.L1", "ma.S.L12"]
    assert frames[-1].signals["weights"] == pytest.approx(
        estimate(log_air()[: -run.validation], AIRLINE).parameters, abs=1e-6
    )
    losses = [frame.loss for frame in frames]
    assert losses == sorted(losses, reverse=True)
    for frame in frames:
        assert frame.norm == pytest.approx(np.hypot(*frame.before.values()))
        assert frame.before == frame.after
        for signal in described.signals:
            found = frame.signals[signal.name]
            assert (found.shape, found.dtype) == (signal.shape, signal.dtype)
            assert np.isfinite(found).all()
    best = min(range(len(frames)), key=lambda step: frames[step].validation)
    assert [s for s, frame in enumerate(frames) if "best validation" in frame.events][-1] == best
    assert [frame.events[0] for frame in frames if "converged" in frame.events] == [frames[-1].events[0]]


def test_forecasts_equal_those_of_statsmodels():
    run, series = air(settings={"order": (1, 1, 1), "trend": "c"})
    frame = complete(run, series)[-1]
    problem = Problem(run, series)
    for name, seen in (("forecast", problem.prepared.split), ("ahead", len(series))):
        oracle = SARIMAX(
            problem.prepared.scaled[:seen], order=(1, 1, 1), seasonal_order=(0, 1, 1, 12), trend="c",
            concentrate_scale=True, use_exact_diffuse=True,
        ).filter(frame.signals["weights"])  # fmt: skip
        expected = problem.prepared.to_unit(oracle.get_forecast(run.horizon).predicted_mean)
        assert frame.signals[name] == pytest.approx(expected, rel=1e-9)
    probe = problem.prepared.probe
    assert frame.signals["state"] == pytest.approx(oracle.filtered_state.T[probe], abs=1e-5)
    assert frame.signals["innovation"] == pytest.approx(oracle.filter_results.forecasts_error[0, probe], abs=1e-5)
    target = problem.prepared.scaled[problem.prepared.target]
    errors = problem.prepared.to_scaled(frame.signals["forecast"]) - target
    assert frame.validation == pytest.approx(np.mean(errors**2))


def test_the_gradient_over_time_is_that_of_statsmodels_likelihood_of_each_value():
    run, series = air()
    frame = complete(run, series)[0]
    problem = Problem(run, series)
    oracle = SARIMAX(
        problem.prepared.scaled[: problem.prepared.split], order=(0, 1, 1), seasonal_order=(0, 1, 1, 12),
        concentrate_scale=True, simple_differencing=True,
    )  # fmt: skip
    here, slopes = frame.signals["unconstrained"], []
    for nudge in 1e-4 * np.eye(2):
        up, down = (oracle.loglikeobs(here + sign * nudge, transformed=False) for sign in (1, -1))
        slopes.append((up - down) / 2e-4 / oracle.nobs)
    expected = np.linalg.norm(slopes, axis=0)[-run.window :]
    assert frame.signals["gradient/time"] == pytest.approx(expected, rel=1e-4)


def test_without_differences_the_constant_decides_whether_forecasts_fade_to_the_mean_or_to_zero():
    values = 10 + np.random.default_rng(1).normal(size=300)
    series = Series("noise about ten", pd.date_range("2000", periods=300, freq="YS"), values)
    faded = {}
    for trend in ("n", "c"):
        run = decide(series, "sarima", {"order": (1, 0, 0), "trend": trend}, horizon=100, validation=100)
        faded[trend] = complete(run, series)[-1]
    phi = faded["n"].signals["weights"][0]
    assert phi > 0.9  # a level far from zero is taken for memory
    assert faded["n"].signals["forecast"] == pytest.approx(values[-101] * phi ** np.arange(1, 101), rel=1e-6)
    assert faded["c"].signals["forecast"][-1] == pytest.approx(values[:-100].mean(), abs=0.05)


def test_the_same_run_gives_the_same_frames_to_the_bit():
    run, series = air()
    first, second = complete(run, series), complete(run, series)
    assert len(first) == len(second)
    assert all(map(same, first, second))


def test_resuming_gives_what_never_stopping_gives_to_the_bit():
    run, series = air()
    whole = list(SARIMA.fit(run, series))
    for stop in range(len(whole)):
        rest = list(SARIMA.fit(run, series, whole[stop]))
        assert len(rest) == len(whole) - stop - 1
        assert all(map(same, rest, whole[stop + 1 :]))


def test_effects_do_not_depend_on_the_company():
    run, series = air()
    frames = list(SARIMA.fit(run, series))
    together = SARIMA.observe(run, series, frames)
    alone = [SARIMA.observe(run, series, [frame])[0] for frame in reversed(frames)]
    assert all(map(same, together, reversed(alone)))


def test_a_yielded_frame_never_changes_and_closing_leaves_no_thread():
    run, series = air()
    frames = SARIMA.fit(run, series)
    first = next(frames)
    before = dataclasses.replace(first, signals={name: a.copy() for name, a in first.signals.items()})
    next(frames)
    assert same(first, before)
    frames.close()
    assert not [t for t in threading.enumerate() if t.name == "iterates"]
    assert list(frames) == []


def test_nothing_but_validation_and_ahead_knows_the_values_after_the_split():
    run, series = air()
    values = series.values.copy()
    values[-run.validation :] = 1e9
    poisoned = with_values(series, values)
    for clean, frame in zip(complete(run, series), complete(run, poisoned), strict=True):
        assert clean.validation != frame.validation
        kept = [{n: a for n, a in f.signals.items() if n != "ahead"} for f in (clean, frame)]
        assert same_value(*kept)
        assert (clean.loss, clean.norm, clean.before) == (frame.loss, frame.norm, frame.before)


@settings(max_examples=15, deadline=None)
@given(st.floats(-6, 6))
def test_the_fit_does_not_depend_on_the_unit(power):
    series, c = sample("AirPassengers"), 10.0**power
    run, other = decide(series, "sarima"), with_values(series, series.values * c)
    one, two = complete(run, series)[-1], complete(decide(other, "sarima"), other)[-1]
    assert two.signals["weights"] == pytest.approx(one.signals["weights"], abs=1e-6)
    assert two.signals["forecast"] == pytest.approx(one.signals["forecast"] * c, rel=1e-6)
    assert two.loss == pytest.approx(one.loss, abs=1e-9)


def test_missing_values_are_allowed_anywhere():
    run, series = air()
    values = series.values.copy()
    values[[0, 5, 50, 51, 118, -3]] = np.nan
    gappy = with_values(series, values)
    frame, whole = complete(run, gappy)[-1], complete(run, series)[-1]
    assert "converged" in frame.events
    assert np.isfinite(frame.signals["forecast"]).all()
    assert np.isfinite(frame.validation)
    assert frame.signals["forecast"] == pytest.approx(whole.signals["forecast"], rel=0.05)
    values[-run.validation :] = np.nan
    assert np.isnan(complete(run, with_values(series, values))[-1].validation)


def test_too_few_steps_end_in_not_converged():
    run, series = air(settings={"iterations": 1})
    frames = list(SARIMA.fit(run, series))
    assert [frame.step for frame in frames] == [0, 1]
    assert "not converged" in frames[-1].events


def test_an_optimiser_that_finds_nothing_better_ends_in_not_converged(monkeypatch):
    monkeypatch.setattr("engine.estimating.descent.TOLERANCE", 0.0)
    run, series = air()
    frames = list(SARIMA.fit(run, series))
    assert "not converged" in frames[-1].events
    assert frames[-1].signals["weights"] == pytest.approx(frames[-2].signals["weights"], abs=0)


def test_a_likelihood_that_is_not_a_number_keeps_what_was_seen_and_ends_in_a_lesson(monkeypatch):
    run, series = air()
    whole, terms, calls = list(SARIMA.fit(run, series)), Likelihood.terms, []

    def broken(self, unconstrained):
        calls.append(1)
        return terms(self, unconstrained) * (np.nan if len(calls) > 15 else 1.0)  # 5 calls for each point

    monkeypatch.setattr(Likelihood, "terms", broken)
    frames = []
    with pytest.raises(Lesson, match="not a number"):
        frames.extend(SARIMA.fit(run, series))  # extend keeps what came before the error
    monkeypatch.undo()
    assert frames[-1].events == ("not a number",)
    assert np.isnan(frames[-1].loss)
    assert all(map(same, frames[:-1], whole))
    observed = SARIMA.observe(run, series, frames)
    assert np.isnan(observed[-1].signals["forecast"]).all()
    assert np.isfinite(observed[0].signals["forecast"]).all()


@pytest.mark.parametrize(
    ("chosen", "match"),
    [
        ({"order": (0, 1, 0), "seasonal": (0, 1, 0)}, "no parameter"),
        ({"order": (12, 0, 0), "seasonal": (1, 0, 0)}, "whole season"),
        ({"period": 60}, "The training part has"),
        ({"period": 300}, "numbers as its state"),
    ],
)
def test_what_cannot_be_estimated_is_a_lesson(chosen, match):
    with pytest.raises(Lesson, match=match):
        air(settings=chosen)


def test_a_straight_line_leaves_nothing_to_explain():
    series = Series("line", pd.date_range("2000", periods=100, freq="YS"), np.arange(100.0) * 0.1)
    with pytest.raises(Lesson, match="all the same"):
        decide(series, "sarima")


@pytest.mark.parametrize("chosen", [{"order": (0, 1)}, {"order": (-1, 0, 0)}, {"trend": "t"}, {"lags": 3}])
def test_settings_that_make_no_sense_are_refused(chosen):
    with pytest.raises(Lesson):
        air(settings=chosen)


def test_without_a_season_the_seasonal_part_is_dropped_and_a_mean_comes_without_differences():
    series = sample("sunspots")
    assert list(SARIMA.describe(decide(series, "sarima"), series).parameters) == ["ma.L1"]
    run = decide(series, "sarima", {"order": (2, 0, 0)})
    assert list(SARIMA.describe(run, series).parameters) == ["intercept", "ar.L1", "ar.L2"]


@settings(max_examples=25, deadline=None)
@given(
    order=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)),
    seasonal=st.tuples(st.integers(0, 1), st.integers(0, 1), st.integers(0, 1)),
    seed=st.integers(0, 99),
    gaps=st.booleans(),
)
def test_any_orders_on_any_walk_end_well_or_in_a_lesson(order, seasonal, seed, gaps):
    """Warnings are errors here: over-differenced noise, walks and gaps must not make any."""
    random = np.random.default_rng(seed)
    values = random.normal(size=80) if seed % 2 else np.cumsum(random.normal(size=80))
    if gaps:
        values[random.integers(0, 60, 5)] = np.nan
    series = Series("any", pd.date_range("2020", periods=80, freq="D"), values)
    try:
        run = decide(series, "sarima", {"order": order, "seasonal": seasonal})
    except Lesson:
        assert sum(order[::2]) + sum(seasonal[::2]) == 0
        return
    frames = complete(run, series)
    assert frames[-1].events
    assert np.isfinite(frames[-1].loss)
    assert np.isfinite(frames[-1].signals["ahead"]).all()


def test_listing_the_models_loads_no_statistics():
    code = (
        "import sys; from engine.contract import models; models();"
        "sys.exit(any(n in sys.modules for n in ('statsmodels', 'scipy')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0  # noqa: S603


@given(
    order=st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 3)),
    seasonal=st.tuples(st.integers(0, 2), st.integers(0, 1), st.integers(0, 2)),
    trend=st.sampled_from(["n", "c"]),
)
def test_parameters_have_statsmodels_names_in_its_order(order, seasonal, trend):
    orders = Orders(order, (*seasonal, 4) if any(seasonal) else (0, 0, 0, 0), trend)
    theirs = SARIMAX(np.zeros(60), order=orders.order, seasonal_order=orders.seasonal, trend=trend)
    assert [*orders.names, "sigma2"] == theirs.param_names
