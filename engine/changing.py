"""Numbers of the past that a person changes: weights of an update, values of a series. Forks nothing itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from engine.errors import Lesson
from engine.nouns.frame import Array, Frame, parted
from engine.nouns.run import Change
from engine.nouns.series import Series
from engine.nouns.trace import Trace

Place = tuple[str, tuple[int, ...]]  # a parameter and where in it


def weight_changes(trace: Trace, past: Frame, weights: Mapping[Place, float]) -> tuple[Change, ...]:
    """Each weight as it was after that update and as it is to be."""
    found = []
    for (name, index), became in weights.items():
        shape = trace.parameters.get(name, ())
        if len(index) != len(shape) or not all(0 <= i < n for i, n in zip(index, shape, strict=True)) or not shape:
            raise Lesson(
                f"There is no weight {name}[{', '.join(map(str, index))}].",
                f"The parameters are {', '.join(f'{n} {s}' for n, s in trace.parameters.items())}, counted from 0.",
                "Choose one of their numbers.",
            )
        was = float(parted(past.signals["weights"], trace.parameters)[name][index])
        found.append(Change(what="weight", name=name, index=index, was=was, became=_finite(name, became)))
    return tuple(found)


def value_changes(series: Series, values: Mapping[int, float]) -> tuple[Change, ...]:
    """Each value of the series as it is and as it is to be."""
    found = []
    for index, became in values.items():
        if not 0 <= index < len(series):
            raise Lesson(
                f"“{series.name}” has no value number {index}.",
                f"It has {len(series)} values, counted from 0.",
                f"Choose a number from 0 to {len(series) - 1}.",
            )
        new = _finite(series.name, became)
        found.append(Change(what="value", index=(index,), was=float(series.values[index]), became=new))
    return tuple(found)


def _finite(name: str, number: float) -> float:
    if not np.isfinite(np.float32(number)):
        raise Lesson(f"“{name}” was given {number}.", "A number must be finite.", "Give it another one.")
    return float(number)


def with_weights(trace: Trace, past: Frame, weights: Mapping[Place, float]) -> Frame:
    """The update with those weights in place, and without the effects of the old ones."""
    flat: Array = np.array(past.signals["weights"])
    parts = parted(flat, trace.parameters)
    for (name, index), became in weights.items():
        parts[name][index] = became
    return dataclasses.replace(past, signals={"weights": flat})


def with_values(series: Series, values: Mapping[int, float]) -> Series:
    """The series with those values in place."""
    changed = np.array(series.values)
    for index, became in values.items():
        changed[index] = became
    return dataclasses.replace(series, values=changed)
