"""Lesson 56, the recurrent neuron: with and without a past, four ways to use it, and the way back. Knows no page.

    h_t = tanh(w_x x_t + w_h h_(t-1) + b);  o_t = v h_t + c
    sequence-to-sequence: L = mean of (o_t - y_t)^2;  sequence-to-vector: L = (o_3 - y_3)^2
    vector-to-sequence: x_1 alone, then the past alone
    encoder-decoder: d_0 = h_3, d_j = tanh(u_x q_(j-1) + u_h d_(j-1) + u_b), q_j = v d_j + c

Elman 1990; Werbos 1990 for the way back; Sutskever et al. 2014 (arXiv 1409.3215) for the encoder-decoder.
"""

from __future__ import annotations

from engine.lessons.neuron import Weights
from engine.working.backward import Backward
from engine.working.number import Worked, tanh, total
from engine.working.sheet import Cells, Sheet

STEPS = (1, 2, 3)
LAST, WRITTEN = 3, (1, 2)
VECTOR, ALONE, DECODER = "vector", "last", "decoder"


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    with sheet.step("A neuron"):
        x = sheet.given("x", {1: 0.8, 2: -0.5, 3: 0.4}, "input", "the sequence", ("t",))
        w_x = sheet.given("w_x", 0.9, "weight", "weight of the input")
        b = sheet.given("b", 0.1, "weight", "bias")
        sheet.declare("n", "the neuron, each value for itself", "t")
        for t in STEPS:
            sheet.let("n", t, tanh(w_x * x[t] + b))
    with sheet.step("The same neuron with a past", "n"):
        w_h = sheet.given("w_h", 0.7, "weight", "weight of its own past")
        h0 = sheet.given("h_0", 0.0, "setting", "before the first step")
        z, h = _states(sheet, x, w_x, w_h, b, h0)
    with sheet.step("Memory cell and output"):
        v = sheet.given("v", 1.1, "weight", "read-out")
        c = sheet.given("c", -0.1, "weight", "bias of the read-out")
        o = _outputs(sheet, h, v, c)
    y = sheet.given("y", {1: 0.9, 2: 0.3, 3: 0.6}, "target", "the truth", ("t",))
    weights = Weights(w_x, w_h, b, v, c)
    loss = _to_sequence(sheet, "Sequence to sequence", o, y)
    last = _to_vector(sheet, o, y)
    _from_vector(sheet, x, weights)
    _encoder_decoder(sheet, h, o[LAST], weights)
    weights = _back(sheet, loss, weights, (o, h, z))
    _back_from_the_last(sheet, last, (o, h, z))
    sheet.next_iteration()
    with sheet.step("The same again with the new weights"):
        _, h = _states(sheet, x, weights.w_x, weights.w_h, weights.b, h0)
        o = _outputs(sheet, h, weights.v, weights.c)
    _to_sequence(sheet, "The loss after one update", o, y)


def _states(sheet: Sheet, x: Cells, w_x: Worked, w_h: Worked, b: Worked, before: Worked) -> tuple[Cells, Cells]:
    """Sums and states at every time step."""
    sheet.declare("z", "sum", "t")
    sheet.declare("h", "hidden state", "t")
    z: Cells = {}
    h: Cells = {0: before}
    for t in STEPS:
        z[t] = sheet.let("z", t, w_x * x[t] + w_h * h[t - 1] + b)
        h[t] = sheet.let("h", t, tanh(z[t]))
    return z, {t: h[t] for t in STEPS}


def _outputs(sheet: Sheet, h: Cells, v: Worked, c: Worked) -> Cells:
    sheet.declare("o", "output", "t")
    return {t: sheet.let("o", t, v * h[t] + c) for t in STEPS}


def _to_sequence(sheet: Sheet, step: str, o: Cells, y: Cells) -> Worked:
    sheet.declare("L", "loss")
    with sheet.step(step):
        return sheet.let("L", (), total([(o[t] - y[t]) ** 2 for t in STEPS]) / len(STEPS))


def _to_vector(sheet: Sheet, o: Cells, y: Cells) -> Worked:
    with sheet.step("Sequence to vector"), sheet.tagged(ALONE):
        return sheet.let("L", (), (o[LAST] - y[LAST]) ** 2)


def _from_vector(sheet: Sheet, x: Cells, of: Weights) -> None:
    """One value goes in, at the first step; from then on the neuron hears only itself."""
    with sheet.step("Vector to sequence"), sheet.tagged(VECTOR):
        z: Cells = {1: sheet.let("z", 1, of.w_x * x[1] + of.b)}
        h: Cells = {1: sheet.let("h", 1, tanh(z[1]))}
        for t in STEPS[1:]:
            z[t] = sheet.let("z", t, of.w_h * h[t - 1] + of.b)
            h[t] = sheet.let("h", t, tanh(z[t]))
        _outputs(sheet, h, of.v, of.c)


def _encoder_decoder(sheet: Sheet, h: Cells, said: Worked, of: Weights) -> None:
    """A second neuron begins where the first one ended, and is fed what it said itself."""
    with sheet.step("Encoder and decoder"), sheet.tagged(DECODER):
        u = {name: sheet.given(name, value, "weight", title)
             for name, (value, title) in {
                 "u_x": (0.6, "weight of what was said last"), "u_h": (0.8, "weight of its own past"),
                 "u_b": (0.05, "bias")}.items()}  # fmt: skip
        sheet.declare("d", "state of the decoder", "step ahead")
        sheet.declare("q", "what it says", "step ahead")
        d, q = h[LAST], said
        for j in WRITTEN:
            d = sheet.let("d", j, tanh(u["u_x"] * q + u["u_h"] * d + u["u_b"]))
            q = sheet.let("q", j, of.v * d + of.c)


def _back(sheet: Sheet, loss: Worked, of: Weights, numbers: tuple[Cells, Cells, Cells]) -> Weights:
    """Backpropagation through time, step by step, and the weights after it."""
    back = Backward(sheet, loss)
    for t in reversed(STEPS):
        with sheet.step(f"Backwards: time step {t}"):
            back.to(*[cells[t] for cells in numbers])
    with sheet.step("Backwards: the weights"):
        gradients = {name: back.to(weight) for name, weight in vars(of).items()}
    with sheet.step("Update"):
        eta = sheet.given("eta", 0.3, "setting", "learning rate")
        return Weights(**{name: sheet.update(weight, gradients[name], eta) for name, weight in vars(of).items()})


def _back_from_the_last(sheet: Sheet, loss: Worked, numbers: tuple[Cells, Cells, Cells]) -> None:
    with sheet.step("Backwards, where only the last output counts"), sheet.tagged(ALONE):
        back = Backward(sheet, loss)
        for t in reversed(STEPS):
            back.to(*[cells[t] for cells in numbers])
