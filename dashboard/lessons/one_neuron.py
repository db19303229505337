"""Lesson 60: one recurrent neuron over three steps, then a layer, then the same in two libraries."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.programs import literal
from dashboard.lessons.questions import Again, Predict, Which
from engine.lessons.one_neuron import STEPS, UNITS, work
from engine.working.sheet import Sheet

NUDGE = 0.1


def in_python(sheet: Sheet) -> str:
    return f"""\
from math import tanh

w_x, w_h, b = {literal(sheet, "w_x")}, {literal(sheet, "w_h")}, {literal(sheet, "b")}
h = {literal(sheet, "h_0")}
for x in {literal(sheet, "x")}:
    h = tanh(w_x * x + w_h * h + b)
    print(h)
"""


def in_torch(sheet: Sheet) -> str:
    return f"""\
import torch
from functools import partial

tensor = partial(torch.tensor, dtype=torch.float64)
x = tensor({literal(sheet, "x")})
h_0 = tensor({literal(sheet, "H_0")})
rnn = torch.nn.RNN(input_size=1, hidden_size=3, dtype=torch.float64)
with torch.no_grad():
    rnn.weight_ih_l0[:, 0] = tensor({literal(sheet, "W_x")})
    rnn.weight_hh_l0[:] = tensor({literal(sheet, "W_h")})
    rnn.bias_ih_l0[:] = tensor({literal(sheet, "B")})
    rnn.bias_hh_l0.zero_()  # PyTorch has two biases where one would do
    H, last = rnn(x[:, None], h_0[None])  # H (T, units)
print(H)
"""


def in_keras(sheet: Sheet) -> str:
    return f"""\
import numpy as np
from tensorflow import keras

x = np.array({literal(sheet, "x")}).reshape(1, 3, 1)  # (batch, T, features)
rnn = keras.layers.SimpleRNN(3, activation="tanh", return_sequences=True)
rnn.build(x.shape)
rnn.set_weights([
    np.array([{literal(sheet, "W_x")}]),  # kernel (features, units)
    np.array({literal(sheet, "W_h")}).T,  # recurrent kernel (from, unit): the other way round than in PyTorch
    np.array({literal(sheet, "B")}),
])
print(rnn(x, initial_state=[np.array([{literal(sheet, "H_0")}])]))
"""


def nudged(sheet: Sheet, again: Again) -> Mapping[str, float]:
    """How far the last state moves when one value of the sequence is a little larger."""
    last = sheet.value("h[3]")
    moved = {t: again({f"x[{t}]": sheet.value(f"x[{t}]") + NUDGE}).value("h[3]") for t in STEPS}
    return {f"the value at step {t}": abs(value - last) for t, value in moved.items()}


def farthest(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    return {f"unit {i}": abs(sheet.value(f"H[3, {i}]")) for i in UNITS}


GIVEN = Step(
    """A recurrent neuron reads a sequence one value at a time. At every step it has two things to go by: the new value
$x_t$, and what it said itself one step before, $h_{t-1}$.

$$h_t = \\tanh(w_x\\,x_t + w_h\\,h_{t-1} + b)$$

Three weights are all it has, and **the same three** serve every step. Before the first step it has said nothing yet:
$h_0 = $ ‹h_0›.

Every underlined number is yours to change: go to it, type, and press Enter. Whatever depends on it is worked out anew
and flashes. A press on any other number opens its arithmetic.""",
    code=in_python,
)
FIRST = Step(
    """The first value arrives. The sum $z_1$ weighs it, adds what is left of the past (nothing yet) and the bias:
$z_1 = $ ‹z[1]›. Then tanh bends the sum into the range from −1 to 1: $h_1 = $ ‹h[1]›.

Near zero tanh hardly bends at all, which is why the two are so close for small sums."""
)
SECOND = Step(
    """The second value arrives, and for the first time there is a past: $h_1 = $ ‹h[1]› comes back in through $w_h$.
The formula is the same and so are the weights; only what goes in is new.""",
    questions=(Predict("h2", "What will $h_2$ be? Work out the sum first, then guess what tanh makes of it.", "h[2]"),),
)
THIRD = Step(
    """The third step has no access to $x_1$ or $x_2$ any more, only to $h_2$. All that is left of them went through
