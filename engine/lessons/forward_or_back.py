"""Lesson 58, FNN against RNN with one hidden neuron each, on the same task, two updates. Knows no page.

    fnn   h = tanh(u_1 x_1 + u_2 x_2 + u_3 x_3 + b)
    rnn   h_t = tanh(w_x x_t + w_h h_(t-1) + b),  h = h_3
    both  y = v h + c,  loss = mean of (y - truth)^2 over the sequences

Rumelhart, Hinton and Williams 1986; Elman 1990.
"""

from __future__ import annotations

from typing import Any

from engine.working.backward import Backward
from engine.working.number import Worked, tanh, total
from engine.working.sheet import Cells, Sheet

SEQUENCES, STEPS, LONGER = (1, 2), (1, 2, 3), 4
ITERATIONS = ("", ", second iteration")
OWN = {"fnn": ("u",), "rnn": ("w_x", "w_h")}
SHARED = ("b", "v", "c")
Weights = dict[str, Any]


def work(sheet: Sheet) -> None:
    """Every number of the lesson; both networks in every step."""
    sheet.labels["sequence"] = ("rising", "falling")
    with sheet.step("The same task for both"):
        values = ((0.1, 0.4, 0.9), (0.9, 0.4, 0.1))
        X = sheet.given(
            "X", {(n, t): values[n - 1][t - 1] for n in SEQUENCES for t in STEPS}, "input", "the sequences",
            ("sequence", "t"),
        )  # fmt: skip
        y = sheet.given("y", {1: 0.8, 2: -0.4}, "target", "what should come out", ("sequence",))
    with sheet.step("Their weights"):
        given = {
            "u": sheet.given("u", {1: 0.2, 2: 0.3, 3: 0.4}, "weight", "FNN: a weight for each step", ("t",)),
            "w_x": sheet.given("w_x", 0.4, "weight", "RNN: weight of the value"),
            "w_h": sheet.given("w_h", 0.5, "weight", "RNN: weight of its past"),
            "b": sheet.given("b", 0.1, "weight", "bias"),
            "v": sheet.given("v", 0.9, "weight", "weight of the read-out"),
            "c": sheet.given("c", 0.0, "weight", "bias of the read-out"),
        }
    eta = sheet.given("eta", 0.3, "setting", "learning rate")
    given_h = sheet.given("h_0", 0.0, "setting", "before the first step")
    weights = {kind: {name: given[name] for name in (*own, *SHARED)} for kind, own in OWN.items()}
    for iteration, when in enumerate(ITERATIONS):
        weights = _update(sheet, weights, (X, y, given_h), eta, iteration, when)
    _longer(sheet, weights["rnn"])


def _update(
    sheet: Sheet, weights: dict[str, Weights], task: tuple[Cells, Cells, Worked], eta: Worked, iteration: int, when: str
) -> dict[str, Weights]:
    """Forward, loss, the way back and the update, for both in turn within each step."""
    X, y, h_0 = task
    hidden: dict[str, list[Cells]] = {}
    answers: dict[str, Cells] = {}
    backs: dict[str, Backward] = {}
    gradients: dict[str, Weights] = {}
    updated: dict[str, Weights] = {}
    with sheet.step(f"Hidden neuron{when}"):
        with sheet.tagged("fnn", iteration):
            hidden["fnn"] = [_feed(sheet, weights["fnn"], X)]
        with sheet.tagged("rnn", iteration):
            hidden["rnn"] = _recur(sheet, weights["rnn"], X, h_0)
    with sheet.step(f"Answers and loss{when}"):
        for kind, own in weights.items():
            with sheet.tagged(kind, iteration):
                answers[kind], loss = _answer(sheet, own, hidden[kind][-1], y)
                backs[kind] = Backward(sheet, loss)
    with sheet.step(f"Back to the hidden neuron{when}"):
        for kind, back in backs.items():
            with sheet.tagged(kind, iteration):
                back.to(answers[kind], *reversed(hidden[kind]))
    with sheet.step(f"Back to the weights{when}"):
        for kind, back in backs.items():
            with sheet.tagged(kind, iteration):
                gradients[kind] = {name: back.to(weight) for name, weight in weights[kind].items()}
    with sheet.step(f"Update{when}"):
        for kind, own in weights.items():
            with sheet.tagged(kind, iteration):
                updated[kind] = {name: sheet.update(own[name], gradients[kind][name], eta) for name in own}
    return updated


def _feed(sheet: Sheet, weights: Weights, X: Cells) -> Cells:
    sheet.declare("z", "sum", "sequence")
    sheet.declare("h", "hidden neuron", "sequence")
    u, b = weights["u"], weights["b"]
    z = {n: sheet.let("z", n, total([u[t] * X[n, t] for t in STEPS]) + b) for n in SEQUENCES}
    return {n: sheet.let("h", n, tanh(z[n])) for n in SEQUENCES}


def _recur(sheet: Sheet, weights: Weights, X: Cells, h_0: Worked) -> list[Cells]:
    """The states after each step, by sequence."""
    sheet.declare("r", "sums", "sequence", "t")
    sheet.declare("s", "hidden neuron", "sequence", "t")
    w_x, w_h, b = weights["w_x"], weights["w_h"], weights["b"]
    state, states = dict.fromkeys(SEQUENCES, h_0), []
    for t in STEPS:
        sums = {n: sheet.let("r", (n, t), w_x * X[n, t] + w_h * state[n] + b) for n in SEQUENCES}
        state = {n: sheet.let("s", (n, t), tanh(sums[n])) for n in SEQUENCES}
        states.append(state)
    return states


def _answer(sheet: Sheet, weights: Weights, h: Cells, y: Cells) -> tuple[Cells, Worked]:
    sheet.declare("f", "answer", "sequence")
    sheet.declare("loss", "loss")
    f = {n: sheet.let("f", n, weights["v"] * h[n] + weights["c"]) for n in SEQUENCES}
    return f, sheet.let("loss", (), total([(f[n] - y[n]) ** 2 for n in SEQUENCES]) / len(SEQUENCES))


def _longer(sheet: Sheet, weights: Weights) -> None:
    """One more value: the RNN goes on with the weights it has; for the FNN there is no weight."""
    with sheet.step("One value more"):
        more = sheet.given("more", {1: 1.0, 2: 0.0}, "input", "a fourth value", ("sequence",))
        with sheet.tagged("rnn", len(ITERATIONS)):
            last = _recur(sheet, weights, _all(sheet), sheet.numbers["h_0"])[-1]
            sheet.declare("e", "after the fourth", "sequence")
            for n in SEQUENCES:
                sheet.let("e", n, tanh(weights["w_x"] * more[n] + weights["w_h"] * last[n] + weights["b"]))


def _all(sheet: Sheet) -> Cells:
    return {(n, t): sheet.numbers[f"X[{n}, {t}]"] for n in SEQUENCES for t in STEPS}
