"""Forecasters over several series: mean ranks, mean MASE, and whether they differ by more than chance.

Demšar 2006, "Statistical comparisons of classifiers over multiple data sets", JMLR 7: two of k forecasters ranked on N
series differ when their mean ranks do by more than q sqrt(k (k + 1) / (6 N)), Nemenyi's critical difference, where q is
the studentised range's quantile for k and infinitely many degrees of freedom, divided by the root of 2.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from engine.comparing.metrics import Said, mase
from engine.comparing.rolled import Rolled, naive, title
from engine.nouns.forecast import Numbers

LEVEL = 0.05
"""How often chance alone may make some pair differ by as much."""
FEWEST = 5
"""Series from which on chance can be told from a lead at all: of fewer any order is likely."""


@dataclass(frozen=True)
class Ranking:
    """N series, k forecasters, the lowest mean rank first. mase, ranks: (N, k), rank 1 is the lowest MASE of a series.

    left_out: series and forecasters that have no MASE for all others, and why.
    """

    series: tuple[str, ...]
    names: tuple[str, ...]
    mase: Numbers
    ranks: Numbers
    left_out: tuple[str, ...]

    @property
    def mean_ranks(self) -> Numbers:
        """(k,)."""
        return np.asarray(self.ranks.mean(axis=0))

    @cached_property
    def critical(self) -> float:
        """Nemenyi's difference of mean ranks; NaN for fewer than two forecasters."""
        n, k = self.ranks.shape
        return _range(k) / np.sqrt(2) * float(np.sqrt(k * (k + 1) / (6 * n))) if k > 1 else float("nan")

    @property
    def close(self) -> tuple[str, ...]:
        """Those whose mean rank is no further from the first one's than chance may bring it."""
        apart = self.mean_ranks - self.mean_ranks[0]
        return tuple(name for name, far in zip(self.names[1:], apart[1:], strict=True) if far < self.critical)


def ranking(found: Mapping[str, Rolled]) -> Ranking | None:
    """None where no forecaster has a MASE on any series. found: by the names of the series."""
    scores = {series: {name: _mase(one, name) for name in one.whole} for series, one in found.items()}
    able = {series: {n for n, score in row.items() if np.isfinite(score)} for series, row in scores.items()}
    series = tuple(one for one in found if able[one])
    names = [name for name in (scores[series[0]] if series else ()) if all(name in able[one] for one in series)]
    if not names:
        return None
    errors = np.array([[scores[one][name] for name in names] for one in series])
    ranks = pd.DataFrame(errors).rank(axis=1).to_numpy()
    order = np.lexsort((errors.mean(axis=0), ranks.mean(axis=0)))
    missing = dict.fromkeys(name for one in series for name in scores[one] if name not in names)
    out = [f"“{one}” (its season never changes, or nobody could forecast it)" for one in found if one not in series]
    out += [f"“{title(name)}” (not there for every series)" for name in missing]
    return Ranking(series, tuple(names[k] for k in order), errors[:, order], ranks[:, order], tuple(out))


def verdict(found: Ranking) -> str:
    """Who ranks first, and whether its lead may be chance."""
    n, k = found.ranks.shape
    best, over = found.names[0], f"over {n} series" if n > 1 else "on one series"
    first = f"**{title(best)}** has the lowest mean rank {over}, {found.mean_ranks[0]:.2f} of {k}."
    if k < 2:
        return first
    if n < FEWEST:
        return f"{first} **Noise:** {n} series are too few to tell a lead from chance; {FEWEST} are the least."
    test = f"by Nemenyi's test mean ranks less than {found.critical:.2f} apart may be chance"
    line = next((name for name in found.names if naive(name)), best)
    if line == best:
        return f"{first} **The naive line wins:** no model is better ({test})."
    if line in found.close:
        return f"{first} **Noise:** its lead over “{title(line)}”, the best naive line, may be chance: {test}."
    others = [f"“{title(name)}”" for name in found.close]
    rest = f"; not so its lead over {', '.join(others)}" if others else ""
    return f"{first} Its lead over “{title(line)}”, the best naive line, is more than chance{rest}: {test}."


def table(found: Ranking) -> pd.DataFrame:
    """One line a forecaster."""
    wins = (found.ranks == found.ranks.min(axis=1, keepdims=True)).sum(axis=0)
    lines = {
        "model": [title(name) for name in found.names],
        "Mean rank": found.mean_ranks,
        "Mean MASE": found.mase.mean(axis=0),
        "Median MASE": np.median(found.mase, axis=0),
        "Best on": wins,
    }
    return pd.DataFrame(lines, index=pd.Index(found.names, name="name"))


def by_series(found: Ranking) -> pd.DataFrame:
    """One line a series: the best, and everyone's MASE."""
    best = [title(found.names[k]) for k in found.mase.argmin(axis=1)]
    rows = pd.DataFrame(found.mase, index=pd.Index(found.series, name="series"), columns=[*map(title, found.names)])
    rows.insert(0, "best", best)
    return rows


def _mase(found: Rolled, name: str) -> float:
    """The mean over its seeds."""
    nothing = np.full_like(found.truth, np.nan)
    said = [
        Said(found.truth, point, found.scale, found.scale_squared, {}, nothing, nothing, 0.0)
        for point in found.points[name]
    ]
    return float(np.mean([mase(one) for one in said]))


def _range(count: int) -> float:
    from scipy.stats import studentized_range

    return float(studentized_range.ppf(1 - LEVEL, count, np.inf))
