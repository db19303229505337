"""Lesson 58: a feed-forward and a recurrent network, one hidden neuron each, side by side on the same task."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.programs import literal
from dashboard.lessons.questions import Again, Predict, Which
from engine.lessons.forward_or_back import ITERATIONS, STEPS, work
from engine.working.sheet import Sheet

AGAIN = ITERATIONS[1]
NAMES = {"fnn": "the FNN", "rnn": "the RNN"}


def both(sheet: Sheet) -> str:
    return f"""\
import torch
from functools import partial

tensor = partial(torch.tensor, dtype=torch.float64, requires_grad=True)
X = torch.tensor({literal(sheet, "X")}, dtype=torch.float64)  # (sequence, t)
y = torch.tensor({literal(sheet, "y")}, dtype=torch.float64)
u, w_x, w_h = tensor({literal(sheet, "u")}), tensor({literal(sheet, "w_x")}), tensor({literal(sheet, "w_h")})
b, v, c = tensor({literal(sheet, "b")}), tensor({literal(sheet, "v")}), tensor({literal(sheet, "c")})

f_fnn = v * torch.tanh(X @ u + b) + c

h = torch.full((2,), {literal(sheet, "h_0")}, dtype=torch.float64)
for x in X.T:
    h = torch.tanh(w_x * x + w_h * h + b)
f_rnn = v * h + c

for f in (f_fnn, f_rnn):
    loss = ((f - y) ** 2).mean()
    print(f, loss)
"""


def apart(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    """How far the answers to the two sequences lie from each other."""
    return {name: abs(sheet.value(f"f.{kind}[1]") - sheet.value(f"f.{kind}[2]")) for kind, name in NAMES.items()}


def steepest(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {f"${name}$": abs(sheet.value(f"gradient {name}.rnn")) for name in ("w_x", "w_h", "b", "v", "c")}


def last_or_first(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    """How much each time step adds to the gradient of w_x, both sequences together."""
    return {f"step {t}": abs(sum(sheet.value(f"share w_x.rnn/r[{n}, {t}]") for n in (1, 2))) for t in STEPS}


def fallen(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {name: sheet.value(f"loss.{kind}") - sheet.value(f"loss.{kind}'") for kind, name in NAMES.items()}


TASK = Step(
    """Two sequences of three values. At first they hold **the same values in opposite order**: only who sees the order
can tell them apart. What should come out differs: ‹y[1]› and ‹y[2]›."""
)
WEIGHTS = Step(
    """Both networks have one hidden neuron and the same read-out; bias and read-out begin alike.

**FNN**, the window at once: $h = \\tanh(u_1 x_1 + u_2 x_2 + u_3 x_3 + b)$. A weight of its own for each place, six
weights in all, and one more for every step that the window grows.

**RNN**, one value after the other: $s_t = \\tanh(w_x x_t + w_h s_{t-1} + b)$. The same two weights at every step, five
in all, whatever the length.

For both, the answer is $f = v \\cdot \\text{hidden} + c$.""",
    code=both,
)
HIDDEN = Step(
    """On the left one sum over three places, on the right three sums in a row. The RNN's last state is what the FNN's
neuron is: one number for the whole sequence.""",
    questions=(
        Predict("h1", "What does the FNN's hidden neuron say to the rising sequence?", "h.fnn[1]"),
    ),
)  # fmt: skip
ANSWERS = Step(
    """The read-out turns one number into an answer; the loss is the mean squared error over both sequences:
$L = \\frac{1}{2}\\sum_n (f_n - y_n)^2$. It is ‹loss.fnn› for the FNN and ‹loss.rnn› for the RNN.""",
    questions=(
        Which("apart", "Which network, before it learned anything, tells the two sequences further apart?",
              "distance between its two answers", apart, tuple(f"f.{kind}[{n}]" for kind in NAMES for n in (1, 2))),
    ),
)  # fmt: skip
BACK = Step(
    """The chain rule, link by link. For both: $\\frac{\\partial L}{\\partial f_n} = f_n - y_n$, since the 2 of the
