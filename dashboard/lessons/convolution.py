"""Lesson 54: convolution by hand, forwards and back, twice; then an image of 8 x 8 that a person may draw."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.lessons.contract import Bridge, Chapter, Step
from dashboard.lessons.programs import literal
from dashboard.lessons.questions import Again, Predict, Which
from engine.lessons import images
from engine.lessons.convolution import KERNEL, NAMES, work
from engine.working.sheet import Sheet

SECOND = ", second iteration"


def drawing(rows: tuple[str, ...]) -> dict[str, float]:
    """The large image as numbers to set."""
    return {f"X[{', '.join(map(str, at))}]": value for at, value in images.inked(rows).items()}


def in_python(sheet: Sheet) -> str:
    return f"""\
K = {literal(sheet, "K")}
zebra = {literal(sheet, "X_zebra")}
cat = {literal(sheet, "X_cat")}
b = {literal(sheet, "b")}
f = [sum(K[r][c] * X[r][c] for r in range(3) for c in range(3)) + b for X in (zebra, cat)]
print(f)
"""


def in_torch(sheet: Sheet) -> str:
    image = literal(sheet, "X").replace("], [", "],\n    [")
    return f"""\
import torch
from torch.nn.functional import conv2d, max_pool2d

X = torch.tensor(
    {image}, dtype=torch.float64
)
G = torch.tensor({literal(sheet, "G")}, dtype=torch.float64)
F = conv2d(X[None, None], G[None, None])  # (batch, channel, 6, 6)
M = max_pool2d(torch.relu(F), 2)[0, 0]  # (3, 3)
print(M)
"""


def pulls(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001 - every question is given both
    """How much each image adds to the gradient of the filter, all nine weights together."""
    weights = [(r, c) for r in KERNEL for c in KERNEL]
    return {
        f"the {name}": sum(abs(sheet.value(f"share K/P_{name}[{r}, {c}]")) for r, c in weights) for name in NAMES
    } | {"both the same": 0.0}


def after(sheet: Sheet, again: Again) -> Mapping[str, float]:
    """How far the loss falls within one update, for some learning rates."""
    rates = (sheet.value("eta") / 2, sheet.value("eta"), sheet.value("eta") * 2)
    return {f"learning rate {rate:g}": sheet.value("loss") - again({"eta": rate}).value("loss'") for rate in rates}


def mapped(sheet: Sheet, again: Again) -> Mapping[str, float]:  # noqa: ARG001
    """The largest answer of the filter in each column of the feature map."""
    return {f"column {j}": max(sheet.value(f"F[{i}, {j}]") for i in range(1, 7)) for j in range(1, 7)}


IMAGES = Step(
    """Two images of 3 × 3 greys, 0 for black and 1 for white: a **zebra**, a light stripe between dark ones, and a
**cat**, whose fur changes softly. The filter $K$ is a set of weights of the same size. Each of its rows is a second
difference, here ‹K[1, 1]›, ‹K[1, 2]›, ‹K[1, 3]›: it asks whether the middle is lighter than its two neighbours. Weights
that sum to 0 give 0 for an even grey, whatever its brightness: such a filter sees **lines**, not light.

All underlined numbers are yours to change."""
)
MULTIPLY = Step(
    """Lay the filter on the image, multiply what lies on each other, add it all up, add the bias:

$$P_{rc} = K_{rc}\\,X_{rc}, \\qquad f = \\sum_{r,c} P_{rc} + b$$

For the zebra the products agree, and their sum is **‹f[1]›**. For the cat it is **‹f[2]›**: the middle of its image is
darker than its sides. On an image of 3 × 3 the filter has one place to lie, so the feature map has one number.""",
    code=in_python,
    questions=(
        Predict("f1", "What does the filter say to the zebra? Press the images to see their numbers; the rest is "
                "adding up.", "f[1]", (-2.0, 2.0)),
    ),
)  # fmt: skip
RECTIFY = Step(
    """ReLU keeps what is above 0 and drops the rest: $r = \\max(f, 0)$. The zebra's ‹f[1]› passes, the cat becomes
‹r[2]›. Pooling then keeps the largest of each patch. Here a patch has one number, and the largest of one is itself; it
comes into its own on the larger image further on."""
)
DENSE = Step(
    """One output for each class, each with its own weight for the pooled number and its own bias:
$o_{nk} = U_k\\,m_n + d_k$. For the cat $m$ is ‹m[2]›, so its outputs are only the biases: the network has nothing to go
by."""
)
SOFTMAX = Step(
    """Softmax turns the outputs of an image into shares of one: each exponential over their sum,
$q_{nk} = e^{o_{nk}} / \\sum_j e^{o_{nj}}$. The loss is the mean of $-\\log q$ of the true class (cross-entropy):
**‹loss›**. With two classes softmax is the sigmoid of the difference of the outputs; the larger image uses that.""",
    questions=(Predict("q1", "Which share goes to *zebra* for the image of the zebra?", "q[1, 1]", (0.0, 1.0)),),
)
TO_DENSE = Step(
    """Now back. Each gradient is what its number did to the loss: the gradient above it times the local slope, summed
over all that it went into (the chain rule). Through softmax and the logarithm the nine steps shrink to something
simple: by each output, $(q - \\text{truth}) / 2$. Check it on a card."""
)
TO_MAP = Step(
    """Pooling sends a gradient to the one that won and nothing to the others. ReLU lets it through where its input was
