"""Lesson 62: gradients that vanish or explode, what is done about it, and memory that lasts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.programs import literal
from dashboard.lessons.questions import Again, Predict, Which
from dashboard.views.drawing import calm
from dashboard.views.palette import turn
from engine.lessons.remedies import GENTLER, UPDATES, course, remedies
from engine.lessons.stability import NAMES, STEPS, WEIGHTS, work
from engine.working.sheet import Sheet

FLOOR = 1e-12  # of a logarithmic axis


def lines(of: Mapping[str, Sequence[float]], across: str, up: str, first: int = 1) -> go.Figure:
    """Some courses over steps or updates, on a logarithmic axis."""
    traces = [
        go.Scatter(
            x=list(range(first, first + len(values))), y=[max(abs(value), FLOOR) for value in values], name=name,
            mode="lines+markers", line={"color": turn(n), "width": 2}, marker={"size": 5},
            hovertemplate=f"{name}, {across} %{{x}}: %{{y:.4g}}<extra></extra>",
        )
        for n, (name, values) in enumerate(of.items())
    ]  # fmt: skip
    axis = {"type": "log", "title": up, "tickformat": "~g", "nticks": 6}
    return calm(go.Figure(traces), height=300, xaxis={"title": across}, yaxis=axis)


def fading(sheet: Sheet) -> go.Figure:
    """How long the gradient is at each step, under the three activations."""
    return lines(
        {name: [sheet.value(f"gradient h.{tag}[{t}]") for t in STEPS] for tag, name in NAMES.items()},
        "time step", "size of ∂L/∂h",
    )  # fmt: skip


def trained(sheet: Sheet) -> go.Figure:
    """The loss over the updates under each remedy, on the same axis."""
    courses = {name: course(sheet, one).losses for name, one in _remedies(sheet).items()}
    return lines(courses, "update", "loss before the update", 0)


def remembering(sheet: Sheet) -> go.Figure:
    """What is left of the first value: in the plain neuron's state, and of the first writing in the LSTM's cell."""
    kept = {
        "plain neuron: slope of the state": [sheet.value(f"m.tanh[{t}]") for t in STEPS],
        "LSTM: what was written first": [sheet.value(f"r[{t}]") for t in STEPS],
    }
    return lines(kept, "time step", "left of the first step")


def _remedies(sheet: Sheet):  # type: ignore[no-untyped-def]
    return remedies(sheet.value("theta"), sheet.value("eta"))


def lowest(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    """Minus the loss at the end; a loss that is no number any more is the worst of all."""
    last = {name: course(sheet, one).losses[-1] for name, one in _remedies(sheet).items()}
    return {name: -loss if loss == loss and loss < 1e12 else -1e12 for name, loss in last.items()}


def longest(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {name: abs(sheet.value(f"gradient h.{tag}[1]")) for tag, name in NAMES.items()}


def in_torch(sheet: Sheet) -> str:
    return f"""\
import torch
from functools import partial

tensor = partial(torch.tensor, dtype=torch.float64)
gradient = [{", ".join(repr(sheet.value(f"gradient {name}.rel")) for name in WEIGHTS)}]
theta = {literal(sheet, "theta")}
weights = torch.nn.Parameter(tensor([0.0, 0.0, 0.0]))

weights.grad = tensor(gradient)
norm = torch.nn.utils.clip_grad_norm_([weights], theta)
by_norm = weights.grad.clone()  # torch adds 1e-6 to the norm before it divides

weights.grad = tensor(gradient)
torch.nn.utils.clip_grad_value_([weights], theta)
a = weights.grad.clone()
print(norm, by_norm, a)
"""


CHAIN = Step(
    """One neuron, eight steps. At the first it gets a knock, $x_1$ = ‹x[1]›; then silence. What is left of the knock at
