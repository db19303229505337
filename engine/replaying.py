"""Any recorded moment again: the weights and the optimiser's memory of an update, bit for bit.

It goes from the nearest keyframe through the same loop that trained. Knows no particular model and writes no file.
"""

from __future__ import annotations

import dataclasses
import itertools

import numpy as np

from engine.models.contract import models
from engine.nouns.frame import Frame
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace
from engine.training.device import facts

SAME_BITS = ("torch", "device", "device_name", "threads")  # what else decides the bits, as the worker writes it down


def restore(trace: Trace, step: int) -> Frame:
    """The recorded update with all that the next one needs; training goes on from it as it did then.

    The weights are the recorded ones, whatever `promise` says; the optimiser's state is replayed between keyframes.
    A model without a state (SARIMA starts anew) has nothing to replay. KeyError where the update was not recorded.
    """
    recorded = trace.frame(step)
    if recorded.state is not None or trace.keyframe(step) is None:
        return recorded
    return dataclasses.replace(recorded, state=_replayed(trace, step).state)


def difference(trace: Trace, step: int) -> float:
    """The largest difference between a recorded weight of that update and the same weight replayed here; 0 is exact."""
    recorded = trace.stack("weights", [step])[0]
    return float(np.max(np.abs(_replayed(trace, step).signals["weights"] - recorded), initial=0))


def promise(trace: Trace) -> str | None:
    """Why a replay here may differ in its last bits from what was recorded; None where it is exact."""
    here = facts()
    others = [name for name in SAME_BITS if name in trace.facts and trace.facts[name] != here[name]]
    if not others:
        return None
    said = ", ".join(f"{_WORDS[name]} was {trace.facts[name]} and is {here[name]}" for name in others)
    return f"A replay here is not exact to the last bit: {said}. What was recorded is shown as it was."


_WORDS = {"torch": "torch", "device": "the device", "device_name": "the processor", "threads": "the number of threads"}


def _replayed(trace: Trace, step: int) -> Frame:
    """The update as the loop makes it again, from the last keyframe before it (a keyframe too, where there is one).

    A fork's file holds the state at the fork, so that no replay crosses it.
    """
    start = trace.keyframe(step - 1)
    last = None if start is None else trace.frame(start)
    run, series = made_under(trace.run, trace.series, step)
    frames = models()[run.model].fit(run, series, last)
    return next(itertools.islice(frames, step - (-1 if last is None else last.step) - 1, None))
