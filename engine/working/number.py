"""A worked number and the expressions it is used in: written with + - * / ** like any other. Know no lesson."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal as OneOf

from engine.explaining.formula import (
    Formula,
    Known,
    Literal,
    Negative,
    Power,
    Quotient,
    call,
    evaluate,
    leaves,
    minus,
    plus,
    times,
)  # fmt: skip
from engine.nouns.explanation import Place

Role = OneOf["input", "target", "weight", "setting", "worked"]


class Term:
    """A formula under way, before it is given a name."""

    def __init__(self, formula: Formula) -> None:
        self.formula = formula

    def __add__(self, other: Term | float) -> Term:
        return Term(plus(self.formula, formula_of(other)))

    def __radd__(self, other: Term | float) -> Term:
        return Term(plus(formula_of(other), self.formula))

    def __sub__(self, other: Term | float) -> Term:
        return Term(minus(self.formula, formula_of(other)))

    def __rsub__(self, other: Term | float) -> Term:
        return Term(minus(formula_of(other), self.formula))

    def __mul__(self, other: Term | float) -> Term:
        return Term(times(self.formula, formula_of(other)))

    def __rmul__(self, other: Term | float) -> Term:
        return Term(times(formula_of(other), self.formula))

    def __truediv__(self, other: Term | float) -> Term:
        return Term(Quotient(self.formula, formula_of(other)))

    def __rtruediv__(self, other: Term | float) -> Term:
        return Term(Quotient(formula_of(other), self.formula))

    def __pow__(self, exponent: Term | float) -> Term:
        return Term(Power(self.formula, formula_of(exponent)))

    def __neg__(self) -> Term:
        return Term(Negative(self.formula))


class Worked(Term):
    """One number: where it stands, its value, and what it was made of.

    base: the array's name without marks. made: the formula it came from; None for what is given. operands: the keys
    of the numbers it was made of, each once, in the order in which they stand in its formula.
    """

    def __init__(self, place: Place, value: float, base: str, role: Role, made: Formula | None = None) -> None:
        super().__init__(Known(place, value, role))
        self.place, self.value, self.base, self.role, self.made = place, value, base, role, made
        self.key = str(place)
        places = dict.fromkeys(leaf.place for leaf in leaves(made) if isinstance(leaf, Known)) if made else ()
        self.operands = tuple(map(str, places))


def formula_of(term: Term | float) -> Formula:
    return term.formula if isinstance(term, Term) else Literal(float(term))


def value_of(formula: Formula) -> float:
    """In float64, from left to right; NaN where the arithmetic has no answer or none that float64 holds."""
    try:
        return evaluate(formula, lambda leaf: leaf.value if isinstance(leaf, Known) else float("nan"))
    except (ArithmeticError, ValueError, OverflowError):
        return float("nan")


def _function(name: str, *terms: Term | float) -> Term:
    return Term(call(name, *map(formula_of, terms)))


def tanh(z: Term) -> Term:
    return _function("tanh", z)


def sigmoid(z: Term) -> Term:
    return _function("sigmoid", z)


def relu(z: Term) -> Term:
    return _function("relu", z)


def exp(z: Term) -> Term:
    return _function("exp", z)


def log(z: Term) -> Term:
    return _function("log", z)


def sqrt(z: Term) -> Term:
    return _function("sqrt", z)


def largest(*terms: Term) -> Term:
    return _function("max", *terms)


def smallest(*terms: Term | float) -> Term:
    return _function("min", *terms)


def total(terms: Sequence[Term]) -> Term:
    """Their sum; of none it is 0."""
    return Term(plus(*(term.formula for term in terms))) if terms else Term(Literal(0.0))
