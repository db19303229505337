"""Lesson 56: the recurrent neuron, its four topologies, and backpropagation through time step by step."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.questions import Again, Predict, Which
from dashboard.views.drawing import calm
from dashboard.views.palette import TRAINING, UNSEEN
from engine.lessons.recurrence import ALONE, STEPS, work
from engine.working.sheet import Sheet


def in_torch(sheet: Sheet) -> str:
    x, y = (", ".join(repr(sheet.value(f"{name}[{t}]")) for t in STEPS) for name in "xy")
    weights = ", ".join(repr(sheet.value(name)) for name in ("w_x", "w_h", "b", "v", "c"))
    return f"""\
import torch

weights = torch.tensor([{weights}], dtype=torch.float64, requires_grad=True)
w_x, w_h, b, v, c = weights
h, L = {sheet.value("h_0")!r}, 0
for x, y in zip([{x}], [{y}]):
    h = torch.tanh(w_x * x + w_h * h + b)
    L = L + (v * h + c - y) ** 2 / 3
L.backward()  # the whole way back
print(weights.grad)
"""


def shares(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    """How much each time step adds to the gradient of the recurrent weight."""
    return {f"time step {t}": abs(sheet.value(f"share w_h/z[{t}]")) for t in STEPS}


def heard(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    """How loudly each topology speaks to the first state."""
    return {
        "sequence to sequence": abs(sheet.value("gradient h[1]")),
        "sequence to vector": abs(sheet.value(f"gradient h.{ALONE}[1]")),
    }


def after(sheet: Sheet, again: Again) -> Mapping[str, float]:
    """How far the loss falls within one update, for some learning rates."""
    rates = (sheet.value("eta") / 3, sheet.value("eta"), sheet.value("eta") * 3)
    return {f"learning rate {rate:g}": sheet.value("L") - again({"eta": rate}).value("L'") for rate in rates}


def past(sheet: Sheet) -> go.Figure:
    """The same neuron with and without a past."""
    figure = calm(go.Figure(), height=230, font={"color": None})
    for name, of, colour in (("with a past", "h", TRAINING), ("without", "n", UNSEEN)):
        figure.add_scatter(
            x=list(STEPS), y=[sheet.value(f"{of}[{t}]") for t in STEPS], name=name, mode="lines+markers",
            line={"color": colour}, hovertemplate=f"{name}, step %{{x}}<br><b>%{{y:.4g}}</b><extra></extra>",
        )  # fmt: skip
    figure.update_xaxes(title="time step", dtick=1)
    figure.update_yaxes(title="state", range=[-1.05, 1.05])
    return figure


NEURON = Step(
    """A neuron weighs what comes in, adds a bias and bends the sum: $n_t = \\tanh(w_x x_t + b)$. Given three values it
answers three times, ‹n[1]›, ‹n[2]›, ‹n[3]›, and would answer the same in any order. It does not know that it is reading
a sequence."""
)
PAST = Step(
    """One wire more, from its output back to its own input, and the neuron is **recurrent**:

$$h_t = \\tanh(w_x x_t + w_h h_{t-1} + b)$$

The first answer is as before. From the second on the past speaks too, and order matters.""",
    picture=past,
    questions=(Predict("h2", "What will $h_2$ be, with $h_1$ as its past?", "h[2]"),),
)
CELL = Step(
    """What a cell **remembers** and what it **says** need not be the same. Here the state $h_t$ stays inside, and one
more weight and bias read it out: $o_t = v\\,h_t + c$. An output is not bound to the range from −1 to 1, so it can be a
forecast. In an LSTM the difference goes further still: there the memory has a cell of its own."""
)
S2S = Step(
    """**Sequence to sequence.** Every output is held against a truth of its own, and the loss is the mean of the three
squared errors: ‹L›. Forecasting models are often trained like this: every time step learns, not only the last."""
)
S2V = Step(
    """**Sequence to vector.** The same three states, but only the last output counts: ‹L.last›. The first two outputs
are not wrong, they are not asked for. Reading a window and forecasting once is of this kind."""
)
V2S = Step(
    """**Vector to sequence.** One thing goes in, at the first step. After that the cell hears only itself: $h_t =
\\tanh(w_h h_{t-1} + b)$. What it says is a story about its first word: ‹o.vector[1]›, ‹o.vector[2]›, ‹o.vector[3]›.""",
    questions=(Predict("v3", "What will the third output be?", "o.vector[3]", (-1.5, 1.5)),),
)
ED = Step(
    """**Encoder and decoder.** A sequence-to-vector cell reads, and its last state ‹h[3]› is all that is handed on. A
