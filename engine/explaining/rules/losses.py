"""Rules of torch's own losses, averaged over everything; the loop writes its losses in plain operators instead."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from engine.explaining.formula import Formula, Literal, Number, Quotient, call, minus, plus, square, times
from engine.explaining.rules.contract import Given, Index, Plain, Rule, Unexplained

TWO = Literal(2.0)


class SquaredError(Plain):
    """torch.nn.functional.mse_loss with its mean over everything."""

    title = "mean squared error"
    arguments: tuple[str, ...] = ("input", "target")

    def value(self, given: Given, index: Index) -> Formula:  # noqa: ARG002 - it has one result
        one, other = given["input"], given["target"]
        places = product(*map(range, one.shape))
        squares = [square(minus(Number(one, p, "forecast"), Number(other, p, "target"))) for p in places]
        return Quotient(plus(*squares), Literal(float(len(squares))))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        ends = (given["input"], given["target"])
        one, other = ends if argument == "input" else reversed(ends)
        error = minus(Number(one, index, "input"), Number(other, index, "input"))
        yield (), Quotient(times(TWO, error), Literal(float(one.numel())))


class CrossEntropy(Plain):
    """torch.nn.functional.cross_entropy: the mean over b of log(sum over k of exp(x_bk)) - x_b,class of b."""

    title = "cross entropy"
    arguments: tuple[str, ...] = ("input", "target")

    def value(self, given: Given, index: Index) -> Formula:  # noqa: ARG002 - it has one result
        rows, classes = self._shape(given)
        costs = []
        for b in range(rows):
            row = [Number(given["input"], (b, k), "input", kept=True) for k in range(classes)]
            costs.append(minus(call("log", plus(*[call("exp", x) for x in row])), row[int(given["target"][b])]))
        return Quotient(plus(*costs), Literal(float(rows)))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:  # noqa: ARG002
        rows, classes = self._shape(given)
        b, k = index
        powers = [call("exp", Number(given["input"], (b, other), "input", kept=True)) for other in range(classes)]
        share = Quotient(powers[k], plus(*powers))
        yield (), Quotient(minus(share, Literal(float(int(given["target"][b]) == k))), Literal(float(rows)))

    def _shape(self, given: Given) -> tuple[int, int]:
        if given["input"].dim() != 2 or given["target"].is_floating_point() or given.get("weight") is not None:
            raise Unexplained("Cross entropy has a rule for scores (B, classes) and one class each, unweighted.")
        rows, classes = given["input"].shape
        return rows, classes


RULES: dict[str, Rule] = {"mse_loss": SquaredError(), "cross_entropy": CrossEntropy()}
