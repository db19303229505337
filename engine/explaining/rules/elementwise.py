"""Rules of what is done to each number by itself, or to each pair: sums, products, activations.

Broadcasting is theirs; which number stands where in memory is not.
"""

# ruff: noqa: ARG005 - every slope is given all arguments and the result, whichever it needs

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from engine.explaining.formula import (
    Formula,
    Literal,
    Negative,
    Number,
    Power,
    Quotient,
    call,
    evaluate,
    minus,
    plus,
    square,
    times,
)  # fmt: skip
from engine.explaining.rules.contract import Given, Index, Plain, Rule, number, reached

ONE, TWO = Literal(1.0), Literal(2.0)

Arithmetic = Callable[..., Formula]


@dataclass(frozen=True)
class Elementwise(Plain):
    """out = formula(arguments); the slope by each argument is a formula of the arguments and out."""

    title: str
    formula: Arithmetic
    by: dict[str, Arithmetic]
    """The slope by each argument, by its name, in order."""
    defaults: dict[str, float] = field(default_factory=dict)
    """Further arguments that are plain numbers, after those in `by`, and what they are when left out."""
    roles: tuple[str, ...] = ()

    @property
    def arguments(self) -> tuple[str, ...]:
        return (*self.by, *self.defaults)

    def _leaves(self, given: Given, index: Index) -> list[Formula]:
        roles = self.roles or ("input",) * len(self.by)
        tensors = [number(given[name], index, role) for name, role in zip(self.by, roles, strict=True)]
        return [*tensors, *(Literal(float(given.get(name, usual))) for name, usual in self.defaults.items())]

    def value(self, given: Given, index: Index) -> Formula:
        return self.formula(*self._leaves(given, index))

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        for place in reached(given[argument], index, given["out"]):
            out = number(given["out"], place, "result")
            yield place, self.by[argument](*self._leaves(given, place), out)


def _step(x: Formula, out: Formula) -> Formula:
    """1 where the input was positive, else 0, read from the number itself."""
    del out
    return Literal(float(_read(x) > 0))


def _sign(x: Formula, out: Formula) -> Formula:
    del out
    value = _read(x)
    return Literal(float((value > 0) - (value < 0)))


class Clamp(Plain):
    """torch.clamp with plain numbers as limits, either of which may be absent."""

    title = "limit"
    arguments = ("input", "min", "max")

    def value(self, given: Given, index: Index) -> Formula:
        x: Formula = Number(given["input"], index, "input")
        for name, limit in (("max", given.get("min")), ("min", given.get("max"))):
            x = call(name, x, Literal(float(limit))) if limit is not None else x
        return x

    def slopes(self, given: Given, argument: str, index: Index) -> Iterator[tuple[Index, Formula]]:
        value = given[argument][index].item()
        low, high = given.get("min"), given.get("max")
        inside = (low is None or value >= low) and (high is None or value <= high)
        yield index, Literal(float(inside))


def _read(x: Formula) -> float:
    return evaluate(x, lambda leaf: leaf.tensor[leaf.index].item() if isinstance(leaf, Number) else leaf.value)


def _power_slope(x: Formula, n: Formula, out: Formula) -> Formula:  # noqa: ARG001
    exponent = _read(n)
    return times(n, x) if exponent == 2 else times(n, Power(x, Literal(exponent - 1)))


def _one(title: str, name: str, slope: Arithmetic) -> Elementwise:
    return Elementwise(title, lambda x: call(name, x), {"input": slope})


