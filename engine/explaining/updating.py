"""Formulas from a gradient to a new weight: norms, clipping, and the optimisers. Know no network and no tape.

They say what `engine.training.optimisers` does to each number.
"""

from __future__ import annotations

from collections.abc import Callable

from engine.explaining.formula import (
    Formula,
    Known,
    Literal,
    Negative,
    Power,
    Product,
    Quotient,
    call,
    minus,
    plus,
    square,
    times,
)  # fmt: skip
from engine.nouns.explanation import Part
from engine.training.optimisers import BETA_1, BETA_2, EPSILON, MOMENTUM

Read = Callable[[Part, str], Known]
"""The number that a part of the update has for this weight, with its role."""
Setting = Callable[[str], Known]


def norm(members: list[Known]) -> Formula:
    """The length of a vector."""
    return call("sqrt", plus(*map(square, members)))


def factor(norm: Known, threshold: Known) -> Formula:
    """What clipping by norm multiplies each gradient by."""
    return call("min", Literal(1.0), Quotient(threshold, norm))


def clipped(gradient: Known, factor: Known) -> Formula:
    return Product((gradient, factor))


def limited(gradient: Known, threshold: Known) -> Formula:
    """What clipping by value does to each gradient by itself."""
    return call("max", Negative(threshold), call("min", threshold, gradient))


def _sgd(read: Read, setting: Setting) -> Formula:
    return minus(read("value", "weight"), times(setting("learning_rate"), read("clipped", "gradient")))


def _velocity(read: Read, setting: Setting) -> Formula:  # noqa: ARG001 - every memory is made alike
    return plus(times(Literal(MOMENTUM), read("velocity before", "memory")), read("clipped", "gradient"))


def _momentum(read: Read, setting: Setting) -> Formula:
    return minus(read("value", "weight"), times(setting("learning_rate"), read("velocity", "memory")))


def _mean(read: Read, setting: Setting) -> Formula:  # noqa: ARG001
    share = minus(Literal(1.0), Literal(BETA_1))
    return plus(times(Literal(BETA_1), read("mean before", "memory")), times(share, read("clipped", "gradient")))


def _square(read: Read, setting: Setting) -> Formula:  # noqa: ARG001
    share = minus(Literal(1.0), Literal(BETA_2))
    before = times(Literal(BETA_2), read("square before", "memory"))
    return plus(before, times(share, square(read("clipped", "gradient"))))


def _adam(read: Read, setting: Setting) -> Formula:
    update = setting("update")
    mean = Quotient(read("mean", "memory"), minus(Literal(1.0), Power(Literal(BETA_1), update)))
    deviation = call("sqrt", Quotient(read("square", "memory"), minus(Literal(1.0), Power(Literal(BETA_2), update))))
    step = Quotient(times(setting("learning_rate"), mean), plus(deviation, Literal(EPSILON)))
    return minus(read("value", "weight"), step)


Update = Callable[[Read, Setting], Formula]
UPDATES: dict[str, dict[Part, Update]] = {
    "sgd": {"updated": _sgd},
    "momentum": {"velocity": _velocity, "updated": _momentum},
    "adam": {"mean": _mean, "square": _square, "updated": _adam},
}
"""By optimiser: each part of the update in the order it is made, the new weight last."""
