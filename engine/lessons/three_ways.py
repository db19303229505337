"""Lesson 61, three ways to look ahead: iterative, direct and sequence-to-sequence, two updates each. Knows no page.

All three read the sequence with the same recurrent layer, from the same initial weights:

    z_t = W_x x_t + W_h h_(t-1) + B,  h_t = tanh(z_t)                      for the values that are known

    it    y_1 = v h_T + c; the loss is of one step; later steps are asked of it by feeding it its own answers
    dir   y_k = V_k h_T + C_k, a head for each step; the loss is the mean over all steps
    s2s   a decoder s_k = tanh(U_x y_(k-1) + U_h s_(k-1) + D), s_0 = h_T, y_0 = x_T; y_k = v s_k + c; the same loss

Ben Taieb et al. 2012 for iterative and direct; Sutskever et al. 2014 (arXiv 1409.3215) for the decoder.
"""

from __future__ import annotations

from engine.working.backward import Backward
from engine.working.number import Term, Worked, tanh, total
from engine.working.sheet import Cells, Sheet

KNOWN, AHEAD, UNITS = range(1, 5), range(1, 4), (1, 2)
ITERATIONS = ("", ", second iteration")
WAYS = {"it": "Iterative", "dir": "Direct", "s2s": "Sequence to sequence"}
READS = ("W_x", "W_h", "B")
Weights = dict[str, Cells]


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    sheet.labels["way"] = tuple(WAYS)
    with sheet.step("One sequence, one set of weights"):
        x = sheet.given("x", {1: 0.1, 2: 0.5, 3: 0.8, 4: 0.6}, "input", "what is known", ("t",))
        y = sheet.given("y", {1: 0.2, 2: -0.3, 3: -0.7}, "target", "what will come", ("ahead",))
        first = _weights(sheet)
        sheet.given("h_0", 0.0, "setting", "before the first step")
        eta = sheet.given("eta", 0.1, "setting", "learning rate")
    answers = {
        "it": _iterative(sheet, x, y, first, eta),
        "dir": _direct(sheet, x, y, first, eta),
        "s2s": _sequence(sheet, x, y, first, eta),
    }
    _side_by_side(sheet, y, answers)


def _weights(sheet: Sheet) -> Weights:
    recurrent = {(1, 1): 0.5, (1, 2): -0.3, (2, 1): 0.2, (2, 2): 0.6}
    one = ("unit",)
    return {
        "W_x": sheet.given("W_x", {1: 0.6, 2: -0.4}, "weight", "weights of the value", one),
        "W_h": sheet.given("W_h", recurrent, "weight", "weights of the past", ("unit", "from")),
        "B": sheet.given("B", {1: 0.1, 2: -0.1}, "weight", "biases", one),
        "v": sheet.given("v", {1: 0.7, 2: -0.5}, "weight", "weights of the read-out", one),
        "c": {1: sheet.given("c", 0.0, "weight", "bias of the read-out")},
    }


def _iterative(sheet: Sheet, x: Cells, y: Cells, weights: Weights, eta: Worked) -> Cells:
    """Trained for one step; then asked for three, fed by itself."""
    name = WAYS["it"]
    with sheet.tagged("it"):
        for when in ITERATIONS:
            states = _read(sheet, name, when, weights, x)
            with sheet.step(f"{name}: answer and loss{when}"):
                answer = _answer(sheet, 1, weights["v"], states[KNOWN[-1]], weights["c"][1])
                loss = _loss(sheet, {1: answer}, y)
            weights = _learn(sheet, name, when, weights, loss, states, eta)
        _declare(sheet)
        h, value, answers = _quietly(sheet, f"{name}: forecast", weights, x), x[KNOWN[-1]], {}
        for k in AHEAD:
            h = h if k == 1 else _next(sheet, KNOWN[-1] + k - 1, weights, value, h)
            value = answers[k] = _answer(sheet, k, weights["v"], h, weights["c"][1])
        _guided(sheet, weights, y, answers)
    return answers


