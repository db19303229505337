"""Lesson 61: iterative, direct and sequence-to-sequence on one sequence, from the same weights, two updates each."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.programs import literal
from dashboard.lessons.questions import Again, Predict, Which
from engine.lessons.three_ways import AHEAD, ITERATIONS, KNOWN, UNITS, WAYS, work
from engine.working.sheet import Sheet

IT, DIRECT, S2S = WAYS.values()
AGAIN = ITERATIONS[1]


def _reading(sheet: Sheet) -> str:
    return f"""\
import torch
from functools import partial

tensor = partial(torch.tensor, dtype=torch.float64)
x = tensor({literal(sheet, "x")})
W_x, B = tensor({literal(sheet, "W_x")}), tensor({literal(sheet, "B")})
W_h = tensor({literal(sheet, "W_h")})
v, c = tensor({literal(sheet, "v")}), {literal(sheet, "c")}

h = torch.full((2,), {literal(sheet, "h_0")}, dtype=torch.float64)
for value in x:
    h = torch.tanh(W_x * value + W_h @ h + B)
"""


def iterative(sheet: Sheet) -> str:
    return _reading(sheet) + "f_it = v @ h + c\nprint(f_it)\n"


def direct(sheet: Sheet) -> str:
    return (
        _reading(sheet)
        + "V, C = v.repeat(3, 1), tensor(c).repeat(3)  # three heads, alike at first\n"
        + ("f_dir = V @ h + C\nprint(f_dir)\n")
    )


def decoded(sheet: Sheet) -> str:
    return (
        _reading(sheet)
        + """\
U_x, U_h, D = W_x, W_h, B  # the decoder begins with the same weights
answers, answer = [], x[-1]
for k in range(3):
    h = torch.tanh(U_x * answer + U_h @ h + D)
    answer = v @ h + c
    answers.append(answer)
f_s2s = torch.stack(answers)
print(f_s2s)
"""
    )


def distances(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    return {f"step {k} ahead": abs(sheet.value(f"f.s2s[{k}]") - sheet.value(f"y[{k}]")) for k in AHEAD}


def adding(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    """How much each time step adds to the gradient of the weights of the past."""
    pairs = [(i, j) for i in UNITS for j in UNITS]
    return {f"t = {t}": sum(abs(sheet.value(f"share W_h.dir/z[{i}, {j}, {t}]")) for i, j in pairs) for t in KNOWN}


def nearest(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {title: -sheet.value(f"mse[{n}]") for n, title in enumerate(WAYS.values(), 1)}


def falls(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    return {title: 1 - sheet.value(f"loss.{way}'") / sheet.value(f"loss.{way}") for way, title in WAYS.items()}


START = Step(
    """Four values are known, three are to be forecast. There are three ways to do it with a recurrent network, and they
differ in what is trained and in what is fed:

- **iterative**: learn one step; ask for the next by feeding the answer back in;
- **direct**: a head of its own for every step ahead, all at once;
- **sequence to sequence**: a second network, the decoder, writes the answers one after the other.

So that nothing else differs, all three begin with the same weights: two units that read, and one read-out.

$$h_t = \\tanh(W_x\\,x_t + W_h\\,h_{t-1} + B)$$"""
)
READS = "The four known values go in one after the other; two states are all that is kept of them."
READS_AGAIN = "The same values under the new weights: the states are not what they were."
THROUGH_TIME = """From the last state the gradient walks back, through $W_h$ and the slope of tanh at every step:

$$\\frac{\\partial L}{\\partial h_t} = W_h^\\top\\,\\frac{\\partial L}{\\partial z_{t+1}}$$

$$\\frac{\\partial L}{\\partial z_t} = (1 - h_t^2)\\,\\frac{\\partial L}{\\partial h_t}$$

