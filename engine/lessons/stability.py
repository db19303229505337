"""Lesson 62, stability and memory: gradients through eight steps, clipping, LayerNorm, and an LSTM's gates.

    tanh, sig, rel    z_t = w_x x_t + w_h h_(t-1) + b, h_t = f(z_t), three times with another f; L = (h_T - y)^2
    clipping          by norm: g min(1, theta / |g|);  by value: min(max(g, -theta), theta)
    LayerNorm         (z - mean) / sqrt(variance + eps) * gain + shift, over the units (Ba et al. 2016, eq. 4)
    LSTM              i, f, o = sigmoid(...), g = tanh(...); c_t = f c_(t-1) + i g; h_t = o tanh(c_t)

Bengio, Simard and Frasconi 1994; Pascanu, Mikolov and Bengio 2013 (arXiv 1211.5063); Hochreiter and Schmidhuber 1997.
Knows no page.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.working.backward import Backward
from engine.working.number import Term, Worked, largest, relu, sigmoid, smallest, sqrt, tanh, total
from engine.working.sheet import Cells, Sheet

STEPS = range(1, 9)
ACTIVATIONS: dict[str, Callable[[Term], Term]] = {"tanh": tanh, "sig": sigmoid, "rel": relu}
NAMES = {"tanh": "tanh", "sig": "sigmoid", "rel": "relu"}
WEIGHTS = ("w_x", "w_h", "b")
UNITS, GATES = range(1, 5), ("i", "f", "o", "g")
CLIPPED = "rel"  # the chain whose gradient is clipped: it is the one that can explode


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    with sheet.step("A chain of eight steps"):
        x = sheet.given("x", {1: 1.0, **dict.fromkeys(STEPS[1:], 0.0)}, "input", "a knock, then silence", ("t",))
        weights = {
            "w_x": sheet.given("w_x", 0.5, "weight", "weight of the value"),
            "w_h": sheet.given("w_h", 1.3, "weight", "weight of the past"),
            "b": sheet.given("b", 0.0, "weight", "bias"),
        }
        y = sheet.given("y", 1.0, "target", "what should be left at the end")
    h_0 = sheet.given("h_0", 0.0, "setting", "before the first step")
    sheet.given("eta", 0.02, "setting", "learning rate")
    _chains(sheet, x, weights, y, h_0)
    _clip(sheet)
    _memory(sheet, weights)
    _normalise(sheet)
    _gates(sheet, x)


def _chains(sheet: Sheet, x: Cells, weights: dict[str, Worked], y: Worked, h_0: Worked) -> None:
    """The same chain under three activations: forward, and back through all its steps."""
    for name, title in {"z": "sums", "h": "states"}.items():
        sheet.declare(name, title, "t")
    sheet.declare("loss", "loss")
    backs = {}
    with sheet.step("Forward, under three activations"):
        for tag, bend in ACTIVATIONS.items():
            with sheet.tagged(tag):
                h = {0: h_0}
                for t in STEPS:
                    z = sheet.let("z", t, weights["w_x"] * x[t] + weights["w_h"] * h[t - 1] + weights["b"])
                    h[t] = sheet.let("h", t, bend(z))
                backs[tag] = Backward(sheet, sheet.let("loss", (), (h[STEPS[-1]] - y) ** 2)), h
    with sheet.step("Back through eight steps"):
        for tag, (back, h) in backs.items():
            with sheet.tagged(tag):
                for t in reversed(STEPS):
                    back.to(h[t])
    with sheet.step("The gradients of the weights"):
        for tag, (back, _) in backs.items():
            with sheet.tagged(tag):
                for weight in weights.values():
                    back.to(weight)


def _clip(sheet: Sheet) -> None:
    """One gradient as it is, clipped by norm and clipped by value."""
    theta = sheet.given("theta", 1.0, "setting", "threshold")
    g = {name: sheet.numbers[f"gradient {name}.{CLIPPED}"] for name in WEIGHTS}
    sheet.labels["weight"] = WEIGHTS
    sheet.declare("norm", "length of the gradient")
    sheet.declare("scale", "factor of clipping by norm")
    sheet.declare("n", "clipped by norm", "weight")
    sheet.declare("a", "clipped by value", "weight")
    sheet.declare("cos_n", "cosine with the gradient: by norm")
    sheet.declare("cos_a", "cosine with the gradient: by value")
    with sheet.step("Clipping by norm"):
        norm = sheet.let("norm", (), sqrt(total([one**2 for one in g.values()])))
        scale = sheet.let("scale", (), smallest(1.0, theta / norm))
        n = {k: sheet.let("n", k, one * scale) for k, one in enumerate(g.values(), 1)}
    with sheet.step("Clipping by value"):
        a = {k: sheet.let("a", k, smallest(largest(one, -theta), theta)) for k, one in enumerate(g.values(), 1)}
    with sheet.step("Which of them turns the arrow", "n", "a"):
        for name, clipped in {"cos_n": n, "cos_a": a}.items():
            inner = total([one * clipped[k] for k, one in enumerate(g.values(), 1)])
            sheet.let(name, (), inner / (norm * sqrt(total([one**2 for one in clipped.values()]))))
    with sheet.step("Four remedies on one clock", "theta", "eta", *WEIGHTS):
        pass  # many updates, not worked number by number: engine.lessons.remedies


def _memory(sheet: Sheet, weights: dict[str, Worked]) -> None:
    """What is left of the first value after each step: the slope of the state by it."""
    sheet.declare("m", "what is left of the first value", "t")
    with sheet.step("Short-term memory, measured"), sheet.tagged("tanh"):
        h = {t: sheet.numbers[f"h.tanh[{t}]"] for t in STEPS}
        m = sheet.let("m", 1, weights["w_x"] * (1 - h[1] ** 2))
        for t in STEPS[1:]:
            m = sheet.let("m", t, m * weights["w_h"] * (1 - h[t] ** 2))


def _normalise(sheet: Sheet) -> None:
    """LayerNorm of one layer's sums at one time step, and of the same sums made larger."""
    u = sheet.given("u", {1: 0.4, 2: -0.2, 3: 1.2, 4: 0.6}, "input", "sums of four units", ("unit",))
    k = sheet.given("k", 10.0, "setting", "how many times larger")
    gain = sheet.given("gain", dict.fromkeys(UNITS, 1.0), "weight", "gain", ("unit",))
    shift = sheet.given("shift", dict.fromkeys(UNITS, 0.0), "weight", "shift", ("unit",))
    for name, title in {"d": "sums", "N": "normalised", "p": "tanh of it", "q": "tanh without LayerNorm"}.items():
        sheet.declare(name, title, "unit")
    for name, title in {"mu": "mean over the units", "var": "variance over the units"}.items():
        sheet.declare(name, title)
    for tag, title in {"once": "LayerNorm of four units", "large": "LayerNorm of larger sums"}.items():
        with sheet.step(title), sheet.tagged(tag):
            d = u if tag == "once" else {i: sheet.let("d", i, u[i] * k) for i in UNITS}
            mu = sheet.let("mu", (), total([d[i] for i in UNITS]) / len(UNITS))
            var = sheet.let("var", (), total([(d[i] - mu) ** 2 for i in UNITS]) / len(UNITS))
            N = {i: sheet.let("N", i, (d[i] - mu) / sqrt(var + 1e-5) * gain[i] + shift[i]) for i in UNITS}
            for i in UNITS:
                sheet.let("p", i, tanh(N[i]))
                sheet.let("q", i, tanh(d[i]))