ADD = Elementwise(
    "sum", lambda a, b, k: plus(a, times(k, b)),
    {"input": lambda *_: ONE, "other": lambda a, b, k, out: k}, {"alpha": 1.0},
)  # fmt: skip
SUBTRACT = Elementwise(
    "difference", lambda a, b, k: minus(a, times(k, b)),
    {"input": lambda *_: ONE, "other": lambda a, b, k, out: Literal(-_read(k))}, {"alpha": 1.0},
)  # fmt: skip
SUBTRACT_FROM = Elementwise(
    "difference", lambda a, b: minus(b, a), {"input": lambda *_: Literal(-1.0), "other": lambda *_: ONE}
)
MULTIPLY = Elementwise("product", times, {"input": lambda a, b, out: b, "other": lambda a, b, out: a})
DIVIDE = Elementwise(
    "quotient", Quotient,
    {"input": lambda a, b, out: Quotient(ONE, b), "other": lambda a, b, out: Negative(Quotient(a, square(b)))},
)  # fmt: skip
DIVIDE_INTO = Elementwise(
    "quotient", lambda a, b: Quotient(b, a),
    {"input": lambda a, b, out: Negative(Quotient(b, square(a))), "other": lambda a, b, out: Quotient(ONE, a)},
)  # fmt: skip
POWER = Elementwise("power", Power, {"input": _power_slope, "exponent": lambda *_: Literal(float("nan"))})
SQUARE = Elementwise("square", square, {"input": lambda x, out: times(TWO, x)})
NEGATE = Elementwise("negative", Negative, {"input": lambda *_: Literal(-1.0)})
RECIPROCAL = Elementwise("reciprocal", lambda x: Quotient(ONE, x), {"input": lambda x, out: Negative(square(out))})
INVERSE_ROOT = Elementwise(
    "reciprocal root", lambda x: Quotient(ONE, call("sqrt", x)),
    {"input": lambda x, out: Negative(Quotient(Power(out, Literal(3.0)), TWO))},
)  # fmt: skip
SILU = Elementwise(
    "SiLU", lambda x: times(x, call("sigmoid", x)),
    {"input": lambda x, out: plus(call("sigmoid", x), times(out, minus(ONE, call("sigmoid", x))))},
)  # fmt: skip
LERP = Elementwise(
    "mixture", lambda start, end, share: plus(start, times(share, minus(end, start))),
    {
        "input": lambda start, end, share, out: minus(ONE, share),
        "end": lambda start, end, share, out: share,
        "weight": lambda start, end, share, out: minus(end, start),
    },
)  # fmt: skip
ADD_PRODUCT = Elementwise(
    "sum", lambda a, b, c, k: plus(a, times(k, b, c)),
    {
        "input": lambda *_: ONE,
        "tensor1": lambda a, b, c, k, out: times(k, c),
        "tensor2": lambda a, b, c, k, out: times(k, b),
    },
    {"value": 1.0},
)  # fmt: skip

RULES: dict[str, Rule] = {
    "add": ADD, "__radd__": ADD, "sub": SUBTRACT, "subtract": SUBTRACT, "__rsub__": SUBTRACT_FROM,
    "rsub": SUBTRACT_FROM, "mul": MULTIPLY, "multiply": MULTIPLY, "__rmul__": MULTIPLY,
    "div": DIVIDE, "divide": DIVIDE, "true_divide": DIVIDE, "__rdiv__": DIVIDE_INTO, "__rtruediv__": DIVIDE_INTO,
    "pow": POWER, "__pow__": POWER, "square": SQUARE, "neg": NEGATE, "negative": NEGATE,
    "reciprocal": RECIPROCAL, "rsqrt": INVERSE_ROOT, "silu": SILU, "lerp": LERP, "addcmul": ADD_PRODUCT,
    "tanh": _one("hyperbolic tangent", "tanh", lambda x, out: minus(ONE, square(out))),
    "sigmoid": _one("sigmoid", "sigmoid", lambda x, out: times(out, minus(ONE, out))),
    "relu": _one("rectifier", "relu", _step),
    "exp": _one("exponential", "exp", lambda x, out: out),
    "log": _one("logarithm", "log", lambda x, out: Quotient(ONE, x)),
    "sqrt": _one("square root", "sqrt", lambda x, out: Quotient(ONE, times(TWO, out))),
    "abs": _one("absolute value", "abs", _sign),
    "clamp": Clamp(), "clip": Clamp(),
    "softplus": _one("softplus", "softplus", lambda x, out: call("sigmoid", x)),
}  # fmt: skip
