"""A series taken apart: trend, seasons, remainder, which add up to it exactly. Knows no split and no picture.

STL (Cleveland et al. 1990) by statsmodels for one season, and for several by the refinement of MSTL (Bandara, Hyndman
and Bergmeir 2021), with the jumps of R's `stl`: a tenth of each window, which is ten times as fast. The longest
stretch that is described, 5,000 days with a week and a year, takes 0.1 s, robust 0.9 s.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.describing.stretch import Floats
from engine.errors import Lesson

SEASONAL = 7  # STL's own default; the first of MSTL's is 11, then 15
LARGEST = 1_000  # steps in a season
REFINED = 2  # times


def decompose(values: Floats, seasons: Sequence[int], robust: bool = False) -> dict[str, Floats]:
    """The trend, a "season of m" for each m, the remainder, by name: (n,) each.

    values: (n,), none missing. robust: outliers count for less, at ten times the time. Raises Lesson where a season
    does not fit twice.
    """
    unfit = [season for season in seasons if not 1 < season <= min(LARGEST, len(values) // 2)]
    if not seasons or unfit:
        raise Lesson(
            f"A season of {unfit[0]} steps was asked for." if unfit else "There is no season to look for.",
            f"A season is at least 2 steps long, at most {LARGEST:,}, and fits twice into the {len(values):,} values.",
            "Choose other seasons.",
        )
    ordered = sorted(set(seasons))
    found = _one(values, ordered[0], robust) if len(ordered) == 1 else _several(values, ordered, robust)
    named = dict(zip((f"season of {season}" for season in ordered), found[1:], strict=True))
    return {"trend": found[0], **named, "remainder": values - sum(found)}


def _one(values: Floats, season: int, robust: bool) -> list[Floats]:
    return _stl(values, season, SEASONAL, robust, seasonal_jump=1)


def _several(values: Floats, seasons: Sequence[int], robust: bool) -> list[Floats]:
    """MSTL's refinement: each season again, of what the others leave (Algorithm 1 of the paper).

    The library's MSTL has one jump for all seasons, so that the year of daily values goes step by step for the week's
    sake: six times as long.
    """
    seasonal = {season: np.zeros(len(values)) for season in seasons}
    trend, rest = values, values
    for _ in range(REFINED):
        for place, (season, part) in enumerate(seasonal.items()):
            trend, seasonal[season] = _stl(rest + part, season, 11 + 4 * place, robust, seasonal_jump=2)
            rest = rest + part - seasonal[season]
    return [trend, *seasonal.values()]


def _stl(values: Floats, season: int, seasonal: int, robust: bool, seasonal_jump: int) -> list[Floats]:
    """Trend and season; seasonal: how many seasons the season is smoothed over."""
    from statsmodels.tsa.seasonal import STL

    trend = _odd(1.5 * season / (1 - 1.5 / seasonal))
    jumps = {"seasonal_jump": seasonal_jump, "trend_jump": _jump(trend), "low_pass_jump": _jump(_odd(season))}
    fitted = STL(values, period=season, seasonal=seasonal, trend=trend, robust=robust, **jumps).fit()
    return [np.asarray(fitted.trend), np.asarray(fitted.seasonal)]


def _odd(length: float) -> int:
    """The next odd number, as a window of LOESS has to be."""
    return int(np.ceil(length)) | 1


def _jump(window: int) -> int:
    return int(np.ceil(window / 10))
