"""Lesson 55: one sequence read twice, by a recurrent network and by a causal convolutional one."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import plotly.graph_objects as go

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.questions import Again, Predict, Which
from dashboard.views.drawing import calm
from dashboard.views.palette import TRAINING, UNSEEN
from engine.lessons.two_readers import CNN, LAST, RNN, STEPS, work
from engine.working.sheet import Sheet

NUDGE = 0.1


def listed(sheet: Sheet, name: str, count: int) -> str:
    return f"[{', '.join(repr(sheet.value(f'{name}[{n}]')) for n in range(1, count + 1))}]"


def recurrent(sheet: Sheet) -> str:
    return f"""\
from math import tanh

w_x, w_h, b = {sheet.value("w_x")!r}, {sheet.value("w_h")!r}, {sheet.value("b")!r}
h = {sheet.value("h_0")!r}
for x in {listed(sheet, "x", LAST)}:
    h = tanh(w_x * x + w_h * h + b)
p_r = {sheet.value("v")!r} * h
print(p_r)
"""


def convolutional(sheet: Sheet) -> str:
    return f"""\
import torch
from torch.nn.functional import conv1d, pad


def layer(rows, kernel, bias, apart):  # rows (1, 1, T); as many zeros before the start as it looks back
    kernel = torch.tensor(kernel, dtype=torch.float64)[None, None]
    return torch.tanh(conv1d(pad(rows, (apart, 0)), kernel, dilation=apart) + bias)


