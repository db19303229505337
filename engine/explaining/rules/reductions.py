"""Rules of many numbers made one: sum, mean and variance."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

import torch

from engine.explaining.formula import Formula, Literal, Number, Quotient, minus, plus, square, times
from engine.explaining.rules.contract import Given, Index, Made, Plain, Rule

ONE, TWO = Literal(1.0), Literal(2.0)


@dataclass(frozen=True)
class Reduction(Plain):
    """One number out of all numbers along some axes (all axes where none is named)."""

    title: str
    whole: Callable[[list[Formula], Given, Index], Formula]
    """The result out of its members."""
    slope: Callable[[Formula, int, Given, Index], Formula]
    """Its derivative by one of n members."""
    arguments: tuple[str, ...] = ("input", "dim", "keepdim")

    def value(self, given: Given, index: Index) -> Formula:
        x, gone = given["input"], _gone(given)
        kept = iter(at for axis, at in enumerate(index) if not (given.get("keepdim") and axis in gone))
        ranges = [range(size) if axis in gone else [next(kept)] for axis, size in enumerate(x.shape)]
        return self.whole([Number(x, place, "input") for place in product(*ranges)], given, index)

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        x, gone, keep = given[argument], _gone(given), bool(given.get("keepdim"))
        place = tuple(0 if axis in gone else at for axis, at in enumerate(index) if keep or axis not in gone)
        members = math.prod(x.shape[axis] for axis in gone)
        yield place, self.slope(Number(x, index, "input"), members, given, place)


class Variance(Reduction):
    """The mean square distance from the mean; torch divides by n - 1 unless told otherwise."""

    def beside(self, given: Given) -> dict[str, tuple[Made, torch.Tensor]]:
        x, keepdim = given["input"], bool(given.get("keepdim"))
        dim = tuple(sorted(_gone(given)))
        return {"mean": (Made("mean", torch.mean, (x, dim, keepdim), {}), x.mean(dim, keepdim))}


def _gone(given: Given) -> set[int]:
    """The axes that are summed over."""
    dim, rank = given.get("dim"), given["input"].dim()
    chosen = range(rank) if dim is None else dim if isinstance(dim, tuple | list) else [dim]
    return {axis % rank for axis in chosen}


def _degrees(members: int, given: Given) -> Literal:
    """What a variance divides by."""
    correction = given.get("correction")
    unbiased = given.get("unbiased")
    return Literal(float(members - (correction if correction is not None else unbiased in (None, True))))


def _variance(members: list[Formula], given: Given, index: Index) -> Formula:
    mean = Number(given["mean"], index, "mean", kept=True)
    return Quotient(plus(*[square(minus(member, mean)) for member in members]), _degrees(len(members), given))


def _variance_slope(x: Formula, members: int, given: Given, index: Index) -> Formula:
    return Quotient(times(TWO, minus(x, Number(given["mean"], index, "mean"))), _degrees(members, given))


SUM = Reduction("sum", lambda members, *_: plus(*members), lambda *_: ONE)
MEAN = Reduction(
    "mean",
    lambda members, *_: Quotient(plus(*members), Literal(float(len(members)))),
    lambda _, members, *__: Quotient(ONE, Literal(float(members))),
)
VARIANCE = Variance("variance", _variance, _variance_slope, ("input", "dim", "unbiased", "keepdim"))

RULES: dict[str, Rule] = {"sum": SUM, "mean": MEAN, "var": VARIANCE}
