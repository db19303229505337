"""How long what is left of a grid may take: as long as tasks of the same kind took. Knows no task's meaning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import NamedTuple


class Left(NamedTuple):
    """seconds, or so many at least: of some kind that is left, no task is done yet."""

    seconds: float
    at_least: bool


def left(
    kinds: Mapping[str, str], took: Mapping[str, float], begun: Mapping[str, float], waiting: Collection[str],
    shares: Mapping[str, float] = {},
) -> Left | None:  # fmt: skip
    """None where nothing took any time yet. All by the task's key.

    kinds: of every task. took: seconds, of those done. begun: seconds so far, of those under way; as many go on side by
    side. waiting: those that nobody began. shares: done, of those under way that tell it, above 0. A kind of which none
    is done and none tells takes at least as long as one of it did so far.
    """
    if not took and not shares:
        return None
    known, told, unknown = defaultdict[str, list[float]](list), dict[str, float](), defaultdict[str, float](float)
    for key, seconds in took.items():
        known[kinds[key]].append(seconds)
    for key, seconds in begun.items():
        unknown[kinds[key]] = max(unknown[kinds[key]], seconds)
        if key in shares:
            told[kinds[key]] = max(told.get(kinds[key], 0.0), seconds / shares[key])

    def one(key: str) -> float:
        done = known.get(kinds[key])
        return sum(done) / len(done) if done else told.get(kinds[key], unknown[kinds[key]])

    whole = {key: seconds / shares[key] if key in shares else one(key) for key, seconds in begun.items()}
    ahead = [max(0.0, whole[key] - seconds) for key, seconds in begun.items()]
    shared = (sum(ahead) + sum(map(one, waiting))) / max(1, len(begun))
    at_least = any(kinds[key] not in known and kinds[key] not in told for key in (*begun, *waiting))
    return Left(max([shared, *ahead]), at_least)