the end is memory, and how the end can teach the beginning is what this lesson measures. The weight of the past is
$w_h$ = ‹w_h›: everything depends on it."""
)
FORWARD = Step(
    """The same weights under three activations: **tanh** between −1 and 1, **sigmoid** (sig) between 0 and 1, **relu**
(rel) without a ceiling. Where tanh and sigmoid settle, relu multiplies by $w_h$ at every step.""",
    questions=(Predict("rel", "Where does the relu chain end?", "h.rel[8]", (0.0, 10.0)),),
)  # fmt: skip
BACK = Step(
    """Back through a step the gradient is multiplied by $w_h$ and by the slope of the activation:

$$\\frac{\\partial L}{\\partial h_{t-1}} = w_h\\,f'(z_t)\\,\\frac{\\partial L}{\\partial h_t}$$

Seven times over, so a factor of 2 becomes 128 and a factor of ½ becomes 1/128. tanh's slope is at most 1, sigmoid's at
most ¼, relu's is 1 or 0. The picture has the sizes on a logarithmic axis: **straight lines are vanishing and
exploding**.""",
    picture=fading,
    questions=(
        Which("longest", "Under which activation does most of the gradient arrive at the first step?",
              "size of the gradient at step 1", longest, tuple(f"gradient h.{tag}[8]" for tag in NAMES)),
    ),
)  # fmt: skip
GRADIENTS = Step(
    """What arrives at the steps goes into the weights. In a chain that vanishes the last steps alone decide; in
one that explodes the first ones drown all others. Both learn badly, for opposite reasons."""
)
NORM = Step(
    """The relu chain's gradient has three numbers, so it is an arrow in three dimensions; its length is
$\\lVert g\\rVert = \\sqrt{\\sum g^2}$ = ‹norm›. Clipping by norm shortens the whole arrow to the threshold
$\\theta$ where it is longer, by one factor for all: $g \\cdot \\min(1, \\theta / \\lVert g\\rVert)$.""",
    code=in_torch,
    questions=(Predict("scale", "By which factor is every number of the gradient multiplied?", "scale", (0.0, 1.0)),),
)  # fmt: skip
VALUE = Step(
    """Clipping by value cuts each number by itself to between $-\\theta$ and $\\theta$. Small ones stay, large ones are
levelled: what was three different pulls may become the same pull three times."""
)
TURNED = Step(
    """The cosine between two arrows is 1 where they point the same way. Clipping by norm: **‹cos_n›**. Clipping by
value: **‹cos_a›**. So the first changes how far the update goes, the second also where it goes."""
)
REMEDIES = Step(
    f"""The relu chain trained for {UPDATES} updates, five times from the same weights: without any remedy, clipped by
norm, clipped by value, with a learning rate {GENTLER} times smaller, and with tanh in place of relu. One clock for all:
a line that ends has left what a computer can hold, one that lies flat has died.

Change $w_h$, $\\theta$ or $\\eta$ and the picture changes with them.""",
    picture=trained,
    questions=(Which("remedy", "Which of the five ends with the smallest loss?", "minus the loss at the end", lowest),),
)  # fmt: skip
MEMORY = Step(
    """How much does the state at step $t$ still depend on the first value? It is the product of all the slopes between:
$m_t = m_{t-1}\\,w_h\\,(1 - h_t^2)$. That is the memory of the plain neuron, measured: after eight steps ‹m.tanh[8]› of
‹m.tanh[1]› is left. With long inputs it is short-term memory at best."""
)
LAYER_NORM = Step(
    """LayerNorm takes the sums of **all units at one time step**, subtracts their mean, divides by their deviation, and
gives each unit a gain and a shift to learn:

$$N_i = \\frac{d_i - \\mu}{\\sqrt{\\sigma^2 + \\varepsilon}}\\,\\text{gain}_i + \\text{shift}_i$$

