"""Looking: what a run's weights make of any window, at any recorded update, though only one window was recorded.

Signals are recomputed when asked and kept nowhere; recorded frames never change. Knows no particular network.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

import numpy as np
from numpy.typing import NDArray

from engine.clipping import clip_signals, clipped
from engine.contract import Lens, models
from engine.deriving.contributions import update_ratio
from engine.errors import Lesson
from engine.nouns.frame import LARGEST_SIGNAL, Array, Signal, parted
from engine.nouns.lineage import made_under
from engine.nouns.trace import Trace
from engine.offering.catalogue import derived_signals, weight_signals, why_not
from engine.spending import spending_signals, spent


def offered(trace: Trace) -> dict[str, Signal]:
    """Everything that can be asked of this run, with axes and the shape at one update. Empty for a SARIMA."""
    lens = models()[trace.run.model].lens
    if lens is None:
        return {}
    derived = {name: one.signal for name, one in derived_signals(lens, trace).items()}
    return {
        **lens.offers(trace.run),
        **derived,
        **weight_signals(trace),
        **clip_signals(),
        **spending_signals(trace.parameters),
        "update ratio": _ratio(trace),
    }


def look_at(trace: Trace, steps: Sequence[int], window_start: int, names: Sequence[str]) -> dict[str, Array]:
    """Each named signal of the window that begins at value `window_start`: (len(steps), *shape) as `offered` says.

    An update is looked at under the settings and the series it was made with, also where that was before a fork.
    Raises Lesson for what is not offered; KeyError where an update was not recorded.
    """
    lens, offers = models()[trace.run.model].lens, offered(trace)
    for name in names:
        if lens is None or name not in offers:
            raise Lesson(
                f"“{name}” cannot be asked of this {models()[trace.run.model].title}"
                + (f": {why}." if (why := why_not(trace.parameters, offers, name)) else "."),
                f"It offers {', '.join(offers) or 'only what is recorded'}.",
                "Choose one of these.",
            )
    _bound(offers, names, len(steps))
    derived = {name: one for name, one in derived_signals(lens, trace).items() if name in names} if lens else {}
    spending = spending_signals(trace.parameters).keys() & set(names)
    of_updates = {"update ratio", *clip_signals(), *spending}
    base = {name for name in names if name not in derived and name not in of_updates}
    base |= {need for one in derived.values() for need in one.needs}
    held = base & weight_signals(trace).keys()
    found = _through(lens, trace, steps, window_start, sorted(base - held)) if lens and base - held else {}
    found |= _weights(trace, steps, held)
    found |= {name: one.make(*(found[need] for need in one.needs)) for name, one in derived.items()}
    if lens and clip_signals().keys() & set(names):
        found |= clipped(lens, trace, steps)
    if lens and spending:
        found |= spent(lens, trace, steps, sorted(spending))
    if "update ratio" in names:
        found["update ratio"] = _ratios(trace, steps)
    return {name: np.asarray(found[name], offers[name].dtype) for name in names}


def _through(lens: Lens, trace: Trace, steps: Sequence[int], start: int, names: Sequence[str]) -> dict[str, Array]:
    """What the lens shows; updates from before and after a fork are looked at apart."""
    order = np.asarray(steps)
    boundaries = np.array(sorted(trace.run.forks))
    ages = np.searchsorted(boundaries, order, side="right")  # the update at a fork is already the fork's
    parts: dict[str, list[Array]] = {name: [] for name in names}
    places: list[NDArray[np.int64]] = []
    for age in np.unique(ages):
        (places_now,) = np.nonzero(ages == age)
        run, series = made_under(trace.run, trace.series, int(order[places_now[0]]) + 1)
        weights = trace.stack("weights", order[places_now])
        for name, values in lens.look(run, series, weights, start, names).items():
            parts[name].append(values)
        places.append(places_now)
    back = np.argsort(np.concatenate(places))
    return {name: np.concatenate(values)[back] for name, values in parts.items()}


def _weights(trace: Trace, steps: Sequence[int], names: set[str]) -> dict[str, Array]:
    """Parameters as recorded, "weight/" before each name."""
    if not names:
        return {}
    parts = parted(trace.stack("weights", steps), trace.parameters)
    return {name: parts[name.removeprefix("weight/")] for name in names}


def _ratio(trace: Trace) -> Signal:
    return Signal("update ratio", ("parameter",), (len(trace.parameters),))


def _ratios(trace: Trace, steps: Sequence[int]) -> Array:
    """From each recorded update and the one before; NaN at update 0, which nothing was before."""
    known = [step for step in steps if step > 0]
    found = np.full((len(steps), len(trace.parameters)), np.nan)
    if known:
        weights, before = trace.stack("weights", known), trace.stack("weights", [step - 1 for step in known])
        found[[step > 0 for step in steps]] = update_ratio(weights, before, trace.parameters)
    return found


def _bound(offers: dict[str, Signal], names: Sequence[str], count: int) -> None:
    size = count * sum(prod(offers[name].shape) * np.dtype(offers[name].dtype).itemsize for name in names)
    if size > LARGEST_SIGNAL:
        raise Lesson(
            f"That would be {size / 2**20:.0f} MB.",
            f"At most {LARGEST_SIGNAL // 2**20} MB are shown at once.",
            "Ask for fewer updates or fewer signals.",
        )
