"""Every rule against torch itself in float64: each number, and each gradient against autograd."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from engine.explaining.rules.contract import CONSTANTS, MOVEMENTS, Unexplained, rules
from tests.engine.explaining.passing import check, passed

random = np.random.default_rng(0)
X = random.normal(size=(3, 4))
W = {"W": random.normal(size=(4, 4)), "v": random.normal(size=4) + 3, "s": np.array(0.7)}
IMAGE = random.normal(size=(2, 2, 5, 6))
KERNELS = {"K": random.normal(size=(3, 2, 2, 3)), "b": random.normal(size=3), "D": random.normal(size=(2, 12))}

UNARY = {
    "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu, "exp": torch.exp, "square": torch.square,
    "neg": torch.neg, "silu": F.silu, "softplus": F.softplus, "abs": torch.abs,
    "log": lambda x: torch.log(x.square() + 1), "sqrt": lambda x: torch.sqrt(x**2 + 0.1),
    "rsqrt": lambda x: torch.rsqrt(x**2 + 0.1), "reciprocal": lambda x: torch.reciprocal(x**2 + 0.1),
    "pow": lambda x: x**3, "rsub": lambda x: 1 - x, "rdiv": lambda x: 1 / (x**2 + 1), "radd": lambda x: 1 + x,
    "clip": lambda x: x.abs().clip(max=1), "clamp": lambda x: torch.clamp(x, -0.5, 0.5),
    "softmax": lambda x: torch.softmax(x, -1), "log_softmax": lambda x: F.log_softmax(x, dim=0),
    "mean": lambda x: x - x.mean(-1, keepdim=True), "sum": lambda x: x * x.sum(0),
    "var": lambda x: x / (x.var(-1, unbiased=False, keepdim=True) + 1e-5).sqrt(), "var_n-1": lambda x: x * x.var(),
    "layer_norm": lambda x: F.layer_norm(x, (4,)),
}  # fmt: skip
BINARY = {
    "add": lambda x, w: x + w["v"], "alpha": lambda x, w: torch.add(x, w["v"], alpha=2), "sub": lambda x, w: x - w["v"],
    "mul": lambda x, w: x * w["s"], "div": lambda x, w: x / w["v"], "into": lambda x, w: w["s"] / (x**2 + 1),
    "itself": lambda x, w: x * x, "lerp": lambda x, w: torch.lerp(x, w["v"].expand(3, 4), torch.sigmoid(w["W"][:3])),
    "addcmul": lambda x, w: torch.addcmul(x, w["v"], w["W"][:3], value=0.5), "linear": lambda x, w: F.linear(x, w["W"]),
    "bias": lambda x, w: F.linear(x, w["W"], w["v"]), "matmul": lambda x, w: x @ w["W"].T,
    "vector": lambda x, w: (x @ w["v"])[:, None], "bmm": lambda x, w: (x[:, None] @ w["W"].expand(3, 4, 4))[:, 0],
    "norm": lambda x, w: F.layer_norm(x, (4,), w["v"], w["W"][0], 1e-5),
}  # fmt: skip
MOVED = {
    "chunk": lambda x: torch.cat(x.chunk(2, dim=-1)[::-1], -1), "slice": lambda x: x[:, 1:3],
    "unbind": lambda x: torch.stack(x.unbind(1)[1:], 1), "flip": lambda x: x.flip(1),
    "view": lambda x: x.view(3, 2, 2).transpose(1, 2).reshape(3, 4), "T": lambda x: x.T.t(),
    "pad": lambda x: F.pad(x, (2, 1)), "split": lambda x: x.split([1, 3], 1)[1], "pick": lambda x: x[:, [0, 0, 2]],
    "roll": lambda x: x.roll(1, 1), "expand": lambda x: x[:, :1].expand(3, 4), "repeat": lambda x: x.repeat(1, 2),
    "squeeze": lambda x: x.unsqueeze(1).squeeze(1), "permute": lambda x: x.permute(1, 0).movedim(0, 1),
    "pad_value": lambda x: F.pad(x, (1, 1), "constant", 3.0), "zeros": lambda x: x + torch.zeros_like(x),
}  # fmt: skip


def into_one(y):
    return y.mean(-1, keepdim=True) * 0.5


@pytest.mark.parametrize("name", UNARY)
def test_what_is_done_to_one_tensor(name):
    assert check(passed(lambda w, x, tap: into_one(torch.tanh(UNARY[name](x * w["s"]))), W, X)) > 20


@pytest.mark.parametrize("name", BINARY)
def test_what_is_done_to_two(name):
    assert check(passed(lambda w, x, tap: into_one(torch.tanh(BINARY[name](x, w))), W, X)) > 20


@pytest.mark.parametrize("name", MOVED)
def test_numbers_that_only_moved_are_found_where_they_were_made(name):
    run = passed(lambda w, x, tap: into_one(MOVED[name](torch.tanh(x * w["v"])) ** 2), W, X)
    assert check(run) > 20
    kinds = {name.split("/")[-1].split(".")[0] for name in run.names.arrays if "/" in name}
    assert kinds <= {"product", "tanh", "pow", "mean", "sum", "difference", "square"}  # no name for a movement


@pytest.mark.parametrize(("stride", "padding", "dilation"), [(1, 0, 1), (2, 1, 1), (1, (0, 1), (2, 1))])
def test_convolution_over_images(stride, padding, dilation):
    def forward(w, x, tap):
        maps = tap("map", torch.relu(F.conv2d(x, w["K"], w["b"], stride, padding, dilation)))
        return into_one(maps.flatten(1))

    assert check(passed(forward, KERNELS, IMAGE)) > 100


def test_the_network_of_the_lesson_convolution_pool_dense_softmax():
    def forward(w, x, tap):
        maps = tap("map", torch.relu(F.conv2d(x, w["K"], w["b"])))  # (2, 3, 4, 4)
        pooled = tap("pooled", F.max_pool2d(maps, 2)).flatten(1)  # (2, 12)
        return F.linear(pooled, w["D"])

    classes = torch.tensor([1, 0])
    run = passed(forward, KERNELS, IMAGE, loss=lambda scores, _: F.cross_entropy(scores, classes))
    assert check(run) > 200
    soft = passed(lambda *a: torch.softmax(forward(*a), -1), KERNELS, IMAGE, np.eye(2))
    assert check(soft) > 200


@pytest.mark.parametrize("pool", [F.max_pool1d, F.avg_pool1d])
@pytest.mark.parametrize(("size", "stride"), [(2, None), (3, 1)])
def test_pools_over_time(pool, size, stride):
    weights = {"K": KERNELS["K"][:, :, 0], "b": KERNELS["b"]}

    def forward(w, x, tap):
        return into_one(pool(F.conv1d(x, w["K"], w["b"], dilation=2), size, stride).flatten(1))

    assert check(passed(forward, weights, random.normal(size=(2, 2, 9)))) > 50


def test_torchs_mean_squared_error():
    assert check(passed(lambda w, x, tap: x @ w["v"][:, None], W, X, loss=F.mse_loss)) > 20


@given(seed=st.integers(0, 999), hidden=st.integers(1, 4), steps=st.integers(1, 5), batch=st.integers(1, 3))
def test_recurrences_of_any_size(seed, hidden, steps, batch):
    random = np.random.default_rng(seed)
    weights = {"W_x": random.normal(size=(hidden, 1)), "W_h": random.normal(size=(hidden, hidden))}

    def forward(w, x, tap):
        h = x.new_zeros(batch, hidden)
        for t in range(steps):
            h = tap("h", torch.tanh(F.linear(x[:, t], w["W_x"]) + F.linear(h, w["W_h"])), t)
        return h.sum(-1, keepdim=True)

    run = passed(forward, weights, random.normal(size=(batch, steps, 1)))
    assert check(run) >= 4 * batch * steps * hidden
    assert run.names.arrays["h"].shape == (batch, steps, hidden)


def test_an_operation_without_a_rule_is_named():
    with pytest.raises(Unexplained, match="erfinv"):
        passed(lambda w, x, tap: torch.erfinv(x), W, X)


def test_a_change_in_place_is_refused():
    with pytest.raises(Unexplained, match="in place"):
        passed(lambda w, x, tap: (x * 2).add_(1), W, X)
    with pytest.raises(Unexplained, match="in place"):
        passed(lambda w, x, tap: torch.zeros(3, 4).__setitem__(0, x[0]), W, X)


def test_a_tensor_from_nowhere_is_refused():
    stranger = torch.ones(3, 4, dtype=torch.float64)
    with pytest.raises(Unexplained, match="made nowhere"):
        passed(lambda w, x, tap: x + stranger, W, X)


def test_no_operation_is_both_moved_and_computed():
    assert not set(rules()) & (MOVEMENTS | CONSTANTS)
    assert not MOVEMENTS & CONSTANTS