def _guided(sheet: Sheet, weights: Weights, y: Cells, answers: Cells) -> None:
    """The same model fed the true past at every step: what of the error is its own, and what it inherited."""
    sheet.declare("g", "answer fed the truth", "ahead")
    sheet.declare("own", "own error, squared", "ahead")
    sheet.declare("inherited", "inherited error", "ahead")
    sheet.declare("a", "states fed the truth", "t", "unit")
    with sheet.step("Iterative: own error and inherited error"):
        tag = sheet.marked("h")
        h = {i: sheet.numbers[f"{tag}[{KNOWN[-1]}, {i}]"] for i in UNITS}
        for k in AHEAD:
            if k > 1:
                sums = _sums(weights, y[k - 1], h)
                h = {i: sheet.let("a", (KNOWN[-1] + k - 1, i), tanh(sums[i])) for i in UNITS}
            g = sheet.let("g", k, total([weights["v"][i] * h[i] for i in UNITS]) + weights["c"][1])
            own = sheet.let("own", k, (g - y[k]) ** 2)
            if k > 1:  # at the first step both are fed the same
                sheet.let("inherited", k, (answers[k] - y[k]) ** 2 - own)


def _direct(sheet: Sheet, x: Cells, y: Cells, weights: Weights, eta: Worked) -> Cells:
    """A head of its own for each step; all three begin as the one read-out."""
    name = WAYS["dir"]
    sheet.declare("V", "weights of the heads", "ahead", "unit")
    sheet.declare("C", "biases of the heads", "ahead")
    with sheet.tagged("dir"):
        with sheet.step(f"{name}: three heads"):
            V = {(k, i): sheet.copy("V", (k, i), weights["v"][i]) for k in AHEAD for i in UNITS}
            C = {k: sheet.copy("C", k, weights["c"][1]) for k in AHEAD}
        weights = {part: weights[part] for part in READS} | {"V": V, "C": C}
        for when in ITERATIONS:
            states = _read(sheet, name, when, weights, x)
            with sheet.step(f"{name}: answers and loss{when}"):
                answers = _heads(sheet, weights, states[KNOWN[-1]])
                loss = _loss(sheet, answers, y)
            weights = _learn(sheet, name, when, weights, loss, states, eta)
        _declare(sheet)
        return _heads(sheet, weights, _quietly(sheet, f"{name}: forecast", weights, x))


def _sequence(sheet: Sheet, x: Cells, y: Cells, weights: Weights, eta: Worked) -> Cells:
    """An encoder reads, a decoder writes; the decoder begins with the same weights."""
    name = WAYS["s2s"]
    for base, title in {"U_x": "decoder: weights of the answer", "D": "decoder: biases"}.items():
        sheet.declare(base, title, "unit")
    sheet.declare("U_h", "decoder: weights of the past", "unit", "from")
    with sheet.tagged("s2s"):
        with sheet.step(f"{name}: a decoder"):
            copies = {to: {at: sheet.copy(to, at, number) for at, number in weights[of].items()}
                      for to, of in (("U_x", "W_x"), ("U_h", "W_h"), ("D", "B"))}  # fmt: skip
        weights = weights | copies
        for when in ITERATIONS:
            states = _read(sheet, name, when, weights, x)
            with sheet.step(f"{name}: the decoder writes{when}"):
                answers, decoded = _write(sheet, weights, x[KNOWN[-1]], states[KNOWN[-1]])
                loss = _loss(sheet, answers, y)
            back = Backward(sheet, loss)
            with sheet.step(f"{name}: back through the decoder{when}"):
                for k in reversed(AHEAD):
                    back.to(answers[k], decoded[k])
            weights = _learn(sheet, name, when, weights, loss, states, eta, back)
        _declare(sheet)
        h = _quietly(sheet, f"{name}: forecast", weights, x)
        return _write(sheet, weights, x[KNOWN[-1]], h)[0]


def _declare(sheet: Sheet) -> None:
    sheet.declare("z", "sums", "t", "unit")
    sheet.declare("h", "states", "t", "unit")
    sheet.declare("q", "sums of the decoder", "ahead", "unit")
    sheet.declare("s", "states of the decoder", "ahead", "unit")
    sheet.declare("f", "answer", "ahead")
    sheet.declare("loss", "loss")