above 0 and stops it elsewhere: in the formula that is the factor `step(f)`. For the cat it is 0: **a dead unit learns
nothing from that image**.""",
    questions=(
        Which("pull", "Which image changes the filter more in this update?", "sum of the shares in the gradient",
              pulls, ("r[1]", "r[2]", "gradient r[1]", "gradient r[2]")),
    ),
)  # fmt: skip
TO_FILTER = Step(
    """A weight of the filter was used once in each image, so its gradient has two shares: gradient of the product times
the pixel. A gradient of a filter is the image itself, weighed: it makes the filter a little more like the stripes."""
)
UPDATE = Step(
    """Every weight moves against its gradient by the learning rate: $K' = K - \\eta\\,\\partial L / \\partial K$. The
prime marks what belongs to the next iteration.""",
    questions=(Which("rate", "With which learning rate does this one update lower the loss the most?",
                     "how far the loss falls", after),),
)  # fmt: skip
LARGER = Step(
    """The same filter on an image of 8 × 8 has six places to lie in each direction, so the map has 6 × 6 numbers, all
made by **the same nine weights**. Draw: press on the image and move, or go to a
pixel and press space. Or take one of the drawings under
the page.

Watch the map while you draw an upright stroke, then a level one.""",
    code=in_torch,
    questions=(
        Which("column", "In which column of the feature map does the filter answer most?",
              "largest number of that column of the map", mapped,
              tuple(f"F[{i}, {j}]" for i in range(1, 7) for j in range(1, 7))),
    ),
)  # fmt: skip
POOL = Step(
    """Now pooling has something to choose from: of each patch of 2 × 2 only the largest goes on. Nine numbers are left
of 36, and a line that moves by a pixel inside its patch leaves them as they are."""
)
OUTPUT = Step(
    """A weight for each pooled number, one sum, one sigmoid: $p$ = ‹p› is the chance of upright lines. The loss is
$-(y \\log p + (1 - y) \\log(1 - p))$: ‹l›."""
)
BACK_LARGER = Step(
    """The way back through pooling is sparse: of each patch only the winner has a gradient, the factor `wins`, and only
where ReLU was open. Follow one on its card."""
)
BACK_FILTER = Step(
    """Each weight of the filter lay on 36 pixels, so its gradient is a sum of 36 products: the gradient of the map laid
over the image. That, too, is a convolution."""
)

CHAPTER = Chapter(
    54,
    "Convolution by hand",
    "A zebra, a cat and one filter of nine weights: forward, loss, the whole way back and an update, twice; then a "
    "larger image that you can draw.",
    work,
    {
        "Two images and one filter": IMAGES,
        "Multiply and add": MULTIPLY, "ReLU and pooling": RECTIFY, "Dense layer": DENSE, "Softmax and loss": SOFTMAX,
        "Back to the dense layer": TO_DENSE, "Back through pooling and ReLU": TO_MAP, "Back to the filter": TO_FILTER,
        "Update": UPDATE,
        "Multiply and add" + SECOND: Step(
            "The same again with the weights after the update. The zebra now gets ‹f'[1]› instead of ‹f[1]›, the cat "
            "‹f'[2]› instead of ‹f[2]›."),
        "ReLU and pooling" + SECOND: Step("Does the cat get through this time? It is ‹r'[2]› after ReLU."),
        "Dense layer" + SECOND: Step("The dense layer has moved as well: both its weights and its biases are new."),
        "Softmax and loss" + SECOND: Step("The loss was ‹loss›; after one update it is **‹loss'›**."),
        "Back to the dense layer" + SECOND: Step("The same way back, from the smaller loss."),
        "Back through pooling and ReLU" + SECOND: Step("A gate that stays shut stays without a gradient: hold "
                                                       "`step` here against the first iteration."),
        "Back to the filter" + SECOND: Step("The gradients are smaller than before where the network is surer."),
        "Update" + SECOND: Step("Two updates done. In training this goes on thousands of times; nothing new is added."),
        "A larger image": LARGER, "ReLU and pooling of the larger image": POOL,
        "One output for the larger image": OUTPUT, "Back to the larger map": BACK_LARGER,
        "Back to the filter of the larger image": BACK_FILTER,
    },
    Bridge(
        "A causal CNN with four filters on your series. A series is an image of one row: the panel shows the feature "
        "maps over time, and *Look closer*, *A number* opens any of them into these products and sums.",
        "cnn", {"hidden": 4, "updates": 200},
    ),
    (
        "Turn the filter by a quarter (its numbers running down instead of across): does it still tell zebra and cat "
        "apart?",
        "Make the zebra twice as dark: the filter's answer halves. Add the same grey to every pixel: it stays.",
        "Set the bias $b$ to 0.5, so that the cat passes ReLU, and look at its shares in the gradient again.",
        "Draw a digit and look for a filter that answers to its slant.",
    ),
    (
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document recognition, "
        "Proceedings of the IEEE 86, 1998",
        "I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, chapter 9",
    ),
    presets={"Draw a 7": drawing(images.SEVEN), "Draw a 1": drawing(images.ONE), "Draw a 0": drawing(images.ZERO)},
)  # fmt: skip
