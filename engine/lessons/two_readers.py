"""Lesson 55, the same sequence through a recurrent network and a causal convolutional one. Knows no page.

    RNN:  z_t = w_x x_t + w_h h_(t-1) + b;  h_t = tanh(z_t);  p_r = v h_6
    CNN:  a_t = k_1 x_(t-1) + k_2 x_t + d;  c_t = tanh(a_t)
          s_t = q_1 c_(t-2) + q_2 c_t + g;  e_t = tanh(s_t);  p_c = u e_6
    each: L = (p - y)^2

Elman 1990; van den Oord et al. 2016 (arXiv 1609.03499) for causal convolutions that lie apart.
"""

from __future__ import annotations

from typing import Any

from engine.working.backward import Backward
from engine.working.number import Term, Worked, tanh
from engine.working.sheet import Cells, Sheet

STEPS = (1, 2, 3, 4, 5, 6)
LAST = STEPS[-1]
APART = {"c": 1, "e": 2}
"""How far back each layer of the CNN looks besides its own step."""
RNN, CNN = "rnn", "cnn"


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    with sheet.step("One sequence, two networks"):
        values = dict(zip(STEPS, (0.6, -0.2, 0.4, 0.9, -0.5, 0.3), strict=True))
        x = sheet.given("x", values, "input", "the sequence", ("t",))
        y = sheet.given("y", 0.9, "target", "the value after it")
    recurrent = _rnn(sheet, x, y)
    convolved = _cnn(sheet, x, y)
    _back(sheet, RNN, "Back through the RNN", x, recurrent)
    _back(sheet, CNN, "Back through the CNN", x, convolved)


def _rnn(sheet: Sheet, x: Cells, y: Worked) -> tuple[Worked, dict[str, Any]]:
    """The loss of the recurrent network, and what its gradient is wanted by."""
    sheet.declare("z", "sum", "t")
    sheet.declare("h", "hidden state", "t")
    weights = {"w_x": (0.7, "weight of the input"), "w_h": (0.6, "weight of its own past"), "b": (0.1, "bias")}
    with sheet.step("The RNN, unrolled: the first half"):
        w_x, w_h, b = (sheet.given(name, value, "weight", title) for name, (value, title) in weights.items())
        h: Cells = {0: sheet.given("h_0", 0.0, "setting", "before the first step")}
        z: Cells = {}
        for t in STEPS[:3]:
            z[t] = sheet.let("z", t, w_x * x[t] + w_h * h[t - 1] + b)
            h[t] = sheet.let("h", t, tanh(z[t]))
    with sheet.step("The RNN, unrolled: the second half"):
        for t in STEPS[3:]:
            z[t] = sheet.let("z", t, w_x * x[t] + w_h * h[t - 1] + b)
            h[t] = sheet.let("h", t, tanh(z[t]))
        v = sheet.given("v", 1.2, "weight", "read-out")
    loss = _judged(sheet, "The RNN's forecast", "r", v * h[LAST], y)
    return loss, {"h": {t: h[t] for t in STEPS}, "z": z, "w_x": w_x, "w_h": w_h, "b": b}


def _cnn(sheet: Sheet, x: Cells, y: Worked) -> tuple[Worked, dict[str, Any]]:
    """The same of the convolutional one."""
    with sheet.step("The CNN: its first layer"):
        k = sheet.given("k", {1: -0.4, 2: 0.8}, "weight", "first kernel", ("tap",), across=True)
        d = sheet.given("d", 0.1, "weight", "its bias")
        a, c = _layer(sheet, ("a", "c"), "first", x, k, d)
    with sheet.step("The CNN: its second layer"):
        q = sheet.given("q", {1: 0.5, 2: 0.9}, "weight", "second kernel", ("tap",), across=True)
        g = sheet.given("g", -0.1, "weight", "its bias")
        s, e = _layer(sheet, ("s", "e"), "second", c, q, g)
        u = sheet.given("u", 1.2, "weight", "read-out")
    loss = _judged(sheet, "The CNN's forecast", "c", u * e[LAST], y)
    return loss, {"e": e, "s": s, "c": c, "a": a, "k": k, "d": d, "q": q, "g": g}


def _layer(
    sheet: Sheet, names: tuple[str, str], which: str, below: Cells, kernel: Cells, bias: Worked
) -> tuple[Cells, Cells]:
    """Sums and maps of a causal layer; before the sequence begins there is nothing to multiply."""
    inner, outer = names
    sheet.declare(inner, f"sums of the {which} layer", "t")
    sheet.declare(outer, f"map of the {which} layer", "t")
    sums: Cells = {}
    maps: Cells = {}
    for t in STEPS:
        earlier = t - APART[outer]
        now = kernel[2] * below[t] + bias
        sums[t] = sheet.let(inner, t, kernel[1] * below[earlier] + now if earlier in below else now)
        maps[t] = sheet.let(outer, t, tanh(sums[t]))
    return sums, maps


def _judged(sheet: Sheet, step: str, mark: str, forecast: Term, y: Worked) -> Worked:
    sheet.declare(f"p_{mark}", "forecast")
    sheet.declare(f"L_{mark}", "loss")
    with sheet.step(step):
        p = sheet.let(f"p_{mark}", (), forecast)
        return sheet.let(f"L_{mark}", (), (p - y) ** 2)


def _back(sheet: Sheet, tag: str, step: str, x: Cells, judged: tuple[Worked, dict[str, Any]]) -> None:
    """The gradient of a network's loss by its states, its weights and the sequence."""
    loss, numbers = judged
    with sheet.tagged(tag):
        back = Backward(sheet, loss)
        with sheet.step(f"{step}: to every time step"):
            back.to(*[numbers[name] for name in numbers if name in ("h", "z", "e", "s", "c", "a")], x)
        with sheet.step(f"{step}: one weight, many uses"):
            back.to(*[numbers[name] for name in numbers if name not in ("h", "z", "e", "s", "c", "a")])
