"""Lesson 57: forecasting with an RNN, from the file to a forecast in passengers."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.questions import Again, Predict, Which
from dashboard.views.drawing import calm
from dashboard.views.palette import INK, NAIVE, TRAINING, UNSEEN
from engine.lessons.forecasting import CODE, HOLE, MONTHS, STEPS, WINDOWS, work
from engine.lessons.forecasting import TRAINING as LEARNED
from engine.working.sheet import Sheet


def listed(sheet: Sheet, name: str, keys: range) -> str:
    return f"[{', '.join(repr(sheet.value(f'{name}[{k}]')) for k in keys)}]"


def prepared(sheet: Sheet) -> str:
    return f"""\
r = {listed(sheet, "r", range(1, MONTHS + 1))}
q = []
for value in r:
    q.append(q[-1] if value == {CODE} else value)
learned = q[:{LEARNED}]  # the rest is not looked at
m = sum(learned) / {LEARNED}
s = (sum((value - m) ** 2 for value in learned) / {LEARNED}) ** 0.5
x = [(value - m) / s for value in q]
print(x)
"""


def in_torch(sheet: Sheet) -> str:
    x = listed(sheet, "x", range(1, LEARNED + 1))
    weights = ", ".join(repr(sheet.value(name)) for name in ("w_x", "w_h", "b", "v", "c"))
    return f"""\
import torch

learned = torch.tensor({x}, dtype=torch.float64)  # x of the training part
windows = learned.unfold(0, 4, 1)
seen, target = windows[:, :3], windows[:, 3]  # (windows, 3), (windows,)
last = seen[:, -1:]
w_x, w_h, b, v, c = torch.tensor([{weights}], dtype=torch.float64)
state = torch.full_like(target, {sheet.value("h_0")!r})
for change in (seen - last).T:
    state = torch.tanh(w_x * change + w_h * state + b)
p = v * state + c
L = ((p - (target - last[:, 0])) ** 2).mean()
print(p)
"""


def by_step(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    """How much each step of the windows adds to the gradient of the input's weight, over all windows."""
    return {f"step {k}": sum(abs(sheet.value(f"share w_x/z[{n}, {k}]")) for n in WINDOWS) for k in STEPS}


