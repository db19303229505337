"""The formula of an update's learning rate, as `engine.training.schedules` computes it. Knows no network."""

from __future__ import annotations

import math
from collections.abc import Callable

from engine.explaining.formula import Formula, Known, Literal, Power, Product, Quotient, call, minus, plus
from engine.training.settings import NetworkSettings

Setting = Callable[[str], Known]

INITIAL, WARMUP, DECAY, DECAY_EVERY, UPDATES = "initial_rate", "warmup", "decay", "decay_every", "updates"


def decided(settings: NetworkSettings) -> dict[str, float]:
    """What the schedule is made of, by name."""
    chosen = (settings.learning_rate, settings.warmup, settings.decay, settings.decay_every, settings.updates)
    return dict(zip((INITIAL, WARMUP, DECAY, DECAY_EVERY, UPDATES), map(float, chosen), strict=True))


def rate(settings: NetworkSettings, update: int, one: Setting) -> Formula | None:
    """How the rate of that update came about; None where it is the setting itself."""
    initial, now = one(INITIAL), one("update")
    if update <= settings.warmup:
        return Quotient(Product((initial, now)), one(WARMUP))
    after = minus(minus(now, one(WARMUP)) if settings.warmup else now, Literal(1.0))
    if settings.schedule == "step":
        return Product((initial, Power(one(DECAY), call("floor", Quotient(after, one(DECAY_EVERY))))))
    if settings.schedule == "cosine":
        whole = minus(one(UPDATES), one(WARMUP)) if settings.warmup else one(UPDATES)
        swing = call("cos", Quotient(Product((Literal(math.pi), after)), whole))
        return Quotient(Product((initial, plus(Literal(1.0), swing))), Literal(2.0))
    return None