x = torch.tensor([[{listed(sheet, "x", LAST)}]], dtype=torch.float64)
c = layer(x, {listed(sheet, "k", 2)}, {sheet.value("d")!r}, 1)
e = layer(c, {listed(sheet, "q", 2)}, {sheet.value("g")!r}, 2)
p_c = {sheet.value("u")!r} * e[0, 0, -1]
print(p_c)
"""


def moved(forecast: str) -> Callable[[Sheet, Again], Mapping[str, float]]:
    """How far a forecast moves when one value of the sequence is a little larger."""

    def values(sheet: Sheet, again: Again) -> Mapping[str, float]:
        moves = {t: again({f"x[{t}]": sheet.value(f"x[{t}]") + NUDGE}).value(forecast) for t in STEPS}
        return {f"the value at step {t}": abs(p - sheet.value(forecast)) for t, p in moves.items()}

    return values


def reach(sheet: Sheet) -> go.Figure:
    """How much each network's loss would change with each value of the sequence."""
    figure = calm(go.Figure(), height=230, barmode="group", font={"color": None})
    for name, tag, colour in (("RNN", RNN, TRAINING), ("CNN", CNN, UNSEEN)):
        found = [sheet.value(f"gradient x.{tag}[{t}]") for t in STEPS]
        figure.add_bar(
            x=list(STEPS), y=found, name=name, marker={"color": colour},
            hovertemplate=f"{name}, step %{{x}}<br>gradient of its loss <b>%{{y:.4g}}</b><extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="time step", dtick=1)
    figure.update_yaxes(title="gradient by x", zeroline=True, zerolinecolor="rgba(128,128,128,.5)")
    return figure


GIVEN = Step(
    """Six values, and the one that comes after them, $y = $ ‹y›, which both networks are to forecast. A **recurrent**
network reads them one after the other and keeps a memory. A **convolutional** one lays a small kernel over them, at all
places at once, and keeps nothing.

Both are made to be fair to time: what stands at step $t$ has seen nothing that came later."""
)
FIRST_HALF = Step(
    """To unroll a recurrent network is to write its loop out: one copy of the neuron for each time step, side by side,
each handing its state to the next.

$$h_t = \\tanh(w_x\\,x_t + w_h\\,h_{t-1} + b)$$

The copies are not six neurons but **one neuron six times**: press any $z_t$ and you find the same three weights.""",
    code=recurrent,
    questions=(Predict("h2", "What will $h_2$ be? Its past is $h_1$, its input $x_2$.", "h[2]"),),
)
SECOND_HALF = Step(
    """Nothing new in the second half, and that is the point: a longer sequence needs more steps and no more weights.
But the steps have to wait for each other. $h_6$ cannot be worked out before $h_5$."""
)
RNN_SAYS = Step(
    """The last state, read out by one weight, is the forecast: $p_r = v\\,h_6$ = ‹p_r›. Its loss is its squared
distance from the truth: ‹L_r›. All six values had to pass through the one number $h_6$.""",
    questions=(
        Which(
            "least memory",
            f"Each value of the sequence in turn is made {NUDGE} larger. Which moves the RNN's forecast the most?",
            "how far the RNN's forecast moves", moved("p_r"),
        ),
    ),
)  # fmt: skip
LAYER_1 = Step(
    """The kernel has two taps: one on the value itself, one on the value before it.

$$c_t = \\tanh(k_1\\,x_{t-1} + k_2\\,x_t + d)$$

Again the same weights at every step, this time without any order: all six sums could be worked out at once, which is
why such networks train quickly. At step 1 there is no value before, so that term is absent (programs put zeros there
and call it padding).""",
    questions=(Predict("c2", "What will $c_2$ be?", "c[2]"),),
)
LAYER_2 = Step(
    """The second layer has two taps as well, but **two steps apart** (a dilation of 2):

$$e_t = \\tanh(q_1\\,c_{t-2} + q_2\\,c_t + g)$$

$c_6$ has seen $x_5$ and $x_6$; $c_4$ has seen $x_3$ and $x_4$. So $e_6$ sees four values with two taps in each layer. A
third layer, four apart, would see eight: the **receptive field** doubles with each layer.""",
    code=convolutional,
)
CNN_SAYS = Step(
    """The last number of the map, read out: $p_c = u\\,e_6$ = ‹p_c›, with a loss of ‹L_c›.""",
    questions=(
        Which(
            "reach",
            f"Each value of the sequence in turn is made {NUDGE} larger. Which moves the CNN's forecast the most?",
            "how far the CNN's forecast moves", moved("p_c"),
        ),
    ),
)  # fmt: skip
RNN_BACK = Step(
    """Backwards through time: each step back multiplies by $w_h$ and by $1 - h_t^2$, the slope of tanh. By the first
value ‹gradient x.rnn[1]› is left of it, by the last ‹gradient x.rnn[6]›. The memory reaches back to the beginning, but
ever fainter: it has **no edge**, it fades."""
)
RNN_WEIGHTS = Step(
    """One weight with six uses has six shares of gradient, one from each time step, and they are simply added. So the
gradient of $w_x$ is ‹gradient w_x.rnn›, and you can read off which time step had the most to say about it."""
)
CNN_BACK = Step(
    """The same for the CNN, and a different picture. By the first two values the gradient is not small but **exactly
0**: no path leads from them to $e_6$. Inside the receptive field nothing fades by itself; outside there is nothing.

That is the choice between the two: a memory without an edge that fades, or a field with an edge in which all is near.
Note also the gaps: of the first layer only $c_4$ and $c_6$ were asked for.""",
    picture=reach,
)
CNN_WEIGHTS = Step(
    """The kernel lay on every step, but only two of its places led to the forecast: two shares each. Had every step a
forecast of its own, as in training on whole sequences, all six would count."""
)

CHAPTER = Chapter(
    55,
    "Sequences: RNN and CNN",
    "The same six values through a network that remembers and through one that looks: unrolling, shared weights, and "
    "how far back each can see.",
    work,
    {
        "One sequence, two networks": GIVEN,
        "The RNN, unrolled: the first half": FIRST_HALF, "The RNN, unrolled: the second half": SECOND_HALF,
        "The RNN's forecast": RNN_SAYS,
        "The CNN: its first layer": LAYER_1, "The CNN: its second layer": LAYER_2, "The CNN's forecast": CNN_SAYS,
        "Back through the RNN: to every time step": RNN_BACK,
        "Back through the RNN: one weight, many uses": RNN_WEIGHTS,
        "Back through the CNN: to every time step": CNN_BACK,
        "Back through the CNN: one weight, many uses": CNN_WEIGHTS,
    },
    Bridge(
        "A causal CNN of two layers on your series. *Look closer*, *A window*, *sensitivity* shows how far back its "
        "forecast can see; train an RNN beside it and the edge is gone.",
        "cnn", {"hidden": 4, "layers": 2, "updates": 200},
    ),
    (
        "Set $w_h$ to 1.5 and make the values small: how much of the first value arrives at the end?",
        "Set $w_h$ to 0: the RNN becomes a CNN with one tap.",
        "Set $k_1$ and $q_1$ to 0: which values can the CNN still see?",
        "Change $x_1$ to 5. Which of the two forecasts moves, and why does the other not?",
    ),
    (
        "J. L. Elman, Finding structure in time, Cognitive Science 14, 1990",
        "A. van den Oord et al., WaveNet, 2016 (arXiv 1609.03499)",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"A long memory": {"w_h": 1.3}, "A short memory": {"w_h": 0.1}},
)  # fmt: skip
