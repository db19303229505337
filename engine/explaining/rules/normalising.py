"""Rules of what sets numbers in relation to their neighbours: LayerNorm and softmax."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import torch

from engine.explaining.formula import Formula, Literal, Negative, Number, Quotient, call, minus, plus, times
from engine.explaining.rules.contract import Given, Index, Made, Plain, Rule

ONE = Literal(1.0)


class LayerNorm(Plain):
    """gain (v - mean) / sqrt(variance + epsilon) + shift over the last axes (Ba et al. 2016, arXiv 1607.06450)."""

    title = "layer normalisation"
    arguments = ("input", "normalized_shape", "weight", "bias", "eps")

    def beside(self, given: Given) -> dict[str, tuple[Made, torch.Tensor]]:
        x, axes = given["input"], tuple(range(-len(given["normalized_shape"]), 0))
        variance = torch.var(x, axes, correction=0, keepdim=True)
        mean = x.mean(axes, True)
        return {
            "mean": (Made("mean", torch.mean, (x, axes, True), {}), mean),
            "variance": (Made("var", torch.var, (x, axes), {"correction": 0, "keepdim": True, "mean": mean}), variance),
        }

    def value(self, given: Given, index: Index) -> Formula:
        gain, shift = self._own(given, "weight", index, "gain"), self._own(given, "bias", index, "shift")
        normalised = times(*gain, self._normalised(given, index))
        return plus(normalised, *shift)

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        x = given["input"]
        rank = len(given["normalized_shape"])
        if argument == "input":
            lead = index[:-rank]
            n = float(torch.Size(given["normalized_shape"]).numel())
            for own in product(*map(range, x.shape[-rank:])):
                place = (*lead, *own)
                shared = times(self._normalised(given, index), self._normalised(given, place))
                through = Quotient(plus(ONE, shared), Literal(n))
                inner = minus(ONE, through) if place == index else Negative(through)
                yield (
                    place,
                    times(*self._own(given, "weight", place, "gain"), Quotient(inner, self._width(given, place))),
                )
            return
        for lead in product(*map(range, x.shape[:-rank])):
            place = (*lead, *index)
            yield place, self._normalised(given, place) if argument == "weight" else ONE

    def _own(self, given: Given, name: str, index: Index, role: str) -> list[Formula]:
        parameter = given.get(name)
        return [] if parameter is None else [Number(parameter, index[len(index) - parameter.dim() :], role)]

    def _beside(self, given: Given, name: str, index: Index) -> Formula:
        rank = len(given["normalized_shape"])
        return Number(given[name], (*index[:-rank], *(0,) * rank), name, kept=True)

    def _width(self, given: Given, index: Index) -> Formula:
        return call("sqrt", plus(self._beside(given, "variance", index), Literal(float(given.get("eps", 1e-5)))))

    def _normalised(self, given: Given, index: Index) -> Formula:
        v = Number(given["input"], index, "input", kept=True)
        return Quotient(minus(v, self._beside(given, "mean", index)), self._width(given, index))


class Softmax(Plain):
    """exp(x_j) / sum over k of exp(x_k) along one axis."""

    title = "softmax"
    arguments = ("input", "dim")

    def value(self, given: Given, index: Index) -> Formula:
        powers = [call("exp", x) for x in _row(given, index, "input")]
        return Quotient(powers[index[given["dim"]]], plus(*powers))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:  # noqa: ARG002
        axis = given["dim"] % len(index)
        own = Number(given["out"], index, "result")
        for position in range(given["out"].shape[axis]):
            place = (*index[:axis], position, *index[axis + 1 :])
            out = Number(given["out"], place, "result")
            yield place, times(out, minus(ONE if place == index else Literal(0.0), own))


class LogSoftmax(Softmax):
    """x_j - log(sum over k of exp(x_k)) along one axis."""

    title = "logarithm of softmax"

    def value(self, given: Given, index: Index) -> Formula:
        row = _row(given, index, "input")
        return minus(row[index[given["dim"]]], call("log", plus(*[call("exp", x) for x in row])))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:  # noqa: ARG002
        axis = given["dim"] % len(index)
        share = call("exp", Number(given["out"], index, "result"))
        for position in range(given["out"].shape[axis]):
            place = (*index[:axis], position, *index[axis + 1 :])
            yield place, minus(ONE if place == index else Literal(0.0), share)


def _row(given: Given, index: Index, role: str) -> list[Formula]:
    """All inputs that one result is set in relation to."""
    axis = given["dim"] % len(index)
    before, after = index[:axis], index[axis + 1 :]
    return [Number(given["input"], (*before, k, *after), role, kept=True) for k in range(given["input"].shape[axis])]


RULES: dict[str, Rule] = {"layer_norm": LayerNorm(), "softmax": Softmax(), "log_softmax": LogSoftmax()}
