"""Lesson 59, ARIMA, SARIMA and networks on twelve values with a season of four. Knows no page.

    D_t = y_t - y_(t-1);  w_t = D_t - D_(t-4);  rho_k = sum w_t w_(t-k) / sum w_t^2
    alpha_1 = rho_1;  alpha_2 = (rho_2 - rho_1^2) / (1 - rho_1^2)
    e_t = w_t - phi w_(t-1) - Phi w_(t-4) - theta e_(t-1);  Q = sum of e_t^2
    pi_1 = phi + theta;  pi_k = -theta pi_(k-1), and Phi more at lag 4
    RNN: h_k = tanh(u x_k + r h_(k-1) + b), p = v h_4; by lag: dp / dx

Box and Jenkins 1976, chapters 3, 6 and 9 (signs as statsmodels writes them); Elman 1990.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.working.backward import Backward
from engine.working.number import Term, Worked, tanh, total
from engine.working.sheet import Cells, Sheet

SEASON, LENGTH = 4, 14
SHOWN = range(SEASON + 2, LENGTH + 1)
"""Where both differences are there."""
LAGS = (1, 2, 3, 4)
VALUES = (10.0, 14.0, 8.0, 12.0, 11.5, 15.0, 9.8, 13.2, 13.1, 17.4, 11.2, 15.1, 14.2, 18.9)
NEXT = 12.9
PARTS = ("phi", "theta", "Phi")


@dataclass(frozen=True)
class Parts:
    """The coefficients: of the last value, of the last error, of the value a season ago."""

    phi: Worked
    theta: Worked
    Phi: Worked


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    with sheet.step("The series"):
        y = sheet.given("y", dict(enumerate(VALUES, 1)), "input", "the series", ("t",))
        _halves(sheet, "M", "its mean", y)
    D, w = _differences(sheet, y)
    _autocorrelation(sheet, w)
    parts = _parts(sheet)
    loss = _errors(sheet, "The errors one step ahead", w, parts)
    parts = _fitted(sheet, loss, parts)
    sheet.next_iteration()
    _errors(sheet, "The errors after one step of the fit", w, parts)
    _weights_by_lag(sheet, parts)
    p, x = _network(sheet, w)
    with sheet.step("The network by lag"):
        Backward(sheet, p).to(x)
    _contest(sheet, y, D, w, parts)


def _differences(sheet: Sheet, y: Cells) -> tuple[Cells, Cells]:
    sheet.declare("D", "change from the last value", "t")
    sheet.declare("w", "less the change a season ago", "t")
    with sheet.step("I: difference once"):
        D = {t: sheet.let("D", t, y[t] - y[t - 1]) for t in range(2, LENGTH + 1)}
    with sheet.step("The season: difference again"):
        w: Cells = {t: sheet.let("w", t, D[t] - D[t - SEASON]) for t in SHOWN}
        _halves(sheet, "N", "mean of what is left", w)
    return D, w


def _halves(sheet: Sheet, name: str, title: str, values: Cells) -> None:
    """The means of the first and of the second half: far apart where a series is not stationary."""
    sheet.labels["half"] = ("first half", "second half")
    sheet.declare(name, title, "half")
    times, middle = list(values), len(values) // 2
    for n, half in enumerate((times[:middle], times[middle:]), 1):
        sheet.let(name, n, total([values[t] for t in half]) / len(half))


def _autocorrelation(sheet: Sheet, w: Cells) -> None:
    sheet.declare("gamma", "sum of squares")
    sheet.declare("rho", "autocorrelation", "lag")
    sheet.declare("alpha", "partial autocorrelation", "lag")
    with sheet.step("What is left: ACF"):
        gamma = sheet.let("gamma", (), total([w[t] ** 2 for t in SHOWN]))
        rho = {k: sheet.let("rho", k, total([w[t] * w[t - k] for t in SHOWN if t - k in w]) / gamma) for k in LAGS}
    with sheet.step("And PACF"):
        sheet.let("alpha", 1, rho[1])
        sheet.let("alpha", 2, (rho[2] - rho[1] ** 2) / (1 - rho[1] ** 2))


def _parts(sheet: Sheet) -> Parts:
    with sheet.step("AR, MA and a seasonal part, switched on by hand"):
        return Parts(
            sheet.given("phi", -0.3, "weight", "AR: of the last value"),
            sheet.given("theta", -0.2, "weight", "MA: of the last error"),
            sheet.given("Phi", -0.3, "weight", "seasonal AR: of the value a season ago"),
        )


def _known(w: Cells, of: Parts, t: int, e: Cells) -> Term | None:
    """What the model says of w_t; what lies before the first value counts as 0."""
    lagged = [(of.phi, w.get(t - 1)), (of.Phi, w.get(t - SEASON)), (of.theta, e.get(t - 1))]
    terms = [coefficient * past for coefficient, past in lagged if past is not None]
    return total(terms) if terms else None


def _errors(sheet: Sheet, step: str, w: Cells, of: Parts) -> Worked:
    """The errors one step ahead, conditional on nothing before the first, and their sum of squares."""
    sheet.declare("e", "error one step ahead", "t")
    sheet.declare("Q", "sum of their squares")
    e: Cells = {}
    with sheet.step(step):
        for t in SHOWN:
            said = _known(w, of, t, e)
            e[t] = sheet.let("e", t, w[t] if said is None else w[t] - said)
        return sheet.let("Q", (), total([e[t] ** 2 for t in SHOWN]))


def _fitted(sheet: Sheet, loss: Worked, of: Parts) -> Parts:
    """One step down the sum of squares, as a network takes it."""
    back = Backward(sheet, loss, shares=False)
    with sheet.step("The slope of the sum of squares"):
        gradients = {name: back.to(getattr(of, name)) for name in PARTS}
    with sheet.step("One step of the fit"):
        eta = sheet.given("eta", 0.01, "setting", "step size")
        return Parts(**{name: sheet.update(getattr(of, name), gradients[name], eta) for name in PARTS})


def _weights_by_lag(sheet: Sheet, of: Parts) -> None:
    """The same model as a sum over past values alone, its errors written out."""
    sheet.declare("pi", "weight of the value so long ago", "lag")
    with sheet.step("SARIMA by lag: pi-weights"):
        pi: Cells = {1: sheet.let("pi", 1, of.phi + of.theta)}
        for k in LAGS[1:]:
            echoed = -of.theta * pi[k - 1]
            pi[k] = sheet.let("pi", k, echoed + of.Phi if k == SEASON else echoed)


def _network(sheet: Sheet, w: Cells) -> tuple[Worked, Cells]:
    """A recurrent neuron reads the last four values; the forecast, and its inputs by lag."""
    sheet.iteration = 0
    sheet.declare("x", "what it reads", "lag")
    sheet.declare("h", "hidden state", "lag")
    sheet.declare("p", "its forecast")
    with sheet.step("A recurrent neuron on the same values"):
        given = {"u": (-0.5, "weight of the input"), "r": (0.6, "weight of its own past"), "v": (1.2, "read-out")}
        u, r, v = (sheet.given(name, value, "weight", title) for name, (value, title) in given.items())
        x: Cells = {k: sheet.let("x", k, w[LENGTH + 1 - k]) for k in reversed(LAGS)}
        h: Cells = {}
        for k in reversed(LAGS):
            h[k] = sheet.let("h", k, tanh(u * x[k] + r * h[k + 1] if k + 1 in h else u * x[k]))
        return sheet.let("p", (), v * h[1]), x


def _contest(sheet: Sheet, y: Cells, D: Cells, w: Cells, of: Parts) -> None:
    """The next value as each of them forecasts it."""
    names = {"f_last": "last value", "f_season": "a season ago", "f_sarima": "SARIMA", "f_rnn": "the neuron"}
    sheet.declare("W", "SARIMA of w")
    for name, title in names.items():
        sheet.declare(name, title)
    numbers = sheet.numbers
    errors = {t: numbers[f"e'[{t}]"] for t in SHOWN}
    with sheet.step("When which wins"):
        truth = sheet.given("truth", NEXT, "target", "what came")
        said = _known(w, of, LENGTH + 1, errors)
        W = sheet.let("W", (), said if said is not None else 0.0)
        undone = y[LENGTH] + D[LENGTH + 1 - SEASON]
        forecasts = {
            "f_last": sheet.let("f_last", (), y[LENGTH]),
            "f_season": sheet.let("f_season", (), y[LENGTH + 1 - SEASON]),
            "f_sarima": sheet.let("f_sarima", (), undone + W),
            "f_rnn": sheet.let("f_rnn", (), undone + numbers["p"]),
        }
        sheet.declare("miss", "distance from what came", "forecast")
        sheet.labels["forecast"] = tuple(names.values())
        for n, forecast in enumerate(forecasts.values(), 1):
            sheet.let("miss", n, forecast - truth)
