"""The lag lens: derivatives of the next forecast against small changes, pi-weights against their definition."""

from __future__ import annotations

import numpy as np
import pytest
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.answering import answer
from engine.estimating.orders import Orders
from engine.estimating.weights import pi_weights
from engine.models.sarima import Question
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.strategies.answers import told
from engine.strategies.asked import Asked
from engine.strategies.asking import lags_of
from engine.strategies.lags import influence
from engine.training.loop import fit_network
from engine.training.model import network_of
from engine.worker import Worker
from tests.makers import accompanied, kept, small, wave


@pytest.mark.parametrize(("model", "settings"), [
    ("lstm", {}), ("cnn", {}), ("fnn", {}), ("seq2seq", {}), ("rnn", {"topology": "sequence-to-sequence"}),
])  # fmt: skip
def test_an_influence_is_what_a_small_change_of_a_value_does_to_the_next_forecast(model, settings):
    series = accompanied() if model == "lstm" else wave()
    run = small(series, model, settings)
    weights = next(iter(fit_network(network_of(model), run, series))).signals["weights"]
    found = influence(network_of(model), run, series, np.stack([weights, 2 * weights]), np.array([40, 60]))
    assert found.shape == (2, 2, run.window)
    scale, small_change = Asked(network_of(model), run, series, weights, 3).prepared.scale.spread, 1e-5
    for lag in (1, 5, 12):
        ends = []
        for sign in (1, -1):
            of = Asked(network_of(model), run, series, weights, 3)
            of.values = np.array(of.values)
            of.values[60 - lag] += sign * small_change
            ends.append(told(of, np.array([60]))[0, 0] / scale)
        assert found[0, 1, lag - 1] == pytest.approx((ends[0] - ends[1]) / 2 / small_change, abs=2e-5)


def test_pi_weights_of_an_ar_are_its_coefficients_and_of_an_ma_its_powers():
    np.testing.assert_allclose(pi_weights(Orders((2, 0, 0)), np.array([0.5, -0.3]), 5), [0.5, -0.3, 0, 0, 0])
    np.testing.assert_allclose(pi_weights(Orders((0, 0, 1)), np.array([0.6]), 4), [0.6, -0.36, 0.216, -0.1296])
    np.testing.assert_allclose(pi_weights(Orders((0, 1, 0)), np.array([]), 3), [1, 0, 0])


def test_pi_weights_of_the_airline_model_times_the_past_are_its_forecast():
    """y_t = y_(t-1) + y_(t-12) - y_(t-13) + theta e_(t-1) + Theta e_(t-12) + theta Theta e_(t-13), by a plain loop."""
    orders, theta, seasonal = Orders((0, 1, 1), (0, 1, 1, 12)), -0.4, -0.5
    y, e = np.random.default_rng(0).normal(size=400), np.zeros(401)
    for t in range(401):
        past = [y[t - k] if t >= k else 0.0 for k in (1, 12, 13)]
        shocks = [e[t - k] if t >= k else 0.0 for k in (1, 12, 13)]
        forecast = past[0] + past[1] - past[2] + theta * shocks[0] + seasonal * shocks[1] + theta * seasonal * shocks[2]
        e[t] = y[t] - forecast if t < 400 else 0.0
    assert pi_weights(orders, np.array([theta, seasonal]), 400) @ y[::-1] == pytest.approx(forecast, abs=1e-9)


def autocorrelated(trace, model):
    """What is left over hangs together as a three-line loop over the errors says."""
    last, run, values = int(trace.steps[-1]), trace.run, trace.series.values
    band, said = answer({"ask": "left over", "path": trace.path, "step": last, "lags": 5})
    split = len(values) - run.validation
    if model == "rnn":
        origins = np.arange(run.window, split)
        weights = trace.stack("weights", [last])[0]
        errors = values[origins] - told(Asked(network_of(model), run, trace.series, weights, 3), origins)[:, 0]
    else:
        wanted = Question(run, trace.series).orders
        other = SARIMAX(values, order=wanted.order, seasonal_order=wanted.seasonal)
        errors = other.filter([*trace.stack("weights", [last])[0], 1.0]).forecasts_error[0][wanted.lost : split]
    around = errors - errors.mean()
    expected = [around[lag:] @ around[:-lag] / (around @ around) for lag in range(1, 6)]
    np.testing.assert_allclose(said["autocorrelation"], expected, atol=1e-6 if model == "rnn" else 1e-3)
    assert band == pytest.approx(1.96 / np.sqrt(len(errors)))


@pytest.mark.parametrize("model", ["rnn", "sarima"])
def test_lags_and_answers_can_be_asked_of_a_run_file(model, tmp_path):
    series = wave()
    run = small(series, model, {"updates": 6} if model == "rnn" else None, window=16)
    path = kept(series, run, tmp_path)
    Worker(path).work()
    with Trace(path) as trace:
        steps = trace.steps[:3]
        mean, low, high = lags_of(trace, steps)
        assert mean.shape == (3, 16)
        assert (low <= mean + 1e-12).all()
        assert (mean <= high + 1e-12).all()
        autocorrelated(trace, model)
        _, arrays = answer({"ask": "lags", "path": path, "steps": [int(step) for step in steps]})
        np.testing.assert_array_equal(arrays["mean"], mean)
        if model == "rnn":
            request = {"ask": "answers", "path": path, "step": 6, "origins": [50, 108], "horizon": 3}
            strategy, said = answer(request)
            expected = told(
                Asked(network_of("rnn"), run, series, trace.stack("weights", [6])[0], 3), np.array([50, 108])
            )
            assert strategy == "direct"
            np.testing.assert_array_equal(said["point"], expected)
            recorded = trace.stack("forecast", [6])[0]
            np.testing.assert_allclose(said["point"][1], recorded, rtol=1e-5)  # what the run itself recorded


def test_nothing_is_written_into_a_run_file_that_is_asked(tmp_path):
    series = wave()
    path = kept(series, small(series, "fnn", {"updates": 3}), tmp_path)
    Worker(path).work()
    Recorder(path).close()
    before = path.read_bytes()
    answer({"ask": "answers", "path": path, "step": 3, "origins": [60], "horizon": 3})
    answer({"ask": "lags", "path": path, "steps": [3]})
    assert path.read_bytes() == before