square and the ½ of the mean cancel; then times $v$. For the FNN that is the end. The RNN goes on, one step back at
a time:

$$\\frac{\\partial L}{\\partial s_{t-1}} = \\frac{\\partial L}{\\partial s_t}\\,(1 - s_t^2)\\,w_h$$

Two factors at each step, and both are usually below 1."""
)
TO_WEIGHTS = Step(
    """The FNN's $u_t$ gets the gradient of the sum times the value at its own place, for each sequence once. The RNN's
$w_x$ gets the same **from every step**: its shares stand in a table over time. One weight, three teachers.""",
    questions=(
        Which("shares", "Which step adds most to the gradient of the RNN's $w_x$, both sequences together?",
              "size of what the step adds", last_or_first,
              tuple(f"share w_x.rnn/r[{n}, {t}]" for n in (1, 2) for t in STEPS)),
        Which("steep", "Which weight of the RNN has the largest gradient?", "size of its gradient", steepest,
              tuple(f"gradient {name}.rnn" for name in ("w_x", "w_h", "b", "v", "c"))),
    ),
)  # fmt: skip
UPDATE = Step(
    "Every weight goes one step of ‹eta› times its gradient downhill. What began alike, $b$, $v$ and $c$, parts here.",
    questions=(
        Which("fallen", "Whose loss falls further in this update?", "how far the loss falls", fallen),
    ),
)  # fmt: skip
LONGER = Step(
    """A fourth value arrives. The RNN reads it with the weights it has: one more turn of the same crank. The FNN has no
$u_4$: its window is cast in its weights, and it would have to be made and trained anew.

That is what sharing weights over time buys. What it costs is above, in the gradients: the FNN reaches every value in
one step, the RNN reaches the first one only through all the others."""
)

CHAPTER = Chapter(
    58,
    "FNN against RNN",
    "The same task, one hidden neuron each: forward, loss, the chain rule written out, and two updates, side by side.",
    work,
    {
        "The same task for both": TASK, "Their weights": WEIGHTS, "Hidden neuron": HIDDEN, "Answers and loss": ANSWERS,
        "Back to the hidden neuron": BACK, "Back to the weights": TO_WEIGHTS, "Update": UPDATE,
        "Hidden neuron" + AGAIN: Step("The same sequences through the new weights."),
        "Answers and loss" + AGAIN: Step("The FNN's loss went from ‹loss.fnn› to **‹loss.fnn'›**, the RNN's from "
                                         "‹loss.rnn› to **‹loss.rnn'›**."),
        "Back to the hidden neuron" + AGAIN: Step("The same links of the chain, with the numbers of now."),
        "Back to the weights" + AGAIN: Step("Compare the shares with those of the first iteration: as the states move, "
                                            "so does the say of each step."),
        "Update" + AGAIN: Step("Two updates done. From here on it is repetition, and patience."),
        "One value more": LONGER,
    },
    Bridge(
        "An RNN with one hidden unit on your series. Train an FNN with one hidden unit on the Train page beside it: "
        "same window, same series, and compare the two forecasts.",
        "rnn", {"hidden": 1, "updates": 200},
    ),
    (
        "Give both sequences the same target: the order no longer matters. Which network finds that out sooner?",
        "Set $w_h$ to 0: the RNN sees only the last value.",
        "Set $u_1$ and $u_2$ to 0 and $u_3$ to the RNN's $w_x$, and $w_h$ to 0: now they are the same network.",
        "Make the values ten times as large and watch the slopes $1 - h^2$ close the way back.",
    ),
    (
        "D. E. Rumelhart, G. E. Hinton and R. J. Williams, Learning representations by back-propagating errors, "
        "Nature 323, 1986",
        "J. L. Elman, Finding structure in time, Cognitive Science 14, 1990",
        "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, chapters 6 and 10",
    ),
    presets={"The same target": {"y[1]": 0.5, "y[2]": 0.5}, "No past": {"w_h": 0.0}},
)  # fmt: skip
