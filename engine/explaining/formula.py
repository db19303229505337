"""Formulas: small trees of sums, products and functions over numbers. Know neither tensors nor networks.

They can be evaluated, written in numbers and written in names; `engine.explaining.writing` chooses the digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.nouns.explanation import Place


@dataclass(frozen=True, slots=True)
class Number:
    """An entry of a tensor on the tape, not yet traced to where it was made.

    gradient: the derivative of the loss by it is meant. kept: it stays a number even where it could be written out.
    """

    tensor: Any
    index: tuple[int, ...]
    role: str
    gradient: bool = False
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """A number with its place and its value: a leaf that opens further."""

    place: Place
    value: float
    role: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A number that stands in the formula itself."""

    value: float


@dataclass(frozen=True, slots=True)
class Sum:
    terms: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    term: Formula


@dataclass(frozen=True, slots=True)
class Product:
    factors: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Quotient:
    above: Formula
    below: Formula


@dataclass(frozen=True, slots=True)
class Power:
    base: Formula
    exponent: Formula


@dataclass(frozen=True, slots=True)
class Call:
    """A function by its name, one of FUNCTIONS."""

    name: str
    arguments: tuple[Formula, ...]


Formula = Number | Known | Literal | Sum | Negative | Product | Quotient | Power | Call
Leaf = Number | Known | Literal


def plus(*terms: Formula) -> Formula:
    """A sum; sums inside it become its own terms, a sum of one is that one."""
    flat = tuple(part for term in terms for part in (term.terms if isinstance(term, Sum) else (term,)))
    return flat[0] if len(flat) == 1 else Sum(flat)


def minus(one: Formula, other: Formula) -> Formula:
    return plus(one, Negative(other))


def times(*factors: Formula) -> Formula:
    """A product without its ones."""
    kept = tuple(factor for factor in factors if factor != Literal(1.0))
    return Product(kept) if len(kept) > 1 else kept[0] if kept else Literal(1.0)


def call(name: str, *arguments: Formula) -> Formula:
    return Call(name, arguments)


def square(base: Formula) -> Formula:
    return Power(base, Literal(2.0))


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


FUNCTIONS: dict[str, Callable[..., float]] = {
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda z: max(z, 0.0),
    "exp": math.exp,
    "cos": math.cos,
    "floor": math.floor,
    "log": math.log,
    "sqrt": math.sqrt,
    "abs": abs,
    "max": max,
    "min": min,
    "softplus": lambda z: max(z, 0.0) + math.log1p(math.exp(-abs(z))),
    "step": lambda z: float(z > 0),
    "wins": lambda place, *among: float(among.index(max(among)) + 1 == place),  # a tie goes to the first
}


def parts(formula: Formula) -> tuple[Formula, ...]:
    """What a formula is directly made of; nothing for a leaf."""
    match formula:
        case Sum(inner) | Product(inner) | Call(_, inner):
            return inner
        case Negative(term):
            return (term,)
        case Quotient(one, other) | Power(one, other):
            return (one, other)
    return ()


def mapped(formula: Formula, change: Callable[[Formula], Formula]) -> Formula:
    """The formula with `change` done to each thing it is directly made of."""
    match formula:
        case Sum(terms):
            return plus(*map(change, terms))
        case Product(factors):
            return Product(tuple(map(change, factors)))
        case Call(name, arguments):
            return Call(name, tuple(map(change, arguments)))
        case Negative(term):
            return Negative(change(term))
        case Quotient(above, below):
            return Quotient(change(above), change(below))
        case Power(base, exponent):
            return Power(change(base), change(exponent))
    return formula


def leaves(formula: Formula) -> Iterator[Leaf]:
    """Every leaf, from left to right."""
    if isinstance(formula, Known | Number | Literal):
        yield formula
    for part in parts(formula):
        yield from leaves(part)


def evaluate(formula: Formula, read: Callable[[Known | Number], float]) -> float:
    """The value in float64, from left to right. read: what a leaf is taken for (its value, rounded, say)."""
    match formula:
        case Known() | Number():
            return read(formula)
        case Literal(value):
            return value
        case Sum(terms):
            total = evaluate(terms[0], read)
            for term in terms[1:]:
                total += evaluate(term, read)
            return total
        case Negative(term):
            return -evaluate(term, read)
        case Product(factors):
            product = evaluate(factors[0], read)
            for factor in factors[1:]:
                product *= evaluate(factor, read)
            return product
        case Quotient(above, below):
            return evaluate(above, read) / evaluate(below, read)
        case Power(base, exponent):
            return float(evaluate(base, read) ** evaluate(exponent, read))
        case Call(name, arguments):
            return FUNCTIONS[name](*[evaluate(argument, read) for argument in arguments])