def _gates(sheet: Sheet, x: Cells) -> None:
    """One LSTM unit over the same eight steps, and how much of what was written at the first is still there."""
    given = {"i": (3.0, 0.0, -1.0), "f": (0.0, 0.0, 3.0), "o": (0.0, 0.0, 2.0), "g": (1.5, 0.0, 0.0)}
    titles = {"i": "input gate", "f": "forget gate", "o": "output gate", "g": "what to write"}
    G = {gate: sheet.given(f"W_{gate}", dict(enumerate(given[gate], 1)), "weight", f"{titles[gate]}: value, past, bias",
                           ("of",), across=True) for gate in GATES}  # fmt: skip
    sheet.labels["of"] = ("x", "s", "1")
    for gate in GATES:
        sheet.declare(gate, titles[gate], "t")
    sheet.declare("c", "cell", "t")
    sheet.declare("s", "state", "t")
    sheet.declare("r", "left in the cell of the first step's writing", "t")
    zero = sheet.given("c_0", 0.0, "setting", "before the first step")
    with sheet.step("LSTM: gates and cell"):
        c, s, left = zero, zero, {}
        for t in STEPS:
            inner = {gate: w[1] * x[t] + w[2] * s + w[3] for gate, w in G.items()}
            now = {gate: sheet.let(gate, t, (tanh if gate == "g" else sigmoid)(inner[gate])) for gate in GATES}
            c = sheet.let("c", t, now["f"] * c + now["i"] * now["g"])
            s = sheet.let("s", t, now["o"] * tanh(c))
            left[t] = now
    with sheet.step("LSTM: what it still holds"):
        r = sheet.let("r", 1, left[1]["i"] * left[1]["g"])
        for t in STEPS[1:]:
            r = sheet.let("r", t, left[t]["f"] * r)
