"""From a number on a tape to the formula that made it, and to the formula of its gradient.

Forward a rule says how a number came about. Backward, the gradient of a number is the sum, over everything that was
made of it, of local slope times gradient above. Knows no operation, no model and no update.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator

import torch

from engine.errors import Lesson
from engine.explaining.data import Data
from engine.explaining.formula import (
    Call,
    Formula,
    Known,
    Literal,
    Negative,
    Number,
    Power,
    Sum,
    evaluate,
    leaves,
    mapped,
    plus,
    times,
)
from engine.explaining.movements import Index
from engine.explaining.names import LOSS
from engine.explaining.passes import Pass
from engine.explaining.rules.contract import CONSTANTS
from engine.explaining.tape import Operation
from engine.nouns.explanation import Place

SHOWN = ("x", "y", "known")  # what a network is given of the person's series
TIMES = ("t", "ahead")  # the axes along which a network uses the same weight again
SHORT = 4  # numbers a formula may have to be written out inside a long sum
WHOLE = 12  # terms of a gradient that are written out even where they came by several uses
MANY = 128  # terms of a gradient by one use that are not split by windows

Term = tuple[Index, Formula, torch.Tensor]


class Tracing:
    """Formulas for the places of one pass."""

    def __init__(self, run: Pass, data: Data) -> None:
        self.run, self.names, self.movements, self.tape, self.data = run, run.names, run.movements, run.tape, data

    def forward(self, place: Place) -> tuple[str, Formula | None]:
        """What was done to make the number, and the formula; None for data, weights and constants."""
        home = self.names.number(place)
        made = home and self._maker(home[0])
        if home is None or (made and made.name in CONSTANTS):
            return "constant", None
        if not made:
            return self._given(place)
        return made.rule.title, self._opened(made.rule.value(made.given, home[1]))

    def _given(self, place: Place) -> tuple[str, Formula | None]:
        """What came from outside: a weight, or data, opened down to the series where it was made of it."""
        if place.array in self.names.parameters:
            return "weight", None
        window = place.window if isinstance(place.window, int) else 0
        formula = self.data.opened(place, window, self.run.at(place)) if place.array in SHOWN else None
        return "preparation of the series" if formula else "data", formula

    def backward(self, place: Place) -> tuple[str, Formula | None]:
        """The gradient of the loss by the number: local slope times gradient above, over all that used it."""
        if place.array == LOSS:
            return "constant", None
        shares = self._shares(place)
        terms = [term for share in shares for term in share]
        if not terms:
            return "used by nothing", Literal(0.0)
        if len(shares) == 1 or len(terms) <= WHOLE:
            return "slope times gradient above", plus(*map(self._traced, terms))
        axes = (*place.axes, "use")
        return "sum over all uses", plus(*[
            Known(
                dataclasses.replace(place, index=(*place.index, use), axes=axes, part="share"),
                evaluate(plus(*share), self._read), self._through(share),
            )
            for use, share in enumerate(shares)
        ])  # fmt: skip

    def share(self, place: Place) -> tuple[str, Formula]:
        """What one use of a number adds to its gradient: its last index says which."""
        *index, use = place.index or (0,)
        whole = dataclasses.replace(place, index=tuple(index), axes=place.axes[: len(index)], part="gradient")
        shares = self._shares(whole)
        if use >= len(shares):
            raise Lesson(f"“{place}” is no share of a gradient.", f"It has {len(shares)} uses.", "Choose one of them.")
        return "slope times gradient above", plus(*map(self._traced, shares[use]))

    def _shares(self, place: Place) -> list[list[Formula]]:
        """The terms of a number's gradient, one list for each use of it; of one use with many, one for each window."""
        home = self.names.number(place)
        if home is None or not home[0].requires_grad:
            raise Lesson(
                f"“{place.array}” has no gradient of its own here.",
                "It is a constant, or a part of an operation whose slope is taken as a whole.",
                "Look at the gradient of what it was made of.",
            )
        uses = [list(self._terms(*use)) for use in self.movements.uses(*self._followed(*home))]
        uses = [terms for terms in uses if terms]
        if len(uses) == 1 and len(uses[0]) > MANY:
            windows: dict[int, list[Term]] = {}
            for term in uses[0]:
                windows.setdefault(term[0][0], []).append(term)
            uses = list(windows.values())
        return [[times(slope, _above(out, index)) for index, slope, out in terms] for terms in uses]

    def _terms(self, operation: Operation, seen: torch.Tensor, where: Index) -> Iterator[Term]:
        """(index of a result, slope of it, the results) of everything one operation made of one of its inputs."""
        out = operation.outputs[0]
        if out.requires_grad and out.grad is not None:
            for argument in operation.rule.arguments:
                if operation.given.get(argument) is seen:
                    for index, slope in operation.rule.slopes(operation.given, argument, where):
                        yield index, slope, out

    def _followed(self, tensor: torch.Tensor, index: Index) -> tuple[torch.Tensor, Index]:
        """Where the gradient of a number without a name was only handed on: its one use, of slope one."""
        while not self.names.is_own(tensor, index):
            uses = self.movements.uses(tensor, index)
            terms = list(itertools.islice(self._terms(*uses[0]), 2)) if len(uses) == 1 else []
            if len(terms) != 1 or terms[0][1] != Literal(1.0):
                break
            index, _, tensor = terms[0]
        return tensor, index

    def _through(self, share: list[Formula]) -> str:
        """Which use a share belongs to, in words: "through hidden.1/linear.2 at t 3"."""
        above = next(leaf for leaf in leaves(share[-1]) if isinstance(leaf, Number) and leaf.gradient)
        place = self.names.place(above.tensor, above.index)
        at = [f"{axis} {number}" for axis, number in zip(place.axes, place.index, strict=True) if axis in TIMES]
        return " at ".join([f"through {place.array}", *(at or [f"window {place.window}"])])

    def _opened(self, formula: Formula) -> Formula:
        """The formula with every number traced; numbers without a name of their own are written out in it.

        Not as factors of products and quotients, which stay numbers, and in long sums only where they are short.
        """
        match formula:
            case Number():
                return self._written_out(formula, None)
            case Sum(terms):
                room = None if len(terms) <= 3 else SHORT
                return plus(*[self._written_out(t, room) if isinstance(t, Number) else self._opened(t) for t in terms])
            case Negative() | Power() | Call():
                return mapped(formula, self._opened)
        return mapped(formula, lambda part: self._known(part) if isinstance(part, Number) else self._opened(part))

    def _written_out(self, number: Number, room: int | None) -> Formula:
        home = self.movements.home(number.tensor, number.index)
        made = home and self._maker(home[0])
        if not home or not made or made.name in CONSTANTS or number.kept or self.names.is_own(*home):
            return self._known(number)
        inner = self._opened(made.rule.value(made.given, home[1]))
        fits = room is None or sum(1 for _ in leaves(inner)) <= room
        return inner if fits else self._known(number)

    def _traced(self, formula: Formula) -> Formula:
        """The formula with every number as it stands where it was made."""
        return self._known(formula) if isinstance(formula, Number) else mapped(formula, self._traced)

    def _known(self, number: Number) -> Formula:
        home = self.movements.home(number.tensor, number.index)
        if home is None:
            return Literal(self.run.value(number.tensor, number.index))
        made = self._maker(home[0])
        if made and made.name in CONSTANTS:
            return Literal(self.run.value(*home))
        if number.gradient:
            above = self._followed(*home)
            return Known(self.names.place(*above, "gradient"), self.run.gradient(*above), number.role)
        return Known(self.names.place(*home), self.run.value(*home), number.role)

    def _read(self, leaf: Known | Number) -> float:
        if isinstance(leaf, Known):
            return leaf.value
        return (self.run.gradient if leaf.gradient else self.run.value)(leaf.tensor, leaf.index)

    def _maker(self, tensor: torch.Tensor) -> Operation | None:
        made = self.tape.maker.get(id(tensor))
        return made[0] if made else None


def _above(out: torch.Tensor, index: Index) -> Number:
    return Number(out, index, "gradient above", gradient=True)
