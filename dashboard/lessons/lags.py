"""Lesson 59: ARIMA and SARIMA by hand, and what a recurrent network makes of the same lags."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.questions import Again, Predict, Which
from dashboard.views.drawing import calm
from dashboard.views.palette import NAIVE, TRAINING, UNSEEN
from engine.lessons.lags import LAGS, LENGTH, PARTS, SEASON, SHOWN, work
from engine.working.sheet import Sheet

FORECASTS = ("the last value", "the value a season ago", "SARIMA", "the neuron")


def in_python(sheet: Sheet) -> str:
    y = ", ".join(repr(sheet.value(f"y[{t}]")) for t in range(1, LENGTH + 1))
    return f"""\
import numpy as np

y = np.array([{y}])
once = np.diff(y)  # what an I of order 1 does
w = (once[{SEASON}:] - once[:-{SEASON}]).tolist()  # and a seasonal one of order 1
print(w)
"""


def fitted(sheet: Sheet) -> str:
    phi, theta, seasonal = (sheet.value(name) for name in PARTS)
    w = ", ".join(repr(sheet.value(f"w[{t}]")) for t in SHOWN)
    return f"""\
phi, theta, Phi = {phi!r}, {theta!r}, {seasonal!r}
past = {{t: value for t, value in enumerate([{w}])}}
e = []
for t, value in past.items():
    said = phi * past.get(t - 1, 0) + Phi * past.get(t - {SEASON}, 0) + (theta * e[-1] if e else 0)
    e.append(value - said)
Q = sum(error**2 for error in e)
print(Q)
"""


def switched(sheet: Sheet, again: Again) -> Mapping[str, float]:
    """How much larger the sum of squares is without each part."""
    names = ("without AR", "without MA", "without the seasonal part")
    return {said: again({part: 0.0}).value("Q") - sheet.value("Q") for said, part in zip(names, PARTS, strict=True)}


def correlated(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    return {f"lag {k}": abs(sheet.value(f"rho[{k}]")) for k in LAGS}


def missed(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {name: abs(sheet.value(f"miss[{n}]")) for n, name in enumerate(FORECASTS, 1)}


def differenced(sheet: Sheet) -> go.Figure:
    """The series, and what is left of it after both differences."""
    figure = calm(go.Figure(), height=250, font={"color": None})
    for name, key, times, colour in (
        ("the series", "y", range(1, LENGTH + 1), TRAINING), ("after both differences", "w", SHOWN, UNSEEN)
    ):  # fmt: skip
        values = [sheet.value(f"{key}[{t}]") for t in times]
        figure.add_scatter(x=list(times), y=values, name=name, mode="lines+markers", line={"color": colour})
    figure.update_xaxes(title="time step", dtick=SEASON)
    return figure


def correlogram(sheet: Sheet) -> go.Figure:
    """The autocorrelations with the band in which those of noise lie."""
    figure = calm(go.Figure(), height=250, font={"color": None}, bargap=0.6)
    band = 1.96 / len(SHOWN) ** 0.5
    found = [sheet.value(f"rho[{k}]") for k in LAGS]
    figure.add_bar(x=list(LAGS), y=found, marker={"color": TRAINING}, name="autocorrelation",
                   hovertemplate="lag %{x}<br><b>%{y:.4g}</b><extra></extra>")  # fmt: skip
    figure.add_hrect(-band, band, fillcolor=NAIVE, opacity=0.25, line_width=0)
    figure.update_xaxes(title="lag", dtick=1)
    figure.update_yaxes(range=[-1.05, 1.05], zeroline=True, zerolinecolor="rgba(128,128,128,.5)")
    return figure


def lens(sheet: Sheet) -> go.Figure:
    """What a value so long ago does to the forecast, in both models: the lag lens."""
    figure = calm(go.Figure(), height=250, barmode="group", font={"color": None})
    for name, key, colour in (("SARIMA", "pi'", TRAINING), ("the neuron", "gradient x", UNSEEN)):
        found = [sheet.value(f"{key}[{k}]") for k in LAGS]
        figure.add_bar(x=list(LAGS), y=found, name=name, marker={"color": colour},
                       hovertemplate=f"{name}, lag %{{x}}<br><b>%{{y:.4g}}</b><extra></extra>")  # fmt: skip
    figure.update_xaxes(title="lag", dtick=1)
    figure.update_yaxes(title="what it does", zeroline=True, zerolinecolor="rgba(128,128,128,.5)")
    return figure


SERIES = Step(
    """Fourteen values with a season of four: every fourth looks alike, and the whole climbs. The means of its two
halves, ‹M[1]› and ‹M[2]›, say the same. A series whose level moves is **not stationary**: what was usual in the first
half is not usual in the second, so nothing learned of the level lasts."""
)
INTEGRATED = Step(
    """The **I** of ARIMA takes differences, $D_t = y_t - y_{t-1}$: not where the series stands, but where it goes. A
steady climb becomes a constant. The season is still there: large, small, large, small."""
)
SEASONAL = Step(
    """The **S** does the same over a season: $w_t = D_t - D_{t-4}$, each change less the change at the same place a
season ago. What is left swings about 0, with means ‹N[1]› and ‹N[2]› in its halves. Differencing costs values: five of
the fourteen have nothing to be held against.""",
    code=in_python, picture=differenced,
    questions=(Predict("w9", "What is left at step 9?", "w[9]", (-2.0, 2.0)),),
)  # fmt: skip
ACF = Step(
    """Now look for what still hangs together. The **autocorrelation** at lag $k$ multiplies each value with the one $k$
steps before:

$$\\rho_k = \\sum_t w_t\\,w_{t-k} \\Big/ \\sum_t w_t^2$$

