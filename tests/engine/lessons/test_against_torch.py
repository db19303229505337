"""Each lesson's networks once more as a torch program of the test's own: layers, losses and SGD from the library."""

from __future__ import annotations

import math

import pytest
import torch

from engine.lessons import convolution, forward_or_back, one_neuron, remedies, stability, three_ways
from engine.working.sheet import worked

SEEDS = (None, 1, 2)
seeded = pytest.mark.parametrize("seed", SEEDS)


def listed(sheet, name, part):
    """The numbers of an array, or their gradients, in the order of their index."""
    there = [n for n in sheet.numbers.values() if n.place.array == name and n.place.part == part]
    return [n.value for n in sorted(there, key=lambda n: n.place.index)]


def values(sheet, name):
    return torch.tensor(listed(sheet, name, "value"), dtype=torch.float64)


def leaf(sheet, name, *shape):
    return values(sheet, name).reshape(shape).clone().requires_grad_()


def same(sheet, name, tensor):
    assert values(sheet, name).tolist() == pytest.approx(tensor.detach().flatten().tolist(), abs=1e-9), name


@seeded
def test_60_a_layer_is_torchs(seed):
    sheet = worked(one_neuron.work, seed=seed)
    rnn = torch.nn.RNN(1, 3, dtype=torch.float64)
    with torch.no_grad():
        for weight, name in ((rnn.weight_ih_l0, "W_x"), (rnn.weight_hh_l0, "W_h"), (rnn.bias_ih_l0, "B")):
            weight.copy_(values(sheet, name).reshape(weight.shape))
        rnn.bias_hh_l0.zero_()
        same(sheet, "H", torch.cat([values(sheet, "H_0"), rnn(values(sheet, "x")[:, None])[0].flatten()])[3:])


@seeded
def test_54_two_updates_are_torchs(seed):
    sheet = worked(convolution.work, seed=seed)
    images = torch.stack([values(sheet, f"X_{name}").reshape(1, 3, 3) for name in ("zebra", "cat")])
    K, b, U, d = leaf(sheet, "K", 1, 1, 3, 3), leaf(sheet, "b", 1), leaf(sheet, "U", 2, 1), leaf(sheet, "d", 2)
    optimiser = torch.optim.SGD([K, b, U, d], lr=sheet.value("eta"))
    for prime in ("", "'"):
        f = torch.nn.functional.conv2d(images, K, b)
        pooled = torch.nn.functional.max_pool2d(torch.relu(f), 1).flatten(1)
        loss = torch.nn.functional.cross_entropy(torch.nn.functional.linear(pooled, U, d), torch.tensor([0, 1]))
        same(sheet, f"f{prime}", f)
        same(sheet, f"loss{prime}", loss)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for name, weight in (("K", K), ("b", b), ("U", U), ("d", d)):
            same(sheet, f"{name}{prime}'", weight)


def test_54_the_filter_says_what_the_lesson_promises():
    sheet = worked(convolution.work)
    assert sheet.value("f[1]") == pytest.approx(0.7)
    assert sheet.value("f[2]") == pytest.approx(-0.3)


@seeded
def test_54_the_larger_image_is_torchs(seed):
    sheet = worked(convolution.work, seed=seed)
    G, V, c = leaf(sheet, "G", 1, 1, 3, 3), leaf(sheet, "V", 3, 3), leaf(sheet, "c")
    maps = torch.nn.functional.conv2d(values(sheet, "X").reshape(1, 1, 8, 8), G)
    pooled = torch.nn.functional.max_pool2d(torch.relu(maps), 2)[0, 0]
    loss = torch.nn.functional.binary_cross_entropy_with_logits((V * pooled).sum() + c, values(sheet, "y")[0])
    loss.backward()
    same(sheet, "F", maps)
    same(sheet, "M", pooled)
    same(sheet, "l", loss)
    for name, weight in (("G", G), ("V", V)):
        assert listed(sheet, name, "gradient") == pytest.approx(weight.grad.flatten().tolist(), abs=1e-9)


class Looking:
    """The three networks of lesson 61, with the weights of a sheet."""

    def __init__(self, sheet, way):
        self.x, self.y, self.way = values(sheet, "x"), values(sheet, "y"), way
        read = {"W_x": leaf(sheet, "W_x", 2, 1), "W_h": leaf(sheet, "W_h", 2, 2), "B": leaf(sheet, "B", 2)}
        out = {"v": leaf(sheet, "v", 1, 2), "c": leaf(sheet, "c", 1)}
        if way == "dir":
            out = {"V": out["v"].repeat(3, 1), "C": out["c"].repeat(3)}
        write = {"U_x": "W_x", "U_h": "W_h", "D": "B"} if way == "s2s" else {}
        begun = read | out | {to: read[of] for to, of in write.items()}
        self.weights = {name: weight.detach().clone().requires_grad_() for name, weight in begun.items()}

    def step(self, value, h, names=("W_x", "W_h", "B")):
        W_x, W_h, B = (self.weights[name] for name in names)
        return torch.tanh(torch.nn.functional.linear(value.reshape(1), W_x, B) + W_h @ h)

    def answers(self, steps):
        h = torch.zeros(2, dtype=torch.float64)
        for value in self.x:
            h = self.step(value, h)
        if self.way == "dir":
            return torch.nn.functional.linear(h, self.weights["V"], self.weights["C"])
        found, value = [], self.x[-1]
        for k in range(steps):
            if self.way == "s2s":
                h = self.step(value, h, ("U_x", "U_h", "D"))
            elif k:
                h = self.step(value, h)
            value = torch.nn.functional.linear(h, self.weights["v"], self.weights["c"])[0]
            found.append(value)
        return torch.stack(found)