def misses(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    """Whose forecast is farther from the truth?"""
    return {"the network after one update": abs(sheet.value("E")), "the naive line": abs(sheet.value("M"))}


def series(sheet: Sheet) -> go.Figure:
    """The cleaned series, the part that is learned from, and both forecasts of the month after."""
    months, figure = sheet.labels["month"], calm(go.Figure(), height=250, font={"color": None})
    q = [sheet.value(f"q[{t}]") for t in range(1, MONTHS + 1)]
    parts = (("learned from", slice(0, LEARNED), TRAINING), ("never looked at", slice(LEARNED - 1, MONTHS), INK))
    for name, part, colour in parts:
        line = {"color": colour if colour != INK else None, "dash": "dot" if colour == INK else None}
        figure.add_scatter(x=months[part], y=q[part], name=name, mode="lines+markers", line=line)
    for name, key, colour in (("forecast", "F", UNSEEN), ("naive", "N", NAIVE)):
        marker = {"color": colour, "size": 11, "symbol": "diamond"}
        figure.add_scatter(x=[months[LEARNED]], y=[sheet.value(key)], name=name, mode="markers", marker=marker)
    figure.update_yaxes(title="thousand passengers")
    return figure


FILE = Step(
    f"""The first {MONTHS} months of a famous series: thousands of passengers of international airlines, January 1949
onwards. One month was lost on the way, and whoever wrote the file put **{CODE:.0f}** in its place.

A network believes what it is given. It would take {-CODE:.0f} negative passengers for a catastrophe in April."""
)
CLEAN = Step(
    f"""So first the code is recognised and the hole is filled. Here the last value is carried on: month {HOLE} becomes
‹q[{HOLE}]›. A straight line to May would look nicer, but it would use May to make April, and a forecast made in April
could not have done that.

Remember that this value is **ours**. It will come back further on as a change of 0 that never happened.""",
    code=prepared,
)
LOOK = Step(
    """Look before you train. The simplest forecast says that the next value is the last one, so its errors are just
the changes from month to month. Their mean square over the training part is ‹G›: whatever a network does, it has to be
better than this **naive line** to be worth anything."""
)
SCALE = Step(
    """tanh has its bend between −2 and 2, and these values lie above 100. So the mean $m$ is taken off and the rest
divided by the deviation $s$. Both are learned from the training part alone: the last two months exist, but had they
helped to make $m$ and $s$, the forecast would know a little of what it is to be judged by.""",
    questions=(Predict("m", "What is the mean of the training part?", "m", (100.0, 150.0)),),
)
WINDOW = Step(
    """A window is what the network sees: three months. It is shown as **changes from its own last value**, so that a
network need not learn how high the series stands. Its target is the change that came next.

The fourth window is there as well, but its target lies beyond the training part: it is what we will forecast from. The
first target is ‹y[1]›: that is the month we filled in ourselves."""
)
NETWORK = Step(
    """One recurrent neuron and a read-out: five weights, as they stand before any training.

$$h_k = \\tanh(w_x d_k + w_h h_{k-1} + b), \\qquad p = v\\,h_3 + c$$"""
)
FORWARD = Step(
    """Every window goes through the same five weights. The last input of each is 0 by construction, so what the neuron
says at its last step is what it remembers of the two before.""",
    code=in_torch,
    questions=(Predict("p2", "Which change does it forecast for the second window?", "p[2]", (-1.5, 1.5)),),
)
LOSS = Step(
    """The loss is the mean of the squared errors over the windows of the batch, in scaled units: ‹L›. A network that
always said *no change* would have a loss too: the mean of the squared targets. Work it out and compare."""
)
BACK = Step(
    """From each forecast back through its window, step by step. Each window travels back by itself; they meet only in
the weights."""
)
WEIGHTS = Step(
    """Here is how much **each weight at each time step of each window** contributed. The gradient of $w_x$ is the sum
of its shares. Shares of different sign work against each other: what the windows disagree about does not change the
weight.

The share at the last step is 0 in every window, because the input there is 0.""",
    questions=(
        Which("step", "Which step of the windows has the most to say about $w_x$, all windows together?",
              "sum of the sizes of its shares", by_step,
              tuple(f"share w_x/z[{n}, {k}]" for n in WINDOWS for k in STEPS)),
    ),
)  # fmt: skip
UPDATE = Step("""One step against the gradient, for all five weights at once.""")
AGAIN = Step("""The same windows through the new weights. The primes mark the second iteration.""")
LOSS_AGAIN = Step(
    """The loss was ‹L› and is now **‹L'›**. Whether that is learning or only fitting, the training part cannot say."""
)
AHEAD = Step(
    """Now the window that ends with the training part. It goes through the new weights like the others, and out comes a
change in scaled units: ‹p'[4]›."""
)
UNIT = Step(
    """Everything that was done is undone, in the opposite order: times $s$, plus the last value. The forecast is
**‹F›** thousand passengers, ‹E› off; the naive line is ‹M› off.

After one update on three windows this is no contest, and one month is no proof either way. But it is the whole path:
nothing is missing between the file and the forecast.""",
    picture=series,
    questions=(
        Predict("F", "What is the forecast, in thousands of passengers?", "F", (100.0, 180.0)),
        Which("miss", "Which of the two is farther from what came?", "distance from the truth", misses, ("F", "N")),
    ),
)  # fmt: skip

CHAPTER = Chapter(
    57,
    "Forecasting with RNNs",
    "Clean, look, scale, cut into windows, train, forecast: the whole path on eight months of real data, every number "
    "in view.",
    work,
    {
        "The file": FILE, "Clean": CLEAN, "Look": LOOK, "Scale": SCALE, "Windows": WINDOW, "The network": NETWORK,
        "Forward, every training window": FORWARD, "Loss": LOSS, "Back through time": BACK,
        "What each weight did at each step": WEIGHTS, "Update": UPDATE, "Forward again": AGAIN,
        "Loss after the update": LOSS_AGAIN, "Forecast the month after": AHEAD, "Back in passengers": UNIT,
    },
    Bridge(
        "An RNN of 16 units on all of your series, with the same steps: changes from the window's last value, a scale "
        "learned from the training part, and a naive line to beat. The forecast panel holds both against the truth.",
        "rnn", {"hidden": 16, "updates": 300},
    ),
    (
        "Put the true April, 129, into the file in place of the code: how far does the forecast move?",
        "Change a month that was never looked at: the forecast stays, its error does not.",
        "Raise the learning rate to 2: the loss after the update is larger than before.",
        "Set $w_h$ to 0. What is left to say at the last step, where the input is 0?",
    ),
    (
        "G. E. P. Box and G. M. Jenkins, Time Series Analysis: Forecasting and Control, 1976, series G",
        "R. J. Hyndman and G. Athanasopoulos, Forecasting: Principles and Practice, 3rd edition, 2021, chapter 5",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"A gentle learning rate": {"eta": 0.02}, "A learning rate too high": {"eta": 3.0}},
)  # fmt: skip
