"""Lesson 57, forecasting with an RNN: from a file with a hole in it to a forecast in its unit. Knows no page.

    q_t = r_t, or the last value before it where r_t is missing;  x_t = (q_t - m) / s, m and s of the training part
    window n: d_k = x_k - x_3 (changes from its last value), y = x_4 - x_3
    h_k = tanh(w_x d_k + w_h h_(k-1) + b);  p = v h_3 + c;  L = mean of (p - y)^2;  forecast = q_last + s p

The values are the first months of the airline passengers of Box and Jenkins 1976, as the sample has them.
"""

from __future__ import annotations

from engine.lessons.neuron import Weights
from engine.samples import sample
from engine.working.backward import Backward
from engine.working.number import Worked, sqrt, tanh, total
from engine.working.sheet import Cells, Sheet

MONTHS, TRAINING, WINDOW = 8, 6, 3
HOLE, CODE = 4, -99.0
"""Which month the file has lost, and what stands there instead."""
STEPS = range(1, WINDOW + 1)
WINDOWS = range(1, TRAINING - WINDOW + 1)
"""Those whose target still lies in the training part."""
JUDGED = TRAINING - WINDOW + 1
"""The window that ends with the training part: its target has never been seen."""


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    q = _clean(sheet, _file(sheet))
    _look(sheet, q)
    x, s = _scaled(sheet, q)
    d, y = _windows(sheet, x)
    with sheet.step("The network"):
        first = {"w_x": (0.8, "weight of the input"), "w_h": (0.5, "weight of its own past"), "b": (0.2, "bias"),
                 "v": (0.9, "read-out"), "c": (0.0, "bias of the read-out")}  # fmt: skip
        weights = Weights(**{name: sheet.given(name, value, "weight", title) for name, (value, title) in first.items()})
        h0 = sheet.given("h_0", 0.0, "setting", "before the first step")
    z, h, p = _forward(sheet, "Forward, every training window", WINDOWS, d, weights, h0)
    loss = _loss(sheet, "Loss", p, y)
    weights = _learn(sheet, loss, weights, (p, h, z))
    sheet.next_iteration()
    *_, p = _forward(sheet, "Forward again", WINDOWS, d, weights, h0)
    _loss(sheet, "Loss after the update", p, y)
    _forecast(sheet, q, s, d, weights, h0)


def _file(sheet: Sheet) -> Cells:
    values = sample("AirPassengers").values
    with sheet.step("The file"):
        sheet.labels["month"] = tuple(f"{stamp:%b %Y}" for stamp in sample("AirPassengers").index[:MONTHS])
        r: Cells = {}
        for t in range(1, MONTHS + 1):
            value, role = (CODE, "setting") if t == HOLE else (float(values[t - 1]), "input")
            r |= sheet.given("r", {t: value}, role, "as in the file", ("month",))  # type: ignore[arg-type]
    return r


def _clean(sheet: Sheet, r: Cells) -> Cells:
    sheet.declare("q", "cleaned", "month")
    with sheet.step("Clean"):
        return {t: sheet.let("q", t, r[t - 1] if t == HOLE else r[t]) for t in r}


def _look(sheet: Sheet, q: Cells) -> None:
    """What a forecast without any learning says of every month, and by how much it is off."""
    sheet.declare("g", "change from the month before", "month")
    sheet.declare("G", "mean square of the changes")
    with sheet.step("Look"):
        changes = [sheet.let("g", t, q[t] - q[t - 1]) for t in range(2, TRAINING + 1)]
        sheet.let("G", (), total([change**2 for change in changes]) / len(changes))


def _scaled(sheet: Sheet, q: Cells) -> tuple[Cells, Worked]:
    """Scaled values, and the deviation, learned from the training part alone."""
    sheet.declare("m", "mean of the training part")
    sheet.declare("s", "its deviation")
    sheet.declare("x", "scaled", "month")
    learned = [q[t] for t in range(1, TRAINING + 1)]
    with sheet.step("Scale"):
        m = sheet.let("m", (), total(learned) / TRAINING)
        s = sheet.let("s", (), sqrt(total([(value - m) ** 2 for value in learned]) / TRAINING))
        return {t: sheet.let("x", t, (q[t] - m) / s) for t in q}, s


def _windows(sheet: Sheet, x: Cells) -> tuple[Cells, Cells]:
    """Inputs by window and step, targets by window."""
    sheet.declare("d", "windows", "window", "step")
    sheet.declare("y", "what came next", "window")
    with sheet.step("Windows"):
        d: Cells = {}
        y: Cells = {}
        for n in (*WINDOWS, JUDGED):
            last = n + WINDOW - 1
            d |= {(n, k): sheet.let("d", (n, k), x[n + k - 1] - x[last]) for k in STEPS}
            if n in WINDOWS:
                y[n] = sheet.let("y", n, x[last + 1] - x[last])
    return d, y


def _forward(sheet: Sheet, step: str, windows: range, d: Cells, of: Weights, h0: Worked) -> tuple[Cells, Cells, Cells]:
    """Sums, states and forecasts."""
    sheet.declare("z", "sums", "window", "step")
    sheet.declare("h", "hidden states", "window", "step")
    sheet.declare("p", "forecast change", "window")
    z: Cells = {}
    h: Cells = {}
    p: Cells = {}
    with sheet.step(step):
        for n in windows:
            for k in STEPS:
                before = h[n, k - 1] if k > 1 else h0
                z[n, k] = sheet.let("z", (n, k), of.w_x * d[n, k] + of.w_h * before + of.b)
                h[n, k] = sheet.let("h", (n, k), tanh(z[n, k]))
            p[n] = sheet.let("p", n, of.v * h[n, WINDOW] + of.c)
    return z, h, p


def _loss(sheet: Sheet, step: str, p: Cells, y: Cells) -> Worked:
    sheet.declare("L", "loss")
    with sheet.step(step):
        return sheet.let("L", (), total([(p[n] - y[n]) ** 2 for n in y]) / len(y))


def _learn(sheet: Sheet, loss: Worked, of: Weights, numbers: tuple[Cells, Cells, Cells]) -> Weights:
    back = Backward(sheet, loss)
    with sheet.step("Back through time"):
        back.to(*numbers)
    with sheet.step("What each weight did at each step"):
        gradients = {name: back.to(weight) for name, weight in vars(of).items()}
    with sheet.step("Update"):
        eta = sheet.given("eta", 0.2, "setting", "learning rate")
        return Weights(**{name: sheet.update(weight, gradients[name], eta) for name, weight in vars(of).items()})


def _forecast(sheet: Sheet, q: Cells, s: Worked, d: Cells, of: Weights, h0: Worked) -> None:
    """The month after the training part, in the unit of the series, beside the naive line."""
    names = {
        "F": "forecast",
        "N": "naive: the last value",
        "E": "error of the forecast",
        "M": "error of the naive line",
    }
    for name, title in names.items():
        sheet.declare(name, title)
    *_, p = _forward(sheet, "Forecast the month after", range(JUDGED, JUDGED + 1), d, of, h0)
    sheet.iteration = 0  # made once: no mark
    with sheet.step("Back in passengers"):
        F = sheet.let("F", (), q[TRAINING] + s * p[JUDGED])
        N = sheet.let("N", (), q[TRAINING])
        sheet.let("E", (), F - q[TRAINING + 1])
        sheet.let("M", (), N - q[TRAINING + 1])