@seeded
@pytest.mark.parametrize("way", three_ways.WAYS)
def test_61_two_updates_and_the_forecast_are_torchs(way, seed):
    sheet = worked(three_ways.work, seed=seed)
    network = Looking(sheet, way)
    optimiser = torch.optim.SGD(network.weights.values(), lr=sheet.value("eta"))
    for prime in ("", "'"):
        answers = network.answers(1 if way == "it" else 3)
        loss = torch.nn.functional.mse_loss(answers, network.y[: len(answers)])
        same(sheet, f"loss.{way}{prime}", loss)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for name, weight in network.weights.items():
            same(sheet, f"{name}.{way}{prime}'", weight)
    same(sheet, f"f.{way}''", network.answers(3))


def test_61_its_loss_falls_whichever_the_way():
    sheet = worked(three_ways.work)
    assert all(sheet.value(f"loss.{way}'") < sheet.value(f"loss.{way}") for way in three_ways.WAYS)


@seeded
@pytest.mark.parametrize("kind", forward_or_back.OWN)
def test_58_two_updates_are_torchs(kind, seed):
    sheet = worked(forward_or_back.work, seed=seed)
    X, y = values(sheet, "X").reshape(2, 3), values(sheet, "y")
    names = (*forward_or_back.OWN[kind], *forward_or_back.SHARED)
    weights = {name: leaf(sheet, name, *((3,) if name == "u" else ())) for name in names}
    optimiser = torch.optim.SGD(weights.values(), lr=sheet.value("eta"))
    for prime in ("", "'"):
        if kind == "fnn":
            h = torch.tanh(X @ weights["u"] + weights["b"])
        else:
            h = torch.zeros(2, dtype=torch.float64)
            for x in X.T:
                h = torch.tanh(weights["w_x"] * x + weights["w_h"] * h + weights["b"])
        loss = torch.nn.functional.mse_loss(weights["v"] * h + weights["c"], y)
        same(sheet, f"loss.{kind}{prime}", loss)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        for name, weight in weights.items():
            same(sheet, f"{name}.{kind}{prime}'", weight)


@seeded
@pytest.mark.parametrize("tag", stability.ACTIVATIONS)
def test_62_a_chain_is_torchs(tag, seed):
    sheet = worked(stability.work, seed=seed)
    x, bend = values(sheet, "x"), {"tanh": torch.tanh, "sig": torch.sigmoid, "rel": torch.relu}[tag]
    weights = {name: leaf(sheet, name) for name in stability.WEIGHTS}
    h = values(sheet, "h_0")[0]
    for value in x:
        h = bend(weights["w_x"] * value + weights["w_h"] * h + weights["b"])
    ((h - sheet.value("y")) ** 2).backward()
    for name, weight in weights.items():
        assert sheet.value(f"gradient {name}.{tag}") == pytest.approx(weight.grad.item(), abs=1e-9)


@seeded
def test_62_layer_norm_and_lstm_are_torchs(seed):
    sheet = worked(stability.work, seed=seed)
    for tag, of in (("once", values(sheet, "u")), ("large", values(sheet, "u") * sheet.value("k"))):
        normal = torch.nn.functional.layer_norm(of, (4,), values(sheet, "gain"), values(sheet, "shift"), 1e-5)
        same(sheet, f"N.{tag}", normal)
    lstm = torch.nn.LSTM(1, 1, dtype=torch.float64)
    gates = torch.stack([values(sheet, f"W_{gate}") for gate in "ifgo"])  # torch's order
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(gates[:, :1])
        lstm.weight_hh_l0.copy_(gates[:, 1:2])
        lstm.bias_ih_l0.copy_(gates[:, 2])
        lstm.bias_hh_l0.zero_()
    states, (_, cell) = lstm(values(sheet, "x")[:, None])
    same(sheet, "s", states)
    assert sheet.value("c[8]") == pytest.approx(cell.item())


@pytest.mark.parametrize("saturates", [False, True])
def test_62_the_chain_that_is_trained_is_the_one_that_is_worked(saturates):
    sheet = worked(stability.work, seed=1)
    tag = "tanh" if saturates else "rel"
    first = remedies.course(sheet, remedies.Remedy(0.1, saturates), updates=1)
    assert first.losses[0] == pytest.approx(sheet.value(f"loss.{tag}"))
    assert first.norms[0] == pytest.approx(math.hypot(*(sheet.value(f"gradient {n}.{tag}") for n in stability.WEIGHTS)))


def test_62_clipping_is_torchs():
    gradient = (3.0, -0.5, 40.0)
    weights = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    for clip, theirs in (
        (remedies.by_norm, torch.nn.utils.clip_grad_norm_),
        (remedies.by_value, torch.nn.utils.clip_grad_value_),
    ):
        weights.grad = torch.tensor(gradient, dtype=torch.float64)
        theirs([weights], 2.0)
        assert clip(gradient, 2.0) == pytest.approx(weights.grad.tolist(), rel=1e-6)
    assert remedies.by_norm((0.0, 0.0, 0.0), 2.0) == (0, 0, 0)
