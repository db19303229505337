"""The weights of one recurrent neuron and of what reads it, which two lessons share. Knows neither."""

from __future__ import annotations

from dataclasses import dataclass

from engine.working.number import Worked


@dataclass(frozen=True)
class Weights:
    """As they are in one iteration."""

    w_x: Worked
    w_h: Worked
    b: Worked
    v: Worked
    c: Worked
