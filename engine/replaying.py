"""Any recorded moment again: the weights and the optimiser's memory of an update, bit for bit.

It goes from the nearest keyframe through the same loop that trained. Knows no particular model and writes no file.
"""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np

from engine.contract import models
from engine.errors import Lesson
from engine.nouns.frame import Frame
from engine.nouns.lineage import made_under
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.substeps import SubSteps
from engine.nouns.trace import Trace
from engine.training import device

# What else decides the bits, as the worker writes it down.
SAME_BITS = ("torch", "device", "device_name", "threads", "path", "numba", "openblas")
MOVED = "from update "  # the fact that a worker adds where it goes on elsewhere


def restore(trace: Trace, step: int) -> Frame:
    """The recorded update with all that the next one needs; training goes on from it as it did then.

    The weights are the recorded ones, whatever `promise` says; the optimiser's state is replayed between keyframes.
    A model without a state (SARIMA starts anew) has nothing to replay. KeyError where the update was not recorded.
    """
    recorded = trace.frame(step)
    if recorded.state is not None or trace.keyframe(step) is None:
        return recorded
    return dataclasses.replace(recorded, state=_replayed(trace, step).state)


def sub_steps(trace: Trace, step: int) -> SubSteps:
    """Update `step`, 1 or later, taken apart: what forward, loss, backward, clip and update each left behind.

    Raises Lesson for a model that is not trained in such steps. KeyError where the update before was not recorded.
    """
    run, series = made_under(trace.run, trace.series, step)
    lens = models()[run.model].lens
    if lens is None or step < 1:
        raise Lesson(
            f"Update {step} of this {models()[run.model].title} has no sub-steps.",
            "A network's updates, from 1 on, go forward, loss, backward, clip, update.",
            "Choose another update, or a run of a network.",
        )
    before = restore(trace, step - 1)
    with device.on(device.possible(path_of(trace, step))):
        return lens.sub_steps(run, series, before)


def difference(trace: Trace, step: int) -> float:
    """The largest difference between a recorded weight of that update and the same weight replayed here; 0 is exact."""
    recorded = trace.stack("weights", [step])[0]
    return float(np.max(np.abs(_replayed(trace, step).signals["weights"] - recorded), initial=0))


def promise(trace: Trace) -> str | None:
    """Why a replay here may differ in its last bits from what was recorded; None where it is exact."""
    said = []
    for since, made_on in [(0, trace.facts), *moves(trace)]:
        with device.on(device.possible(made_on.get("path"))):
            here = device.facts()
        others = [n for n in SAME_BITS if n in made_on and n in here and made_on[n] != here[n]]
        if others:
            differ = ", ".join(f"{_WORDS[name]} was {made_on[name]} and is {here[name]}" for name in others)
            said.append(f"from update {since} on {differ}" if since else differ)
    if not said:
        return None
    return f"A replay here is not exact to the last bit: {'; '.join(said)}. What was recorded is shown as it was."


def moves(trace: Trace) -> list[tuple[int, dict[str, Any]]]:
    """Where the run was continued on another machine: from which update on, and what decides the bits there."""
    found = [(int(name.removeprefix(MOVED)), made) for name, made in trace.facts.items() if name.startswith(MOVED)]
    return sorted(found, key=lambda move: move[0])


def path_of(trace: Trace, step: int) -> str:
    """On which path update `step` of a begun run was made, or is to be made if it is the next."""
    made = [made_on.get("path", "plain") for since, made_on in [(0, trace.facts), *moves(trace)] if since <= step]
    return str(made[-1])


_WORDS = {
    "torch": "torch", "device": "the device", "device_name": "the processor", "threads": "the number of threads",
    "path": "the path", "numba": "numba", "openblas": "what OpenBLAS was asked for",
}  # fmt: skip


def _replayed(trace: Trace, step: int) -> Frame:
    """The update as the loop makes it again, from the last keyframe before it (a keyframe too, where there is one).

    A fork's file holds the state at the fork, so that no replay crosses it. Where the run went on elsewhere on another
    path, so does the replay.
    """
    start = trace.keyframe(step - 1)
    last = None if start is None else trace.frame(start)
    run, series = made_under(trace.run, trace.series, step)
    at = -1 if last is None else last.step
    for until in [since - 1 for since, _ in moves(trace) if at < since - 1 < step]:
        last, at = _fitted(trace, run, series, last, until - at, until), until
    return _fitted(trace, run, series, last, step - at, step)


def _fitted(trace: Trace, run: Run, series: Series, last: Frame | None, count: int, until: int) -> Frame:
    """The last of the next `count` updates, on the path that update `until` was made on."""
    with device.on(device.possible(path_of(trace, until))):
        return next(itertools.islice(models()[run.model].fit(run, series, last), count - 1, None))