Hold the gradients at $t = 4$ and at $t = 1$ beside each other: that is what is left of it after three steps."""
THROUGH_AGAIN = "The same way back. Where the loss has become small, so have the gradients."
ADDS = """A weight is used at every time step, and each use adds its share to the gradient: gradient of the sum times
what the weight stood beside. The tables show the shares, one column for each time step; the gradient is the sum of
a row."""
ADDS_AGAIN = "The shares again. Which steps count has shifted with the states."
UPDATE = "Every weight goes one step against its gradient: $w' = w - \\eta\\,\\partial L/\\partial w$."
UPDATE_AGAIN = "The second and last update of this way. Two primes: two updates."


def _shared(name: str, *, adds: Step | None = None) -> dict[str, tuple[Step, Step]]:
    """The steps that the three ways have in common: text for the first and for the second iteration."""
    return {
        f"{name}: it reads": (Step(READS), Step(READS_AGAIN)),
        f"{name}: back through time": (Step(THROUGH_TIME), Step(THROUGH_AGAIN)),
        f"{name}: what each step adds to the weights": (adds or Step(ADDS), Step(ADDS_AGAIN)),
        f"{name}: update": (Step(UPDATE), Step(UPDATE_AGAIN)),
    }


def _twice(name: str, answers: dict[str, tuple[Step, Step]], **more: Step) -> dict[str, Step]:
    """Both iterations of one way: reading, answering, the way back, the update."""
    shared = _shared(name, **more)
    (read, *rest), both = shared.items(), {}
    for n, when in enumerate(ITERATIONS):
        for title, texts in (read, *answers.items(), *rest):
            both[title + when] = texts[n]
    return both


ONE_STEP = Step(
    """The read-out makes one answer of the last state: $y_1 = v\\,h_4 + c$. The loss is the square of what is missing
to the truth ‹y[1]›. Of the steps after that this way learns nothing; they will be asked of it all the same.""",
    code=iterative,
    questions=(Predict("it1", "What is the first answer? States and read-out stand at the left.", "f.it[1]"),),
)  # fmt: skip
THREE = Step(
    """Three heads on the same state, one for each step ahead. They began alike, so all three say ‹f.dir[1]› at first;
the truth pulls each its own way. The loss is the mean of the three squares: **‹loss.dir›**.""",
    code=direct,
)
WRITES = Step(
    """The decoder starts with the encoder's last state as its memory and the last known value as its first input. Each
answer is fed to it as the next input, **also while it trains**: the gradient will pass through its own answers.""",
    code=decoded,
    questions=(
        Which("far", "Before any training: which of the three answers is farthest from the truth?",
              "distance from the truth", distances, tuple(f"f.s2s[{k}]" for k in AHEAD)),
    ),
)  # fmt: skip
MOST = Step(
    ADDS,
    questions=(
        Which("adds", "Which time step adds most to the gradient of $W_h$, all four weights together?",
              "sum of the sizes of its shares", adding,
              tuple(f"share W_h.dir/z[{i}, {j}, {t}]" for t in KNOWN for i in UNITS for j in UNITS)),
    ),
)  # fmt: skip
BACK_DECODER = Step(
    """An answer has two ways to the loss: its own square, and the next input of the decoder. So its gradient is a sum,
and the first answers carry the blame for what came of them later. Open one and follow both terms."""
)
STEPS = {
    "One sequence, one set of weights": START,
    **_twice(IT, {f"{IT}: answer and loss": (
        ONE_STEP, Step("After one update the loss of the one step went from ‹loss.it› to **‹loss.it'›**."))}),
    f"{IT}: forecast": Step(
        """Now it is asked for three. It reads, answers, and **its answer is read as if it had been observed**: the
sequence of states goes on at $t = 5$ and $6$, on values that it made up. The three answers: ‹f.it''[1]›, ‹f.it''[2]›,
‹f.it''[3]›.""",
        questions=(
            Predict("inherited", "At the third step: how much of the squared error is inherited, that is, gone when "
                    "the same model is fed the truth instead of its own answers?", "inherited.it''[3]", (-1.0, 1.0)),
        ),
    ),
    f"{IT}: own error and inherited error": Step(
        """The same weights, fed the truth at every step: what is left is its **own** error. The rest it **inherited**
