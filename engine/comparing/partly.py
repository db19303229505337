"""A comparison that is not done yet, made fair: only origins that all who are shown have finished. Draws nothing."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import numpy as np

from engine.comparing.rolled import ENSEMBLES, Rolled, gather
from engine.nouns.series import Series


def part(found: Rolled, rows: slice) -> Rolled:
    """Some of its origins, with everything that was said at them as it was said."""
    return dataclasses.replace(
        found,
        origins=found.origins[rows],
        truth=found.truth[rows],
        scale=found.scale[rows],
        scale_squared=found.scale_squared[rows],
        points={name: point[:, rows] for name, point in found.points.items()},
        own={name: {level: sides[:, rows] for level, sides in own.items()} for name, own in found.own.items()},
    )


def fair(found: Rolled, series: Series, failed: Collection[str] = ()) -> tuple[Rolled | None, tuple[str, ...]]:
    """Those who have something to show, from the first origin to the last that all of them have finished; and the rest.

    failed: forecasters that will not be whole any more, which nobody waits for. None where nothing can be shown yet.
    """
    points = {name: point for name, point in found.points.items() if name not in ENSEMBLES and name not in failed}
    done = {name: np.atleast_1d(np.isfinite(point).all(axis=(0, 2))) for name, point in points.items()}
    shown = [name for name, whole in done.items() if whole[0]]
    waited_for = tuple(name for name in points if name not in shown)
    if not shown:
        return None, waited_for
    count = int(np.logical_and.accumulate(np.all([done[name] for name in shown], axis=0)).sum())
    said = {name: points[name][:, :count] for name in shown}
    own = {n: {level: sides[:, :count] for level, sides in found.own[n].items()} for n in shown if n in found.own}
    return gather(series, found.origins[:count], found.truth.shape[1], said, own), waited_for
