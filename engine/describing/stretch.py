"""Which values are described: the last ones before the split, without a gap. Knows no test and no picture."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.errors import Lesson

Floats = NDArray[np.float64]
MOST, FEWEST = 5_000, 12  # more take seconds, and say the same


def described(values: Floats) -> slice:
    """The longest stretch without a missing value, of that at most the last 5,000. Raises Lesson where it is too short.

    values: of the training part, as they are described.
    """
    known = np.concatenate([[False], np.isfinite(values), [False]])
    edges = np.flatnonzero(known[1:] != known[:-1]).reshape(-1, 2)
    start, stop = max(edges, key=lambda ends: ends[1] - ends[0], default=(0, 0))
    found = slice(int(max(start, stop - MOST)), int(stop))
    if stop - start < FEWEST or np.ptp(values[found]) == 0:
        raise Lesson(
            f"The longest stretch without a gap has {stop - start} values."
            if stop - start < FEWEST
            else "The values never change.",
            f"At least {FEWEST} are needed, and not all the same, to say how they hang together.",
            "Fill the gaps, take fewer differences, or choose a longer part.",
        )
    return found
