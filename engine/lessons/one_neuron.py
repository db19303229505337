"""Lesson 60, one recurrent neuron over three steps, then a layer of three neurons. Knows no page.

    z_t = w_x x_t + w_h h_(t-1) + b;  h_t = tanh(z_t)          one neuron
    Z_t = W_x x_t + W_h H_(t-1) + B;  H_t = tanh(Z_t)          a layer

Elman 1990; Géron 2022, chapter 15.
"""

from __future__ import annotations

from engine.working.number import Term, tanh, total
from engine.working.sheet import Cells, Sheet

STEPS = (1, 2, 3)
UNITS = (1, 2, 3)


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    with sheet.step("What the neuron is given"):
        x = sheet.given("x", {1: 0.1, 2: 0.3, 3: -0.2}, "input", "the sequence", ("t",))
        w_x = sheet.given("w_x", 0.5, "weight", "weight of the input")
        w_h = sheet.given("w_h", 0.8, "weight", "weight of its own past")
        b = sheet.given("b", 0.1, "weight", "bias")
        h = {0: sheet.given("h_0", 0.0, "setting", "before the first step")}
    sheet.declare("z", "sum", "t")
    sheet.declare("h", "hidden state", "t")
    for t in STEPS:
        with sheet.step(f"Time step {t}"):
            z = sheet.let("z", t, w_x * x[t] + w_h * h[t - 1] + b)
            h[t] = sheet.let("h", t, tanh(z))
    _forgetful(sheet, x, (w_x, b))
    _layer(sheet, x)
    for library in ("PyTorch", "TensorFlow / Keras"):
        with sheet.step(f"The same in {library}", "x", "W_x", "W_h", "B", "Z", "H"):
            pass  # nothing new to work out: the same numbers beside the program


def _forgetful(sheet: Sheet, x: Cells, weights: tuple[Term, Term]) -> None:
    """The same neuron without its past: what a network without memory makes of each value."""
    w_x, b = weights
    sheet.declare("g", "without memory", "t")
    with sheet.step("Without memory", "h"):
        for t in STEPS:
            sheet.let("g", t, tanh(w_x * x[t] + b))


def _layer(sheet: Sheet, x: Cells) -> None:
    with sheet.step("A layer: what it is given"):
        W_x = sheet.given("W_x", {1: 0.5, 2: -0.4, 3: 0.9}, "weight", "weights of the input", ("unit",))
        recurrent = ((0.8, 0.2, -0.1), (-0.3, 0.5, 0.4), (0.1, -0.6, 0.7))
        values = {(i, j): value for i, row in enumerate(recurrent, 1) for j, value in enumerate(row, 1)}
        W_h = sheet.given("W_h", values, "weight", "weights of the past", ("unit", "from"))
        B = sheet.given("B", {1: 0.1, 2: 0.0, 3: -0.1}, "weight", "biases", ("unit",))
        H: Cells = sheet.given("H_0", dict.fromkeys(UNITS, 0.0), "setting", "before the first step", ("unit",))
    sheet.declare("Z", "sums", "t", "unit")
    sheet.declare("H", "hidden states", "t", "unit")
    for t in STEPS:
        with sheet.step(f"A layer: time step {t}"):
            Z = {i: sheet.let("Z", (t, i), W_x[i] * x[t] + total([W_h[i, j] * H[j] for j in UNITS]) + B[i])
                 for i in UNITS}  # fmt: skip
            H = {i: sheet.let("H", (t, i), tanh(Z[i])) for i in UNITS}
