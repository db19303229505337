"""Derived signals against loops anyone can check, with random numbers."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from engine import deriving

T, H = 6, 3


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@given(seed=st.integers(0, 999))
def test_provenance_is_its_product_and_its_rows_sum_to_the_cell(seed):
    i, f, g = (1 / (1 + np.exp(-random(seed + k, 2, T, H))) for k in range(3))
    found, cell = deriving.provenance(i, f, g), np.zeros((2, H))
    for t in range(T):
        cell = f[:, t] * cell + i[:, t] * g[:, t]
        np.testing.assert_allclose(found[:, t].sum(axis=1), cell, atol=1e-12)
        for k in range(T):
            share = np.prod(f[:, k + 1 : t + 1], axis=1) * i[:, k] * g[:, k] if k <= t else np.zeros((2, H))
            np.testing.assert_allclose(found[:, t, k], share, atol=1e-12)


def test_saturated_is_the_share_outside_the_bounds():
    values = np.array([[0.98, -0.98, 0.5, 0.96], [0.0, 0.1, 0.2, 0.3]])
    assert deriving.saturated(values, -0.97, 0.97).tolist() == [0.5, 0.0]
    assert deriving.saturated(values, 0.05, 0.95).tolist() == [0.75, 0.25]


@given(seed=st.integers(0, 999))
def test_layer_norms_parts_are_torchs(seed):
    values = random(seed, 2, T, H) * 3 + 1
    theirs = torch.nn.functional.layer_norm(torch.tensor(values), (H,))
    np.testing.assert_allclose(deriving.normalised(values), theirs, atol=1e-10)
    for row, mean, sigma in zip(values[0], deriving.mean(values)[0], deriving.sigma(values)[0], strict=True):
        assert mean == pytest.approx(sum(row) / H)
        assert sigma == pytest.approx((sum((v - mean) ** 2 for v in row) / H + 1e-5) ** 0.5)


@given(seed=st.integers(0, 999))
def test_by_lag_is_the_mean_along_each_diagonal(seed):
    triangle = np.where(np.tril(np.ones((T, T))) > 0, random(seed, 2, T, T), np.nan)
    found = deriving.by_lag(triangle)
    for lag in range(T):
        mean = sum(triangle[1, t, t - lag] for t in range(lag, T)) / (T - lag)
        assert found[1, lag] == pytest.approx(mean)


@given(seed=st.integers(0, 999))
def test_contributions_sum_to_the_gradient_of_the_weight(seed):
    incoming = torch.tensor(random(seed, T, H))
    weight = torch.tensor(random(seed + 1, 4, H), requires_grad=True)
    sums = incoming @ weight.T
    sums.retain_grad()
    (sums.sin() * torch.arange(4)).sum().backward()
    found = deriving.contributions(sums.grad.numpy(), incoming.numpy())
    np.testing.assert_allclose(found.sum(axis=0), weight.grad, atol=1e-12)
    np.testing.assert_array_equal(deriving.earlier(incoming.numpy()), [np.zeros(H), *incoming.numpy()[:-1]])


@given(seed=st.integers(0, 999), size=st.integers(2, 4), dilation=st.sampled_from([1, 2, 4]))
def test_a_kernels_contributions_sum_to_its_gradient(seed, size, dilation):
    incoming = torch.tensor(random(seed, T, H))
    kernel = torch.tensor(random(seed + 1, 2, H, size), requires_grad=True)
    padded = torch.nn.functional.pad(incoming.T, ((size - 1) * dilation, 0))
    sums = torch.nn.functional.conv1d(padded, kernel, dilation=dilation)
    sums.retain_grad()
    sums.sin().sum().backward()
    found = deriving.kernel_contributions(sums.grad.numpy().T, incoming.numpy(), size, dilation)
    np.testing.assert_allclose(found.sum(axis=0), kernel.grad, atol=1e-12)


def test_update_ratio_is_step_over_size_for_each_parameter():
    shapes = {"W": (2, 1), "b": (1,)}
    before, after = np.array([[3.0, 4.0, 0.0]]), np.array([[3.0, 3.5, 1.0]])
    assert deriving.update_ratio(after, before, shapes).tolist() == [[0.1, np.inf]]


def test_a_receptive_field_reaches_back_to_the_first_input_that_moves_anything():
    assert deriving.receptive_field(np.array([[0, 0, 1.0, 0, 2], [0, 0, 0, 0, 1]])) == 3
    assert deriving.receptive_field(np.zeros((2, 5))) == 0
