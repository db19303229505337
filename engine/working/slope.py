"""The derivative of a formula by one of its numbers, as a formula again: the rules of calculus, nothing more."""

from __future__ import annotations

from engine.explaining.formula import (
    Call,
    Formula,
    Known,
    Literal,
    Negative,
    Power,
    Product,
    Quotient,
    Sum,
    call,
    minus,
    plus,
    square,
    times,
)  # fmt: skip
from engine.nouns.explanation import Place

ZERO, ONE = Literal(0.0), Literal(1.0)


def slope(formula: Formula, by: Place, result: Formula | None = None) -> Formula:
    """d formula / d by; ZERO where `by` does not occur.

    result: what the whole formula came to, where that has a name: the slope of h = tanh(z) is then 1 - h^2.
    """
    match formula:
        case Known(place):
            return ONE if place == by else ZERO
        case Sum(terms):
            return _sum([slope(term, by) for term in terms])
        case Negative(term):
            return negative(slope(term, by))
        case Product(factors):
            return _sum([_but_one(factors, n, slope(factor, by)) for n, factor in enumerate(factors)])
        case Quotient(above, below):
            of_above, of_below = slope(above, by), slope(below, by)
            first = Quotient(of_above, below) if of_above != ZERO else ZERO
            second = product(of_below, Quotient(above, square(below)))
            return _sum([first, negative(second)])
        case Power(base, Literal(exponent)):
            lowered = base if exponent == 2 else Power(base, Literal(exponent - 1))
            return product(Literal(exponent), lowered, slope(base, by))
        case Call(name, arguments):
            inner = [slope(argument, by) for argument in arguments]
            outer = [_of_function(name, arguments, n, result or formula) if d != ZERO else ZERO for n, d in
                     enumerate(inner)]  # fmt: skip
            return _sum([product(o, i) for o, i in zip(outer, inner, strict=True)])
    return ZERO


def product(*factors: Formula) -> Formula:
    """A product that is ZERO where a factor is, and written without its ones."""
    return ZERO if ZERO in factors else times(*factors)


def negative(term: Formula) -> Formula:
    match term:
        case Literal(value):
            return Literal(-value) if value else ZERO
        case Negative(inner):
            return inner
    return Negative(term)


def _sum(terms: list[Formula]) -> Formula:
    kept = [term for term in terms if term != ZERO]
    return plus(*kept) if kept else ZERO


def _but_one(factors: tuple[Formula, ...], position: int, instead: Formula) -> Formula:
    return product(instead, *factors[:position], *factors[position + 1 :])


def _of_function(name: str, arguments: tuple[Formula, ...], position: int, out: Formula) -> Formula:
    """The slope of a function by its argument at `position`. out: what it came to."""
    z = arguments[position]
    match name:
        case "tanh":
            return minus(ONE, square(out))
        case "sigmoid":
            return times(out, minus(ONE, out))
        case "relu":
            return call("step", z)
        case "exp":
            return out
        case "log":
            return Quotient(ONE, z)
        case "sqrt":
            return Quotient(ONE, times(Literal(2.0), out))
        case "abs":
            return Quotient(z, out)
        case "max":
            return call("wins", Literal(position + 1.0), *arguments) if len(arguments) > 1 else ONE
    raise TypeError(f"{name} has no slope here")