two tanhs and through $w_h$ each time: **the state is the memory**, and it is lossy.""",
    questions=(
        Which(
            "nudge",
            f"Each value of the sequence in turn is made {NUDGE} larger. Which moves the last state $h_3$ the most?",
            "how far the last state moves", nudged,
        ),
        Predict("against", "What would $h_3$ be if $w_h$ were −1?", "h[3]", changes={"w_h": -1.0}),
    ),
)  # fmt: skip
FORGETFUL = Step(
    """Take $w_h$ away and each step stands alone: $g_t = \\tanh(w_x\\,x_t + b)$. Hold $g$ beside $h$: where they
differ, the past has spoken. At the first step they agree unless $h_0$ is not 0; later the difference is what one
number of memory is worth, here ‹h[3]› against ‹g[3]› at the end."""
)
LAYER = Step(
    """Three neurons side by side make a layer. Each has its own weight for the value, and each hears **all three**
states of the step before, so the weight of the past becomes a matrix: row $i$ says how much unit $i$ listens to each.

$$H_t = \\tanh(W_x\\,x_t + W_h\\,H_{t-1} + B)$$

That is 3 + 9 + 3 weights, whatever the length of the sequence."""
)
LAYER_FIRST = Step(
    """At the first step the matrix has nothing to say, because all states are 0. The three units differ only by their
own weight and bias."""
)
LAYER_NEXT = Step(
    """Now the units hear each other. Press a number of $Z$ and follow the lines: one from the value, three from the
states before, each through its own weight."""
)
LAYER_LAST = Step(
    """Three numbers are the layer's whole memory of the sequence. A read-out on top of them, or the next layer, sees
nothing else.""",
    questions=(
        Which("unit", "Which unit is farthest from 0 after the last step?", "distance of the last state from 0",
              farthest, tuple(f"Z[3, {i}]" for i in UNITS)),
    ),
)  # fmt: skip
TORCH = Step(
    """`torch.nn.RNN` is this equation and nothing else. It stores $W_x$ as `weight_ih`, $W_h$ as `weight_hh`, and it
has two biases that are simply added. With the numbers of this page put in, it prints the states on the right, to the
last digit: a test of this project runs exactly this program.""",
    code=in_torch,
)
KERAS = Step(
    """Keras calls it `SimpleRNN`. Its matrices lie the other way round, `(from, unit)`: forgetting the `.T` still runs
and gives other numbers, which is how such mistakes stay unnoticed. `return_sequences=True` asks for every state and not
only the last.

TensorFlow is not part of this app, so this program is shown and not run here.""",
    code=in_keras,
)

CHAPTER = Chapter(
    60,
    "One recurrent neuron, three steps",
    "The smallest network with a memory, by hand: three values in, three states out, then a layer of three.",
    work,
    {
        "What the neuron is given": GIVEN, "Time step 1": FIRST, "Time step 2": SECOND, "Time step 3": THIRD,
        "Without memory": FORGETFUL, "A layer: what it is given": LAYER, "A layer: time step 1": LAYER_FIRST,
        "A layer: time step 2": LAYER_NEXT, "A layer: time step 3": LAYER_LAST, "The same in PyTorch": TORCH,
        "The same in TensorFlow / Keras": KERAS,
    },
    Bridge(
        "An RNN of three units on your series: the panel **Memory** shows its three states at every time step of a "
        "window, and *Look closer*, *A number* opens any of them into this arithmetic, at any update.",
        "rnn", {"hidden": 3, "updates": 200},
    ),
    (
        "Set $w_h$ to 1 and $b$ to 0 and make all values small: the state becomes a running sum, almost.",
        "Set $w_h$ to −1: the state swings from side to side.",
        "Set $w_x$ to 20: tanh saturates, and the state forgets how large a value was.",
        "Choose *Other numbers*, set *Fade* to 100 % and fill in a whole time step yourself.",
    ),
    (
        "J. L. Elman, Finding structure in time, Cognitive Science 14, 1990",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"A long memory": {"w_h": 1.5, "w_x": 1.0}, "A saturated neuron": {"w_x": 20.0}},
)  # fmt: skip
