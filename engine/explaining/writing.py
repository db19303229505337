"""Formulas as text, in names or in digits that hold: what is printed, evaluated, gives what is printed.

Knows no network. The grammar: + - * / ^, parentheses, and the functions of `engine.explaining.formula`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.explaining.formula import (
    Call,
    Formula,
    Known,
    Leaf,
    Literal,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    evaluate,
)  # fmt: skip

SUM, PRODUCT, POWER, ATOM = range(4)  # how tightly a text holds together
MOST_TERMS = 6  # of a sum in its short form
FEWEST_DIGITS, MOST_DIGITS = 4, 6  # significant ones, of a result
OPERAND_DIGITS = (4, 6, 9, 17)  # 9 hold every float32, 17 every float64

Write = Callable[[Known], str]


def names(formula: Formula, cut: bool = False) -> str:
    """The formula with places instead of numbers."""
    return _text(formula, lambda leaf: str(leaf.place), cut)[0]


def in_full(name: str, formula: Formula, result: float) -> str:
    """`name = formula = digits`, the operands as short as the digits of the result allow."""
    for digits in OPERAND_DIGITS:
        shown = _agreeing(_computed(formula, digits), result)
        if shown:
            break
    else:
        shown = _agreeing_decimals(_computed(formula, digits), result)
    return f"{name} = {_text(formula, lambda leaf: _digits(leaf, digits), False)[0]} = {shown}"


def in_short(name: str, formula: Formula, result: float) -> str:
    """The same in four digits and with long sums cut: to be read, not to be checked."""
    return f"{name} = {_text(formula, lambda leaf: _digits(leaf, FEWEST_DIGITS), True)[0]} = {result:.4g}"


def _computed(formula: Formula, digits: int) -> float:
    """What the formula gives with operands of that many digits; NaN where a run gone wild left float64."""
    try:
        return evaluate(formula, lambda leaf: float(_digits(leaf, digits)))
    except ArithmeticError:
        return float("nan")


def _digits(leaf: Leaf, digits: int) -> str:
    if isinstance(leaf, Number):
        raise TypeError("a number was not traced to its place before it was written")
    return f"{leaf.value:.{digits}g}" if digits < OPERAND_DIGITS[-1] else repr(leaf.value)


def _agreeing(computed: float, result: float) -> str:
    """The result in the most digits that both have in common; "" where these are too few."""
    for digits in range(MOST_DIGITS, FEWEST_DIGITS - 1, -1):
        if f"{computed:.{digits}g}" == f"{result:.{digits}g}":
            return f"{result:.{digits}g}"
    return ""


def _agreeing_decimals(computed: float, result: float) -> str:
    """Where terms cancel, the result has fewer true digits than they: as many decimals as both have in common."""
    if not math.isfinite(computed) or not math.isfinite(result):
        return f"{result:g}"
    for decimals in range(45, -39, -1):  # what float32 can hold
        shown = round(result, decimals) + 0.0  # + 0.0: never "-0"
        if shown == round(computed, decimals) + 0.0:
            return f"{shown:.9g}"
    return f"{result:.9g}"


def _text(formula: Formula, write: Write, cut: bool) -> tuple[str, int]:
    """The text, and how tightly it holds together."""
    match formula:
        case Known():
            return _signed(write(formula))
        case Literal(value):
            return _signed(repr(value).removesuffix(".0"))
        case Sum(terms):
            return _sum([_within(term, PRODUCT, write, cut) for term in _few(terms, cut)], len(terms)), SUM
        case Negative(term):
            inner = _within(term, PRODUCT, write, cut)
            return f"-({inner})" if inner.startswith("-") else f"-{inner}", PRODUCT
        case Product(factors):
            first, *others = factors
            texts = [_within(first, PRODUCT, write, cut), *(_tight(factor, POWER, write, cut) for factor in others)]
            return "*".join(texts), PRODUCT
        case Quotient(above, below):
            return f"{_within(above, PRODUCT, write, cut)}/{_tight(below, POWER + 1, write, cut)}", PRODUCT
        case Power(base, exponent):
            return f"{_tight(base, ATOM, write, cut)}^{_tight(exponent, ATOM, write, cut)}", POWER
        case Call(name, arguments):
            return f"{name}({', '.join(_text(argument, write, cut)[0] for argument in arguments)})", ATOM
        case Number():
            raise TypeError("a number was not traced to its place before it was written")


def _signed(text: str) -> tuple[str, int]:
    return text, PRODUCT if text.startswith("-") else ATOM


def _within(formula: Formula, level: int, write: Write, cut: bool) -> str:
    text, held = _text(formula, write, cut)
    return text if held >= level else f"({text})"


def _tight(formula: Formula, level: int, write: Write, cut: bool) -> str:
    text, held = _text(formula, write, cut)
    return text if held >= level and not text.startswith("-") else f"({text})"


def _few(terms: tuple[Formula, ...], cut: bool) -> tuple[Formula, ...]:
    return (*terms[: MOST_TERMS - 3], *terms[-1:]) if cut and len(terms) > MOST_TERMS else terms


def _sum(texts: list[str], of: int) -> str:
    written = texts[0]
    for position, text in enumerate(texts[1:], 1):
        if len(texts) < of and position == len(texts) - 1:
            written += " + …"
        written += f" - {text[1:]}" if text.startswith("-") else f" + {text}"
    return written