from its earlier answers. At the first step nothing is inherited. The share can be negative: two mistakes may cancel."""
    ),
    f"{DIRECT}: three heads": Step(
        """The read-out is copied three times, with six weights and three biases of its own. That is the price: what is
learned for one step ahead is not known to the others, except through the shared states."""
    ),
    **_twice(DIRECT, {f"{DIRECT}: answers and loss": (
        THREE, Step("The heads have begun to differ: ‹f.dir'[1]›, ‹f.dir'[2]›, ‹f.dir'[3]›. The loss went from "
                    "‹loss.dir› to **‹loss.dir'›**."))}, adds=MOST),
    f"{DIRECT}: forecast": Step(
        "All three at once, from the last state: nothing is fed back, so nothing is inherited.",
        questions=(Which("falls", "By which way did the first update lower the loss the most, as a share of it?",
                         "share of the loss that went", falls, ("loss.s2s'",)),),
    ),
    f"{S2S}: a decoder": Step(
        """The encoder's weights are copied into a decoder, which is free to become something else. Encoder and decoder
are trained as one network, from the answers back to the first value."""
    ),
    **_twice(S2S, {
        f"{S2S}: the decoder writes": (
            WRITES, Step("The loss went from ‹loss.s2s› to **‹loss.s2s'›**: every weight of the decoder was "
                         "pulled from three places, the encoder through all of them.")),
        f"{S2S}: back through the decoder": (
            BACK_DECODER, Step("The same way back, through the new answers.")),
    }),
    f"{S2S}: forecast": Step(
        "The forecast is what the decoder writes under the weights after two updates.",
        questions=(Which("best", "After two updates each: which way is nearest to the truth over the three steps?",
                         "mean squared error, with a minus before it", nearest, ("mse[1]", "mse[2]", "mse[3]")),),
    ),
    "The three side by side": Step(
        """The squared errors of the three, step by step ahead, and their means: ‹mse[1]›, ‹mse[2]› and ‹mse[3]›.

Two updates decide nothing about which way is better in general: the iterative one was never told of steps two and
three, and the others had three times the errors to learn from. What can be seen here is where each gets its gradient
from. On long horizons and real series they are compared by rolling origins."""
    ),
}  # fmt: skip

CHAPTER = Chapter(
    61,
    "Three ways to look ahead",
    "Iterative, direct and sequence to sequence on one sequence, from the same weights: forward, loss, back through "
    "time and update, two iterations each.",
    work,
    STEPS,
    Bridge(
        "An encoder-decoder of two units, of plain recurrent cells as here, on your series. Its forecast is drawn at "
        "every update, and *Look closer*, *A number* opens any answer of the decoder into what it was fed.",
        "seq2seq", {"cell": "rnn", "hidden": 2, "updates": 200, "teacher_forcing": 0.0},
    ),
    (
        "Double the learning rate: which of the three is the first whose loss rises again?",
        "Set $y_1$ far off and watch which gradients of the decoder change: all of them.",
        "Set all three $y$ to the same value: the direct heads stay alike for ever.",
        "Choose *Other numbers* and predict the winner before you look.",
    ),
    (
        "S. Ben Taieb, G. Bontempi, A. Atiya and A. Sorjamaa, A review and comparison of strategies for multi-step "
        "ahead time series forecasting, Expert Systems with Applications 39, 2012",
        "I. Sutskever, O. Vinyals and Q. V. Le, Sequence to sequence learning with neural networks, 2014 "
        "(arXiv 1409.3215)",
        "P. J. Werbos, Backpropagation through time, Proceedings of the IEEE 78, 1990",
        "A. Géron, Hands-On Machine Learning, 3rd edition, 2022, chapter 15",
    ),
    presets={"A rising sequence": {"x[1]": 0.1, "x[2]": 0.2, "x[3]": 0.3, "x[4]": 0.4, "y[1]": 0.5, "y[2]": 0.6,
                                   "y[3]": 0.7}, "A large learning rate": {"eta": 0.5}},
)  # fmt: skip