second cell, with weights of its own, begins with it and writes: at each step it is fed what it said last.

$$d_j = \\tanh(u_x q_{j-1} + u_h d_{j-1} + u_b), \\qquad q_j = v\\,d_j + c$$

So what comes in and what goes out may be of different length, and the reading is over before the writing begins.""",
    questions=(Predict("q2", "What does the decoder say at its second step?", "q.decoder[2]", (-1.5, 1.5)),),
)
BACK_3 = Step(
    """Now back through the sequence-to-sequence loss, from the end. At step 3 there is one source only: the error of
its own output. Through $v$ to the state, through the slope of tanh, $1 - h_3^2$, to the sum."""
)
BACK_2 = Step(
    """At step 2 two voices meet in $h_2$: its own output's error, through $v$, and what comes back from step 3, through
$w_h$. They are added: open the gradient by $h_2$ and see both terms. This is all that *through time* adds to
backpropagation."""
)
BACK_1 = Step(
    """Step 1 hears its own output, and everything later through step 2. What step 3 has to say passed two slopes and
two factors $w_h$ on its way."""
)
BACK_W = Step(
    """The same weight was used at three time steps, so it has three shares of gradient, and the gradient is their sum.
For $w_h$ the first share is 0 as long as $h_0$ is: at the first step there was no past to weigh.""",
    code=in_torch,
    questions=(
        Which("shares", "Which time step has the most to say about the weight of the past, $w_h$?",
              "size of its share", shares, tuple(f"share w_h/z[{t}]" for t in STEPS)),
    ),
)  # fmt: skip
UPDATE = Step(
    """Every weight takes a step against its gradient, $w' = w - \\eta\\,\\partial L/\\partial w$.""",
    questions=(Which("rate", "With which learning rate does this one update lower the loss the most?",
                     "how far the loss falls", after),),
)  # fmt: skip
LAST_ONLY = Step(
    """The same way back where only the last output counts. Every gradient by an earlier output is exactly 0, and
the first state hears of the loss only through two factors $w_h (1 - h^2)$. With many steps that is how gradients
vanish.""",
    questions=(
        Which("heard", "From which loss does the first state hear more?", "size of the gradient by the first state",
              heard, ("gradient h.last[1]",)),
    ),
)  # fmt: skip
AGAIN = Step(
    """The primes mark the second iteration. The states have moved a little, all in one go: they share their weights."""
)
LOSS_AGAIN = Step("""The loss was ‹L›, and after one update it is **‹L'›**.""")

CHAPTER = Chapter(
    56,
    "The recurrent neuron",
    "From a neuron to one with a past, to a memory cell; four ways to put sequences in and take them out; and the way "
    "back through time, step by step.",
    work,
    {
        "A neuron": NEURON, "The same neuron with a past": PAST, "Memory cell and output": CELL,
        "Sequence to sequence": S2S, "Sequence to vector": S2V, "Vector to sequence": V2S, "Encoder and decoder": ED,
        "Backwards: time step 3": BACK_3, "Backwards: time step 2": BACK_2, "Backwards: time step 1": BACK_1,
        "Backwards: the weights": BACK_W, "Update": UPDATE,
        "Backwards, where only the last output counts": LAST_ONLY,
        "The same again with the new weights": AGAIN, "The loss after one update": LOSS_AGAIN,
    },
    Bridge(
        "An RNN of four units that learns from a forecast at every time step of your series. The BPTT triangle shows "
        "which step's loss speaks to which state, and *Look closer*, *A number* opens any gradient into its terms.",
        "rnn", {"hidden": 4, "updates": 200, "topology": "sequence-to-sequence"},
    ),
    (
        "Set $w_h$ to 2 and look at the gradients by the states: do they still shrink on the way back?",
        "Make $x_1$ large, so that $h_1$ saturates: its slope is nearly 0, and nothing earlier would hear anything.",
        "Set the truth to what the outputs are already: every gradient is 0.",
        "Set $u_x$ to 0: a decoder that does not listen to itself. Does it still change from step to step?",
    ),
    (
        "J. L. Elman, Finding structure in time, Cognitive Science 14, 1990",
        "P. J. Werbos, Backpropagation through time, Proceedings of the IEEE 78, 1990",
        "I. Sutskever, O. Vinyals and Q. V. Le, Sequence to sequence learning with neural networks, 2014 "
        "(arXiv 1409.3215)",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"A strong past": {"w_h": 2.0}, "A saturated start": {"x[1]": 4.0}},
)  # fmt: skip