Lags whose number stands out of the band of noise suggest a part: one that cuts off after lag 1 suggests an **MA** of
order 1, one at the season a seasonal part. With nine values the band is wide; with hundreds it is narrow.""",
    picture=correlogram,
    questions=(
        Which("acf", "At which lag do the values hang together most, whatever the sign?", "size of the autocorrelation",
              correlated, tuple(f"rho[{k}]" for k in LAGS)),
    ),
)  # fmt: skip
PACF = Step(
    """If yesterday pulls today, the day before pulls today too, through yesterday. The **partial** autocorrelation
takes that away: what lag 2 says beyond lag 1 is ‹alpha[2]›. One that cuts off after lag $p$ suggests an **AR** of order
$p$."""
)
PARTS_STEP = Step(
    """Three parts, three coefficients, each yours to switch on and off by hand:

$$w_t = \\phi\\,w_{t-1} + \\theta\\,e_{t-1} + \\Phi\\,w_{t-4} + e_t$$

$\\phi$ weighs the last value (**AR**), $\\theta$ the last error (**MA**), $\\Phi$ the value a season ago. Set one to 0
and it is gone."""
)
ERRORS = Step(
    """The model says what it expects of $w_t$; what it did not expect is the error $e_t$, and the next step may use it.
So errors have to be worked out in order, one after the other: an MA part is a network with a memory of one number.

Values before the first count as 0 here. Exact likelihood, which this app fits, treats them as unknown.""",
    code=fitted,
    questions=(
        Which("switch", "Without which part would the sum of squares be largest?", "how far the sum grows", switched),
        Predict("e7", "What is the second error, $e_7$?", "e[7]", (-2.0, 2.0)),
    ),
)  # fmt: skip
SLOPE = Step(
    """Which way is down? The same chain rule as in a network. The errors depend on earlier errors through $\\theta$, so
the gradient walks back through time here as well."""
)
FIT = Step(
    """One small step against the slope. A real fit goes on until the slope is 0, which takes a handful of steps with
second derivatives. There is one valley; a network has many."""
)
AFTER = Step("""The sum of squares was ‹Q› and is now **‹Q'›**.""")
PI = Step(
    """An error is itself made of past values. Put in for $e_{t-1}$ what it is made of, again and again, and the model
becomes a sum over **past values alone**, with one weight for each lag: the $\\pi$-weights.

$$\\pi_1 = \\phi + \\theta, \\qquad \\pi_k = -\\theta\\,\\pi_{k-1}, \\text{ and } \\Phi \\text{ more at the season}$$

Now SARIMA can be held beside anything that forecasts from past values."""
)
NEURON = Step(
    """A recurrent neuron reads the last four of the same values, the oldest first, and forecasts the next: ‹p›. Nobody
told it about lags, seasons or errors."""
)
LENS = Step(
    """What does a value so long ago do to the forecast? For the neuron that is a derivative, the whole way back through
time. It fades with the lag because each step back multiplies by $r (1 - h^2)$: an untrained neuron has **no season**.
SARIMA states its season in one coefficient; a network has to discover it, and needs data to do so.""",
    picture=lens,
)
CONTEST = Step(
    """The next value as each of them forecasts it; what came was ‹truth›. Both differences are undone: the change a
season ago is added to the last value, and then what the model says of the rest.

When which wins: short series with a plain season favour SARIMA, which is told the structure and has three numbers to
learn. Long series, several of them, and effects that bend or depend on each other favour networks. And now and then the
season ago beats both: always hold them against it.""",
    questions=(
        Which("miss", "Which forecast is farthest from what came?", "distance from the truth", missed,
              ("f_last", "f_season", "f_sarima", "f_rnn")),
    ),
)  # fmt: skip

CHAPTER = Chapter(
    59,
    "ARIMA, SARIMA and networks",
    "Differences, AR, MA and a season, each switched on by hand; orders from ACF and PACF; and what a recurrent neuron "
    "makes of the same lags.",
    work,
    {
        "The series": SERIES, "I: difference once": INTEGRATED, "The season: difference again": SEASONAL,
        "What is left: ACF": ACF, "And PACF": PACF,
        "AR, MA and a seasonal part, switched on by hand": PARTS_STEP, "The errors one step ahead": ERRORS,
        "The slope of the sum of squares": SLOPE, "One step of the fit": FIT,
        "The errors after one step of the fit": AFTER, "SARIMA by lag: pi-weights": PI,
        "A recurrent neuron on the same values": NEURON, "The network by lag": LENS, "When which wins": CONTEST,
    },
    Bridge(
        "An RNN on your series; on the *Forecast* page the lag lens holds what it has learned of each lag beside "
        "SARIMA's weights, at every update.",
        "rnn", {"hidden": 8, "updates": 300},
    ),
    (
        "Set all three coefficients to 0: the errors are the values themselves. That is the seasonal naive line.",
        "Set $\\theta$ to 1.2: the errors no longer die out, and the π-weights grow. Such a model is not invertible.",
        "Make one value of the series an outlier and follow it through the differences: it comes up four times.",
        "Change $u$, $r$ and $v$ by hand until the neuron's lags look like SARIMA's. Can you give it a season?",
    ),
    (
        "G. E. P. Box and G. M. Jenkins, Time Series Analysis: Forecasting and Control, 1976, chapters 3, 6 and 9",
        "R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021, chapter 9",
    ),
    presets={"AR alone": {"theta": 0.0, "Phi": 0.0}, "MA alone": {"phi": 0.0, "Phi": 0.0},
             "The season alone": {"phi": 0.0, "theta": 0.0}},
)  # fmt: skip
