"""Which values of a long line to draw: never more than there are pixels. Knows no figure."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from tsdownsample import MinMaxDownsampler

MOST = 1_200  # points, as many as the widest plot has pixels across


def thinned(
    values: NDArray[np.float64], marked: NDArray[np.bool_] | None = None, most: int = MOST
) -> NDArray[np.int64]:
    """All positions, or the lowest and the highest of each of many equal stretches, the ends and one of each gap.

    marked: of which one in each stretch is drawn, where these are others than the gaps.
    """
    n = len(values)
    if n <= most:
        return np.arange(n)
    stretches = (most - 2) // 3
    extremes = MinMaxDownsampler().downsample(  # type: ignore[no-untyped-call]
        np.ascontiguousarray(values, np.float64), n_out=2 * stretches
    )
    gaps = np.flatnonzero(~np.isfinite(values) if marked is None else marked)
    first_of_each = gaps[np.unique(gaps * stretches // n, return_index=True)[1]]
    return np.unique(np.concatenate([extremes.astype(np.int64), first_of_each, [0, n - 1]]))
