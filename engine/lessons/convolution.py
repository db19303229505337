"""Lesson 54, convolution by hand: two images of 3 x 3 for two updates, then one of 8 x 8. Knows no page.

    P = K * X;  f = sum of P + b;  r = relu(f);  m = the largest of a patch of r;  o = U m + d
    two images: q = softmax(o), loss = mean of -log q of the true class
    8 x 8: q = sigmoid(o), loss = -(y log q + (1 - y) log(1 - q))

LeCun et al. 1998 for the architecture; Goodfellow, Bengio and Courville 2016, chapter 9, for the way back.
"""

from __future__ import annotations

from dataclasses import dataclass

from engine.lessons import images
from engine.working.backward import Backward
from engine.working.number import Term, Worked, exp, largest, log, relu, sigmoid, total
from engine.working.sheet import Cells, Sheet

NAMES = ("zebra", "cat")
KERNEL = range(1, 4)
MAP = range(1, 7)  # 8 x 8 without a border, under a kernel of 3 x 3
POOLED = range(1, 4)  # patches of 2 x 2


@dataclass(frozen=True)
class Weights:
    """The filter and its bias, the dense layer and its bias, as they are in one iteration."""

    K: Cells
    b: Worked
    U: Cells
    d: Cells


def work(sheet: Sheet) -> None:
    """Every number of the lesson."""
    sheet.labels |= {"image": NAMES, "class": NAMES}
    with sheet.step("Two images and one filter"):
        X = {name: sheet.given(f"X_{name}", images.cells(grey), "input", f"the {name}", ("row", "column"), grey=True)
             for name, grey in zip(NAMES, (images.ZEBRA, images.CAT), strict=True)}  # fmt: skip
        K = sheet.given("K", images.cells(images.LINES), "weight", "the filter", ("row", "column"))
        b = sheet.given("b", 0.0, "weight", "bias of the filter")
    U = sheet.given("U", {1: 1.0, 2: -1.0}, "weight", "dense layer", ("class",))
    d = sheet.given("d", {1: 0.0, 2: 0.0}, "weight", "bias of the dense layer", ("class",))
    eta = sheet.given("eta", 0.5, "setting", "learning rate")
    weights = Weights(K, b, U, d)
    for when in ("", ", second iteration"):
        weights = _update(sheet, weights, X, eta, when)
        sheet.next_iteration()
    sheet.iteration = 0
    _larger(sheet)


def _update(sheet: Sheet, weights: Weights, X: dict[str, Cells], eta: Worked, when: str) -> Weights:
    """Forward, loss, the whole way back, and the weights after it."""
    P, f = _convolve(sheet, weights, X, when)
    with sheet.step(f"ReLU and pooling{when}"):
        sheet.declare("r", "after ReLU", "image")
        sheet.declare("m", "after pooling", "image")
        r = {n: sheet.let("r", n, relu(f[n])) for n in (1, 2)}
        m = {n: sheet.let("m", n, r[n]) for n in (1, 2)}
    o, loss = _classify(sheet, weights, m, when)
    back = Backward(sheet, loss)
    with sheet.step(f"Back to the dense layer{when}"):
        back.to(o)
        gradients = {"U": back.to(weights.U), "d": back.to(weights.d)}
    with sheet.step(f"Back through pooling and ReLU{when}"):
        back.to(m, r, f)
    with sheet.step(f"Back to the filter{when}"):
        back.to(*P.values())
        gradients |= {"K": back.to(weights.K), "b": back.to(weights.b)}
    with sheet.step(f"Update{when}"):
        return Weights(**{name: sheet.update(getattr(weights, name), gradients[name], eta) for name in "KbUd"})


def _convolve(sheet: Sheet, weights: Weights, X: dict[str, Cells], when: str) -> tuple[dict[str, Cells], Cells]:
    for name in NAMES:
        sheet.declare(f"P_{name}", f"filter times {name}", "row", "column")
    sheet.declare("f", "feature map", "image")
    with sheet.step(f"Multiply and add{when}"):
        P = {name: {at: sheet.let(f"P_{name}", at, weights.K[at] * X[name][at]) for at in weights.K} for name in NAMES}
        f: Cells = {n: sheet.let("f", n, total(list(P[name].values())) + weights.b) for n, name in enumerate(NAMES, 1)}
    return P, f


def _classify(sheet: Sheet, weights: Weights, m: Cells, when: str) -> tuple[Cells, Worked]:
    """Dense layer, softmax and loss. The outputs by image and class, and the loss."""
    for name, title in {"o": "outputs", "e": "exp of the outputs", "q": "softmax"}.items():
        sheet.declare(name, title, "image", "class")
    sheet.declare("S", "sum over the classes", "image")
    sheet.declare("loss", "loss")
    both = (1, 2)
    with sheet.step(f"Dense layer{when}"):
        o: Cells = {(n, k): sheet.let("o", (n, k), weights.U[k] * m[n] + weights.d[k]) for n in both for k in both}
    with sheet.step(f"Softmax and loss{when}"):
        e: Cells = {at: sheet.let("e", at, exp(o[at])) for at in o}
        S = {n: sheet.let("S", n, e[n, 1] + e[n, 2]) for n in both}
        q: Cells = {(n, k): sheet.let("q", (n, k), e[n, k] / S[n]) for n, k in o}
        loss = sheet.let("loss", (), -(log(q[1, 1]) + log(q[2, 2])) / 2)
    return o, loss


def _larger(sheet: Sheet) -> None:
    """A filter over an image of 8 x 8, forwards and back."""
    with sheet.step("A larger image"):
        image = sheet.given("X", images.inked(images.SEVEN), "input", "the image", ("row", "column"), grey=True)
        G = sheet.given("G", images.cells(images.LINES), "weight", "the filter", ("row", "column"))
        sheet.declare("F", "feature map", "row", "column")
        F: Cells = {(i, j): sheet.let("F", (i, j), _patch(image, G, i, j)) for i in MAP for j in MAP}
    with sheet.step("ReLU and pooling of the larger image"):
        sheet.declare("R", "after ReLU", "row", "column")
        sheet.declare("M", "after pooling", "row", "column")
        R = {at: sheet.let("R", at, relu(F[at])) for at in F}
        M = {(i, j): sheet.let("M", (i, j), largest(*_four(R, i, j))) for i in POOLED for j in POOLED}
    V = sheet.given("V", dict.fromkeys(M, 0.3), "weight", "dense layer", ("row", "column"))
    c = sheet.given("c", -0.5, "weight", "bias of the dense layer")
    y = sheet.given("y", 1.0, "target", "1 where there are upright lines")
    with sheet.step("One output for the larger image"):
        sheet.declare("a", "output")
        sheet.declare("p", "sigmoid")
        sheet.declare("l", "loss")
        a = sheet.let("a", (), total([V[at] * M[at] for at in M]) + c)
        p = sheet.let("p", (), sigmoid(a))
        loss = sheet.let("l", (), -(y * log(p) + (1 - y) * log(1 - p)))
    back = Backward(sheet, loss, shares=False)
    with sheet.step("Back to the larger map"):
        back.to(a, V, c, M, R, F)
    with sheet.step("Back to the filter of the larger image"):
        back.to(G)


def _patch(image: Cells, G: Cells, i: int, j: int) -> Term:
    return total([G[r, s] * image[i + r - 1, j + s - 1] for r in KERNEL for s in KERNEL])


def _four(R: Cells, i: int, j: int) -> list[Worked]:
    return [R[2 * i - 1 + below, 2 * j - 1 + right] for below in (0, 1) for right in (0, 1)]
