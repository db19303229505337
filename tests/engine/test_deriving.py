"""Derived signals against loops anyone can check, with random numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.curves import CURVES
from engine.deriving import contributions, convolution, jacobians, layer_norm, memory, saturation, travel

T, H = 6, 3


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


@given(seed=st.integers(0, 999))
def test_provenance_is_its_product_and_its_rows_sum_to_the_cell(seed):
    i, f, g = (1 / (1 + np.exp(-random(seed + k, 2, T, H))) for k in range(3))
    found, cell = memory.provenance(i, f, g), np.zeros((2, H))
    for t in range(T):
        cell = f[:, t] * cell + i[:, t] * g[:, t]
        np.testing.assert_allclose(found[:, t].sum(axis=1), cell, atol=1e-12)
        for k in range(T):
            share = np.prod(f[:, k + 1 : t + 1], axis=1) * i[:, k] * g[:, k] if k <= t else np.zeros((2, H))
            np.testing.assert_allclose(found[:, t, k], share, atol=1e-12)


def test_saturated_is_the_share_outside_the_bounds():
    values = np.array([[0.98, -0.98, 0.5, 0.96], [0.0, 0.1, 0.2, 0.3]])
    assert saturation.saturated(values, -0.97, 0.97).tolist() == [0.5, 0.0]
    assert saturation.saturated(values, 0.05, 0.95).tolist() == [0.75, 0.25]


@given(seed=st.integers(0, 999))
def test_layer_norms_parts_are_torchs(seed):
    values = random(seed, 2, T, H) * 3 + 1
    theirs = torch.nn.functional.layer_norm(torch.tensor(values), (H,))
    np.testing.assert_allclose(layer_norm.normalised(values), theirs, atol=1e-10)
    for row, mean, sigma in zip(values[0], layer_norm.mean(values)[0], layer_norm.sigma(values)[0], strict=True):
        assert mean == pytest.approx(sum(row) / H)
        assert sigma == pytest.approx((sum((v - mean) ** 2 for v in row) / H + 1e-5) ** 0.5)


@given(seed=st.integers(0, 999))
def test_by_lag_is_the_mean_along_each_diagonal(seed):
    triangle = np.where(np.tril(np.ones((T, T))) > 0, random(seed, 2, T, T), np.nan)
    found = travel.by_lag(triangle)
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
    found = contributions.contributions(sums.grad.numpy(), incoming.numpy())
    np.testing.assert_allclose(found.sum(axis=0), weight.grad, atol=1e-12)
    np.testing.assert_array_equal(memory.earlier(incoming.numpy()), [np.zeros(H), *incoming.numpy()[:-1]])


@given(seed=st.integers(0, 999), size=st.integers(2, 4), dilation=st.sampled_from([1, 2, 4]))
def test_a_kernels_contributions_sum_to_its_gradient(seed, size, dilation):
    incoming = torch.tensor(random(seed, T, H))
    kernel = torch.tensor(random(seed + 1, 2, H, size), requires_grad=True)
    padded = torch.nn.functional.pad(incoming.T, ((size - 1) * dilation, 0))
    sums = torch.nn.functional.conv1d(padded, kernel, dilation=dilation)
    sums.retain_grad()
    sums.sin().sum().backward()
    found = contributions.kernel_contributions(sums.grad.numpy().T, incoming.numpy(), size, dilation)
    np.testing.assert_allclose(found.sum(axis=0), kernel.grad, atol=1e-12)


def test_update_ratio_is_step_over_size_for_each_parameter():
    shapes = {"W": (2, 1), "b": (1,)}
    before, after = np.array([[3.0, 4.0, 0.0]]), np.array([[3.0, 3.5, 1.0]])
    assert contributions.update_ratio(after, before, shapes).tolist() == [[0.1, np.inf]]


def test_a_receptive_field_reaches_back_to_the_first_input_that_moves_anything():
    assert travel.receptive_field(np.array([[0, 0, 1.0, 0, 2], [0, 0, 0, 0, 1]])) == 3
    assert travel.receptive_field(np.zeros((2, 5))) == 0


def test_shares_of_a_loss_sum_to_one_and_the_way_begins_at_lag_zero():
    triangle = np.where(np.tril(np.ones((T, T))) > 0, np.abs(random(3, 2, T, T)), np.nan)
    np.testing.assert_allclose(np.nansum(travel.share(triangle), axis=-1), 1)
    np.testing.assert_allclose(travel.total(triangle)[1, 4], sum(triangle[1, 4, : 4 + 1]))
    size, left, factor = travel.way(triangle)[0, 3, 1]
    assert size == triangle[0, 3, 1]
    assert left == pytest.approx(triangle[0, 3, 1] / triangle[0, 3, 3])
    assert factor**2 == pytest.approx(left)
    assert (np.diagonal(travel.way(triangle)[..., 1], 0, -2, -1) == 1).all()
    np.testing.assert_allclose(
        travel.decay(travel.by_lag(triangle))[1], travel.by_lag(triangle)[1] / travel.by_lag(triangle)[1, 0]
    )


@given(seed=st.integers(0, 999), normed=st.booleans(), curve=st.sampled_from(["tanh", "relu"]))
@settings(max_examples=5, deadline=None)
def test_a_steps_jacobian_is_autograds_and_products_run_over_every_way(seed, normed, curve):
    recurrent, drive, norm = random(seed, H, H), random(seed + 1, T, H), random(seed + 2, 2, H) if normed else ()
    weights, (gain, shift) = torch.tensor(recurrent), torch.tensor(np.asarray(norm)) if normed else (None, None)
    bend = {"tanh": torch.tanh, "relu": torch.relu}[curve]

    def step(before, t):
        z = torch.tensor(drive[t]) + weights @ before
        return bend(torch.nn.functional.layer_norm(z, (H,), gain, shift) if normed else z), z

    state, sums, wanted = torch.zeros(H, dtype=torch.float64), [], []
    for t in range(T):
        wanted.append(torch.autograd.functional.jacobian(lambda before, t=t: step(before, t)[0], state).numpy())
        state, z = step(state, t)
        sums.append(z.numpy())
    more = {"curve": CURVES[curve]}
    found = jacobians.jacobians(np.array(sums), recurrent, *norm, **more)
    np.testing.assert_allclose(found, wanted, atol=1e-8)
    norms = [np.linalg.norm(one, 2) for one in wanted]
    lag = 2
    ways = [math.prod(norms[t - lag + 1 : t + 1]) for t in range(lag, T)]
    product = jacobians.product_of_norms(np.array(sums), recurrent, *norm, **more)
    np.testing.assert_allclose([product[0], product[lag]], [1, np.mean(ways)], atol=1e-8)
    largest = np.abs(np.linalg.eigvals(recurrent)).max()
    np.testing.assert_allclose(jacobians.radius(recurrent, T)[[0, 3]], [1, largest**3])


def test_forget_gates_multiply_along_the_way():
    forget = np.random.default_rng(0).random((2, T, H))
    found = jacobians.through_gates(forget)
    np.testing.assert_allclose(found[:, 0], 1)
    ways = [forget[1, t] * forget[1, t - 1] for t in range(2, T)]
    np.testing.assert_allclose(found[1, 2], np.mean(ways))


def test_what_a_cell_holds_is_the_sum_of_its_ages():
    i, f = (1 / (1 + np.exp(-random(k, 20, H))) for k in range(2))
    g = np.tanh(random(3, 20, H))
    parts = [memory.by_age(i, f, g, age) for age in memory.AGES]
    np.testing.assert_allclose(sum(parts), memory.provenance(i, f, g).sum(axis=-2), atol=1e-12)
    np.testing.assert_allclose(parts[0], i * g)
    assert not parts[-1][:16].any()


@given(seed=st.integers(0, 999), normed=st.booleans())
def test_the_ledger_balances(seed, normed):
    i, f, o = (1 / (1 + np.exp(-random(seed + k, T, H))) for k in range(3))
    g, (gain, shift) = np.tanh(random(seed + 3, T, H)), random(seed + 4, 2, H)
    cell, norm, before = np.zeros((T, H)), (gain, shift) if normed else (), np.zeros(H)
    for t in range(T):
        before = cell[t] = f[t] * before + i[t] * g[t]
    found, operands = memory.ledger(i, f, g, o, cell, *norm), memory.operands(i, f, g, o, cell, *norm)
    squashed = np.tanh(torch.nn.functional.layer_norm(torch.tensor(cell), (H,), *map(torch.tensor, norm)).numpy())
    squashed = squashed if normed else np.tanh(cell)
    np.testing.assert_allclose(found[..., 0] + found[..., 1], cell, atol=1e-12)
    np.testing.assert_allclose(found[..., 2], cell, atol=1e-12)
    np.testing.assert_allclose(found[..., 3], squashed, atol=1e-9)
    np.testing.assert_allclose(found[..., 4], o * squashed, atol=1e-9)
    for entry in (0, 1, 4):
        np.testing.assert_allclose(operands[..., entry, 0] * operands[..., entry, 1], found[..., entry], atol=1e-12)
    np.testing.assert_array_equal(operands[1:, :, 0, 1], cell[:-1])


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
def test_a_curves_slope_is_its_derivative(curve):
    z = torch.tensor(random(0, 50) * 3, requires_grad=True)
    value = getattr(torch, curve.name)(z)
    np.testing.assert_allclose(curve.value(z.detach().numpy()), value.detach(), atol=1e-12)
    value.sum().backward()
    np.testing.assert_allclose(curve.slope(z.detach().numpy()), z.grad, atol=1e-12)


def test_what_an_activation_is_given_is_counted_in_bins_and_the_outermost_take_the_rest():
    curve, sums = CURVES["tanh"], np.array([[[0.01, 100.0, 3.95, 7], [0.05, -100.0, np.nan, 7]]])
    found = saturation.spread(sums, block=(0, 3), curve=curve)[0]
    assert found.sum() == pytest.approx(1)
    assert found[0] == pytest.approx(1 / 5)
    assert found[-1] == pytest.approx(2 / 5)
    assert found[len(found) // 2] == pytest.approx(2 / 5)
    np.testing.assert_array_equal(saturation.flat_by_unit(sums, block=(0, 3), curve=curve)[0], [0, 1, 0.5])
    np.testing.assert_array_equal(saturation.given(sums, block=(1, 2))[0, :, 0], [100, -100])


def test_an_activation_behind_layer_norm_is_given_what_it_makes():
    sums, gain, shift = random(1, T, 8), random(2, 8), random(3, 8)
    normed = torch.nn.functional.layer_norm(*map(torch.tensor, (sums,)), (8,), *map(torch.tensor, (gain, shift)))
    z = normed[:, 4:].clone().requires_grad_()
    torch.tanh(z).sum().backward()
    np.testing.assert_allclose(saturation.given(sums, gain, shift, block=(4, 8)), z.detach(), atol=1e-9)
    steep = saturation.slope(sums, gain, shift, block=(4, 8), curve=CURVES["tanh"])
    np.testing.assert_allclose(steep, z.grad, atol=1e-9)


@given(seed=st.integers(0, 999), size=st.integers(2, 8))
def test_a_sliding_kernel_makes_torchs_convolution_forwards_and_backwards(seed, size):
    incoming, kernel, bias = random(seed, T, 2), random(seed + 1, H, 2, size), random(seed + 2, H)
    weight, shift = (torch.tensor(of, requires_grad=True) for of in (kernel, bias))
    padded = torch.nn.functional.pad(torch.tensor(incoming).T, (size - 1, 0))
    output = torch.nn.functional.conv1d(padded, weight, shift).relu()
    output.retain_grad()
    output.sin().sum().backward()
    out, back = output.detach().numpy().T, output.grad.numpy().T
    np.testing.assert_allclose(np.maximum(convolution.sums(kernel, bias, incoming), 0), out, atol=1e-12)
    products = convolution.products(kernel, incoming)
    np.testing.assert_allclose(products.sum(axis=-1) + bias, convolution.sums(kernel, bias, incoming), atol=1e-12)
    gathered = convolution.gathered(back, out, incoming, size, 1)
    np.testing.assert_allclose(gathered[0], weight.grad[:, 1], atol=1e-12)
    added = convolution.correlated(back, out, incoming, size, 1)
    np.testing.assert_allclose(gathered[2], added[2:].sum(axis=0), atol=1e-12)
    np.testing.assert_allclose(convolution.through_relu(back, out).sum(axis=0), shift.grad, atol=1e-12)


def test_each_tap_lies_where_it_says_and_zeros_stand_before_the_window():
    incoming = random(0, T, 2)
    places, seen = convolution.places(incoming, 3), convolution.seen(incoming, 3, 1)
    for t in range(T):
        for k in range(3):
            place = int(places[t, k])
            assert place == t + 1 - (2 - k)
            assert seen[t, k] == (incoming[place - 1, 1] if place >= 1 else 0)


def test_a_gates_part_of_a_weights_gradient_is_the_norm_of_its_rows():
    delta, incoming = random(1, T, 8), random(2, T, 3)
    gradient = sum(np.outer(delta[t], incoming[t]) for t in range(T))
    expected = [np.linalg.norm(gradient[rows : rows + 2]) for rows in range(0, 8, 2)]
    np.testing.assert_allclose(contributions.by_block(delta, incoming, 4), expected)
