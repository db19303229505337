"""What becomes of lesson 62's chain when it is trained, under one remedy or another. Knows no page.

Not worked number by number: many updates in plain arithmetic, from the numbers of the sheet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from engine.working.sheet import Sheet

UPDATES = 60
GENTLER = 100  # how many times smaller the smaller learning rate is
Gradient = tuple[float, float, float]


@dataclass(frozen=True)
class Remedy:
    """How the chain is trained. clip: what is done to the gradient before an update."""

    rate: float
    saturates: bool = False
    clip: Callable[[Gradient], Gradient] = lambda gradient: gradient


@dataclass(frozen=True)
class Course:
    """Loss and length of the gradient before each update; NaN from where float64 held them no more."""

    losses: tuple[float, ...]
    norms: tuple[float, ...]


def remedies(theta: float, rate: float) -> dict[str, Remedy]:
    """The remedies of the lesson, each by itself, after none at all."""
    none = Remedy(rate)
    return {
        "none": none,
        "clipped by norm": replace(none, clip=lambda gradient: by_norm(gradient, theta)),
        "clipped by value": replace(none, clip=lambda gradient: by_value(gradient, theta)),
        "smaller learning rate": replace(none, rate=rate / GENTLER),
        "tanh in place of relu": replace(none, saturates=True),
    }


def by_norm(gradient: Gradient, theta: float) -> Gradient:
    """Shortened to theta where it is longer: its direction stays (Pascanu et al. 2013, algorithm 1)."""
    scale = min(1.0, theta / (math.hypot(*gradient) or 1.0))
    return gradient[0] * scale, gradient[1] * scale, gradient[2] * scale


def by_value(gradient: Gradient, theta: float) -> Gradient:
    a, b, c = (min(max(one, -theta), theta) for one in gradient)
    return a, b, c


def course(sheet: Sheet, remedy: Remedy, updates: int = UPDATES) -> Course:
    """The chain trained from the numbers of the sheet."""
    x = [number.value for number in sheet.numbers.values() if number.place.array == "x"]
    weights = (sheet.value("w_x"), sheet.value("w_h"), sheet.value("b"))
    losses, norms = [], []
    for _ in range(updates + 1):
        loss, gradient = step(x, sheet.value("y"), sheet.value("h_0"), weights, remedy.saturates)
        losses.append(loss)
        norms.append(math.hypot(*gradient))
        moved = (w - remedy.rate * g for w, g in zip(weights, remedy.clip(gradient), strict=True))
        weights = next(moved), next(moved), next(moved)
    return Course(tuple(losses), tuple(norms))


def step(x: Sequence[float], y: float, h_0: float, weights: Gradient, saturates: bool) -> tuple[float, Gradient]:
    """Loss and gradient of the chain, by hand: forward, then back from the last step to the first."""
    w_x, w_h, b = weights
    states = [h_0]
    for value in x:
        z = w_x * value + w_h * states[-1] + b
        states.append(math.tanh(z) if saturates else max(z, 0.0) if math.isfinite(z) else math.nan)
    error = states[-1] - y
    above, gradient = 2 * error, [0.0, 0.0, 0.0]
    for t in range(len(x), 0, -1):
        slope = 1 - states[t] ** 2 if saturates else float(states[t] > 0)
        through = above * slope
        for n, beside in enumerate((x[t - 1], states[t - 1], 1.0)):
            gradient[n] += through * beside
        above = through * w_h
    return error * error, (gradient[0], gradient[1], gradient[2])