def _read(sheet: Sheet, name: str, when: str, weights: Weights, x: Cells) -> dict[int, Cells]:
    """The states after each known value."""
    _declare(sheet)
    states: dict[int, Cells] = {}
    with sheet.step(f"{name}: it reads{when}"):
        for t in KNOWN:
            states[t] = _next(sheet, t, weights, x[t], states.get(t - 1))
    return states


def _quietly(sheet: Sheet, name: str, weights: Weights, x: Cells) -> Cells:
    """The last state under the weights after both updates, in the step of the forecast."""
    with sheet.step(name):
        h: Cells | None = None
        for t in KNOWN:
            h = _next(sheet, t, weights, x[t], h)
    return h or {}


def _next(sheet: Sheet, t: int, weights: Weights, value: Worked, h: Cells | None) -> Cells:
    h = h or dict.fromkeys(UNITS, sheet.numbers["h_0"])
    sums = _sums(weights, value, h)
    z = {i: sheet.let("z", (t, i), sums[i]) for i in UNITS}
    return {i: sheet.let("h", (t, i), tanh(z[i])) for i in UNITS}


def _sums(weights: Weights, value: Worked, h: Cells) -> dict[int, Term]:
    W_x, W_h, B = (weights[part] for part in READS)
    return {i: W_x[i] * value + total([W_h[i, j] * h[j] for j in UNITS]) + B[i] for i in UNITS}


def _answer(sheet: Sheet, k: int, v: Cells, h: Cells, c: Worked) -> Worked:
    return sheet.let("f", k, total([v[i] * h[i] for i in UNITS]) + c)


def _heads(sheet: Sheet, weights: Weights, h: Cells) -> Cells:
    heads = {k: {i: weights["V"][k, i] for i in UNITS} for k in AHEAD}
    return {k: _answer(sheet, k, heads[k], h, weights["C"][k]) for k in AHEAD}


def _write(sheet: Sheet, weights: Weights, value: Worked, state: Cells) -> tuple[Cells, dict[int, Cells]]:
    """The decoder's answers, each fed to it at the next step, and its states."""
    U_x, U_h, D = (weights[part] for part in ("U_x", "U_h", "D"))
    answers: Cells = {}
    states: dict[int, Cells] = {}
    for k in AHEAD:
        sums = {i: sheet.let("q", (k, i), U_x[i] * value + total([U_h[i, j] * state[j] for j in UNITS]) + D[i])
                for i in UNITS}  # fmt: skip
        state = states[k] = {i: sheet.let("s", (k, i), tanh(sums[i])) for i in UNITS}
        value = answers[k] = _answer(sheet, k, weights["v"], state, weights["c"][1])
    return answers, states


def _loss(sheet: Sheet, answers: Cells, y: Cells) -> Worked:
    squares = total([(answers[k] - y[k]) ** 2 for k in answers])
    return sheet.let("loss", (), squares / len(answers) if len(answers) > 1 else squares)


def _learn(
    sheet: Sheet, name: str, when: str, weights: Weights, loss: Worked, states: dict[int, Cells], eta: Worked,
    back: Backward | None = None,
) -> Weights:  # fmt: skip
    """Back through time, the gradients, and the weights after the update."""
    back = back or Backward(sheet, loss)
    with sheet.step(f"{name}: back through time{when}"):
        for t in reversed(KNOWN):
            back.to(states[t])
        back.to({i: sheet.numbers[f"{sheet.marked('z')}[{KNOWN[0]}, {i}]"] for i in UNITS})
    with sheet.step(f"{name}: what each step adds to the weights{when}"):
        gradients = {part: back.to(weights[part]) for part in weights}
    with sheet.step(f"{name}: update{when}"):
        updated = {part: sheet.update(weights[part], gradients[part], eta) for part in weights}
    sheet.next_iteration()
    return updated


def _side_by_side(sheet: Sheet, y: Cells, answers: dict[str, Cells]) -> None:
    sheet.declare("E", "squared error after two updates", "way", "ahead")
    sheet.declare("mse", "its mean", "way")
    with sheet.step("The three side by side"):
        for n, found in enumerate(answers.values(), 1):
            errors = [sheet.let("E", (n, k), (found[k] - y[k]) ** 2) for k in AHEAD]
            sheet.let("mse", n, total(errors) / len(errors))
