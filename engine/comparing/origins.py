"""Rolling origins: the same for every forecaster. Know no forecaster."""

from __future__ import annotations

from engine.errors import Lesson
from engine.nouns.series import Series

Origins = tuple[int, ...]
"""How many values are known at each, growing by the same step."""
SHARE = 0.4
"""How much of a series the origins are spread over where nobody says how far apart they shall lie."""


def fewest(series: Series) -> int:
    """How many values the first origin needs: two seasons, ten at least."""
    return max(10, 2 * series.period)


def rolling(series: Series, horizon: int, count: int, step: int | None = None) -> Origins:
    """`count` origins, the last one `horizon` values before the end, `step` values apart.

    Without a step they lie as far apart as the last two fifths of the series allow, at most a horizon: then no value
    is forecast twice. Raises Lesson where the series is too short.
    """
    last, first = len(series) - horizon, fewest(series)
    if step is None:
        room = int(max(SHARE * len(series), horizon + count - 1)) - horizon
        step = max(1, min(horizon, room // max(1, count - 1)))
    origins = tuple(last - step * k for k in reversed(range(count)))
    if horizon < 1 or count < 1 or step < 1 or origins[0] < first:
        most = (last - first) // max(step, 1) + 1
        raise Lesson(
            f"{count} origins with {horizon} values after each do not fit into {len(series)} values.",
            f"The first origin needs {first} values before it, the last one {horizon} after it.",
            f"Ask for at most {most} origins." if most > 0 else "Shorten the horizon.",
        )
    return origins


def overlap(origins: Origins, horizon: int) -> int:
    """How many origins in a row forecast a same value: 1 where none is forecast twice."""
    step = origins[1] - origins[0] if len(origins) > 1 else horizon
    return -(-horizon // step)
