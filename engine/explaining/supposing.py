"""What if one number of a window had been another: the window's pass run once more, with some numbers replaced.

What is made of them is made anew by the network itself, forward and back; nothing is trained. Knows no model and no
page.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson
from engine.explaining.moment import Moment
from engine.explaining.names import FORECAST, LOSS
from engine.nouns.explanation import PROBE, Part, Place

MOST = 20
"""Numbers that may be supposed at once: they come from a URL."""


class Change(NamedTuple):
    """What became of one array: how many of its numbers are others, and the one that moved furthest."""

    array: str
    part: Part
    changed: int
    of: int
    place: Place
    was: float
    now: float


class Outcome(NamedTuple):
    """A supposition beside what was. loss: of the window. forecast: in the unit of the series, (horizon,) each."""

    loss: tuple[float, float]
    forecast: tuple[NDArray[np.float64], NDArray[np.float64]]
    changes: list[Change]


def suppose(moment: Moment, wanted: Iterable[tuple[str, float]]) -> Moment:
    """The same moment with numbers of its probe window replaced. Raises Lesson for what cannot be replaced.

    wanted: (place, number). A place is one of the network's own signals, of its weights as this window is read with
    them, or of what it is shown (x).
    """
    edits: dict[Place, float] = {}
    for text, number in wanted:
        place = moment.canonical(Place.parse(text))
        if not supposable(moment, place):
            raise Lesson(
                f"“{place}” cannot be replaced: it is not a number of this window that stands by itself.",
                "A signal that the model names can, a weight, or what it is shown.",
                "Replace one of the numbers that it is made of.",
            )
        if not math.isfinite(number):
            raise Lesson(f"{number} is no number to go on with.", "A finite number.", "Type another.")
        edits[place] = float(number)
    if len(edits) > MOST:
        raise Lesson(f"{len(edits)} numbers are replaced at once.", f"At most {MOST}.", "Put some of them back.")
    return moment.supposing(edits) if edits else moment


def supposable(moment: Moment, place: Place) -> bool:
    """Whether the number at a canonical place can be replaced: it has a name of its own and is of this window."""
    named = moment.probe.names.arrays.get(place.array)
    if named is None or not named.own or place.array in (LOSS, "y", "known"):
        return False
    if place.array in moment.probe.names.parameters:
        return place.part == moment.probe.names.weights
    return place.part == "value" and place.window == PROBE


def outcome(was: Moment, now: Moment) -> Outcome:
    """What the supposition changed in every array that the model names, forward and back."""
    changes = [change for part in ("value", "gradient") for change in _changes(was, now, part)]
    return Outcome((was.probe.loss, now.probe.loss), (forecast(was), forecast(now)), changes)


def signals(moment: Moment, names: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    """The window's arrays by the names of signals, as far as the pass has them: taps, gradients, input, forecast."""
    found: dict[str, NDArray[np.float32]] = {}
    for name in names:
        part: Part = "gradient" if name.startswith("gradient/") else "value"
        array = {"input": "x"}.get(name, name.removeprefix("gradient/"))
        named = moment.probe.names.arrays.get(array)
        if name == FORECAST:
            found[name] = forecast(moment).astype(np.float32)
        elif named and named.own and named.axes[:1] == ("window",):
            found[name] = moment.array(array, part, probe=True)[0].astype(np.float32)
    return found


def forecast(moment: Moment) -> NDArray[np.float64]:
    """The window's forecast in the unit of the series: (horizon,); from its last step, where every step has one."""
    run, end = moment.trace.run, moment.start + moment.trace.run.window
    scaled = moment.array(FORECAST, probe=True)[0].astype(np.float64)
    level = float(moment.prepared.scaled[end - 1]) if run.anchor == "change" else 0.0
    last = scaled[-1] if scaled.ndim > 1 else scaled
    return np.asarray(moment.prepared.to_unit(last[None] + level, np.array([end]))[0])


def _changes(was: Moment, now: Moment, part: Part) -> list[Change]:
    """The arrays that are others now, in the order in which they are made; gradients only of what a window has."""
    found = []
    for numbers in now.probed(part):
        array, before = numbers.array, was.probe.names.arrays.get(numbers.array)
        apart = array in (LOSS, "y") or (part == "gradient" and numbers.axes[:1] != ("window",))
        if apart or "/" in array or before is None or before.shape != numbers.shape:
            continue
        old, new = (one.array(array, part, probe=True).astype(np.float64) for one in (was, now))
        moved = np.abs(new - old)
        if not np.any(moved > 0):
            continue
        index = np.unravel_index(int(np.nanargmax(moved)), moved.shape)
        place = _placed(now, array, tuple(map(int, index)), numbers.axes, part)
        count = int(np.count_nonzero(moved))
        found.append(Change(array, part, count, moved.size, place, float(old[index]), float(new[index])))
    return found


def _placed(moment: Moment, array: str, index: tuple[int, ...], axes: tuple[str, ...], part: Part) -> Place:
    names = moment.probe.names
    if axes[:1] == ("window",):
        return Place(array, index[1:], axes[1:], part, PROBE)
    place = Place(array, index, axes, part)
    return dataclasses.replace(place, part=names.weights) if part == "value" and array in names.parameters else place


def as_json(of: Outcome) -> Mapping[str, object]:
    """The outcome as plain data, null where a number is none."""

    def plain(value: float) -> float | None:
        return float(value) if math.isfinite(value) else None

    return {
        "loss": [plain(one) for one in of.loss],
        "forecast": [[plain(value) for value in one] for one in of.forecast],
        "changes": [
            {**one._asdict(), "place": str(one.place), "was": plain(one.was), "now": plain(one.now)}
            for one in of.changes
        ],
    }