Over the units, not over time and not over the batch: that is the axis most often confused.""",
    questions=(
        Predict("ln", "All four sums are made ‹k› times larger. What is the last unit *after LayerNorm* then?",
                "N.large[4]", (-2.0, 2.0)),
    ),
)  # fmt: skip
LARGER = Step(
    """The sums are ‹k› times as large, and LayerNorm's outcome hardly moves, from ‹N.once[3]› to ‹N.large[3]› for the
third unit: it does not know how large the weights have become. Without it, tanh goes from ‹q.once[3]› to ‹q.large[3]›.
This is why layers with LayerNorm keep their slopes, and why their gradients arrive."""
)
LSTM = Step(
    """An LSTM keeps a **cell** beside its state, and three gates between 0 and 1 decide about it:

$$c_t = f_t\\,c_{t-1} + i_t\\,g_t \\qquad s_t = o_t \\tanh(c_t)$$

$i$ how much is written, $f$ how much of the old stays, $o$ how much is shown. Here $i$ opens at a knock and $f$ is held
open by its bias, ‹W_f[3]›. No weight and no tanh stands between $c_{t-1}$ and $c_t$, only the gate.""",
    questions=(
        Predict("held", "How much of what was written at the first step is in the cell after the eighth?", "r[8]",
                (0.0, 1.0)),
    ),
)  # fmt: skip
HOLDS = Step(
    """What was written first is multiplied by the forget gates alone: ‹r[1]› at the start, ‹r[8]› after eight steps.
The plain neuron had ‹m.tanh[8]› left of ‹m.tanh[1]›. Both are drawn on one axis.""",
    picture=remembering,
    questions=(Predict("closed", "And if the bias of the forget gate were 0?", "r[8]", (0.0, 1.0), {"W_f[3]": 0.0}),),
)  # fmt: skip

CHAPTER = Chapter(
    62,
    "Stability and memory",
    "Gradients that vanish or explode, seen happen; clipping, learning rate and activations on one clock; LayerNorm; "
    "and how an LSTM's gates keep what a plain neuron forgets.",
    work,
    {
        "A chain of eight steps": CHAIN, "Forward, under three activations": FORWARD, "Back through eight steps": BACK,
        "The gradients of the weights": GRADIENTS, "Clipping by norm": NORM, "Clipping by value": VALUE,
        "Which of them turns the arrow": TURNED, "Four remedies on one clock": REMEDIES,
        "Short-term memory, measured": MEMORY, "LayerNorm of four units": LAYER_NORM,
        "LayerNorm of larger sums": LARGER, "LSTM: gates and cell": LSTM, "LSTM: what it still holds": HOLDS,
    },
    Bridge(
        "An LSTM of four units on your series, its gates recorded and its gradient clipped by norm. The panel "
        "**Gradients** shows how long they are before and after, at every update; *Look closer*, *A window* shows what "
        "the cells remember, since when.",
        "lstm", {"hidden": 4, "updates": 200, "record_gates": True},
    ),
    (
        "Set $w_h$ to 0.5, then to 1: under relu the gradient is then as long at the first step as at the last.",
        "Set $\\theta$ to the length of the gradient: nothing is clipped any more.",
        "Set the bias of the forget gate to 0, the usual start: half of the memory goes at every step.",
        "Open the LSTM's input gate at every step (its bias to 5): does that touch what was written first?",
    ),
    (
        "Y. Bengio, P. Simard and P. Frasconi, Learning long-term dependencies with gradient descent is difficult, "
        "IEEE Transactions on Neural Networks 5, 1994",
        "R. Pascanu, T. Mikolov and Y. Bengio, On the difficulty of training recurrent neural networks, 2013 "
        "(arXiv 1211.5063)",
        "S. Hochreiter and J. Schmidhuber, Long short-term memory, Neural Computation 9, 1997",
        "J. L. Ba, J. R. Kiros and G. E. Hinton, Layer normalization, 2016 (arXiv 1607.06450)",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"It vanishes": {"w_h": 0.5}, "It stays": {"w_h": 1.0}, "It explodes": {"w_h": 2.0}},
)  # fmt: skip
