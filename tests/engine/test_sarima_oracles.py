"""SARIMA against R and against dense matrices.

R: the outputs saved with R's sources, tests/Examples/stats-Ex.Rout.save and datasets-Ex.Rout.save.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from scipy.linalg import null_space, toeplitz
from statsmodels.tsa.statespace.sarimax import SARIMAX

from engine.estimating.likelihood import Likelihood
from engine.estimating.orders import Orders
from engine.samples import sample
from tests.engine.airline import estimate, log_air

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "Rdatasets"
AIRLINE = Orders((0, 1, 1), (0, 1, 1, 12), "n")


def r_data(name: str) -> np.ndarray:
    path = SHARED / f"{name}.csv"
    if not path.exists():
        pytest.skip(f"R's data set {name} is not here: {path} is missing")
    with path.open() as file:
        return np.array([float(row["value"] or "nan") for row in csv.DictReader(file)])


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
