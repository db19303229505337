"""The leaderboard of a comparison, and its errors and coverage step by step. Pure functions of what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from engine.comparing import conformal
from engine.comparing.metrics import METRICS, Said, inside
from engine.comparing.rolled import Rolled, title
from engine.nouns.forecast import Numbers
from engine.nouns.series import Series
from engine.reading.finding import moment


@dataclass(frozen=True)
class Row:
    """One forecaster's scores by metric, the mean over its seeds. spread: the lowest and the highest MAE of a seed."""

    name: str
    scores: Mapping[str, float]
    spread: tuple[float, float] | None


def board(found: Rolled, levels: Sequence[float], level: float) -> tuple[Row, ...]:
    """Everyone who said something at every origin, the lowest MAE first. level: of coverage and Winkler."""
    rows = []
    for name in found.whole:
        seeds = [said(found, name, levels, level, seed) for seed in range(len(found.points[name]))]
        scores = {metric.name: _mean([metric.of(one) for one in seeds]) for metric in METRICS}
        errors = [METRICS[0].of(one) for one in seeds]
        rows.append(Row(name, scores, (min(errors), max(errors)) if len(seeds) > 1 else None))
    return tuple(sorted(rows, key=lambda row: row.scores["mae"]))


def said(found: Rolled, name: str, levels: Sequence[float], level: float, seed: int = 0) -> Said:
    """What one said, with split-conformal intervals around it, beside what came."""
    point = found.points[name][seed]
    widths = {one: conformal.half_widths(found.truth - point, found.origins, one) for one in {*levels, level}}
    quantiles = {0.5: point}
    for one in sorted(levels):
        tail = round((1 - one / 100) / 2, 6)
        quantiles |= {tail: point - widths[one], 1 - tail: point + widths[one]}
    lower, upper = point - widths[level], point + widths[level]
    quantiles = dict(sorted(quantiles.items()))
    return Said(found.truth, point, found.scale, found.scale_squared, quantiles, lower, upper, level)


def table(rows: Sequence[Row]) -> pd.DataFrame:
    """One line for each, titles first: what the page shows and the command line prints."""
    lines = [
        {
            "model": title(row.name),
            **{metric.title: row.scores[metric.name] for metric in METRICS},
            "MAE of seeds": "" if row.spread is None else f"{row.spread[0]:.4g} to {row.spread[1]:.4g}",
        }
        for row in rows
    ]
    return pd.DataFrame(lines, index=pd.Index([row.name for row in rows], name="name"))


def definitions(found: Rolled, levels: Sequence[float], level: float) -> dict[str, str]:
    """What each metric is, with its m, its level and its quantiles, by title."""
    tails = [round((1 - one / 100) / 2, 6) for one in levels]
    quantiles = ", ".join(f"{q:g}" for q in sorted({0.5, *tails, *(1 - tail for tail in tails)}))
    alpha = round(1 - level / 100, 6)
    return {
        metric.title: metric.definition.format(m=found.m, level=level, alpha=alpha, quantiles=quantiles)
        for metric in METRICS
    }


def window(series: Series, found: Rolled, level: float) -> str:
    """Over which values the scores are taken."""
    folds, horizon = found.truth.shape
    first, last = series.index[found.origins[0]], series.index[found.origins[-1] + horizon - 1]
    missing = int(np.isnan(found.truth).sum())
    without = f", less {missing} missing" if missing else ""
    some = np.isfinite(conformal.half_widths(np.nan_to_num(found.truth), found.origins, level))
    origins = f"{folds} origin{'s' if folds > 1 else ''}"
    return (
        f"{origins} with {horizon} steps after each, {folds * horizon:,} errors{without}, {moment(first)} to "
        f"{moment(last)}. WQL, Coverage and Winkler: the {int(some.sum()):,} of them before which enough errors "
        f"had been seen for an interval."
    )


def by_step(found: Rolled, name: str) -> Numbers:
    """The mean |e| at each step ahead, for each seed: (S, H)."""
    return np.asarray(np.nanmean(np.abs(found.points[name] - found.truth), axis=1))


@dataclass(frozen=True)
class Covered:
    """share, lowest, highest: (H,), NaN where there was no interval; by chance alone within the last two."""

    share: Numbers
    lowest: Numbers
    highest: Numbers


def coverage(found: Rolled, name: str, level: float, own: bool = False) -> Covered:
    """How often the truth lay inside at each step. own: by the forecaster's own intervals, not the conformal ones."""
    one = said(found, name, (), level)
    if own:
        lower, upper = found.own[name][level]
        one = Said(one.truth, one.point, one.scale, one.scale_squared, one.quantiles, lower, upper, level)
    within = inside(one)
    trials = np.isfinite(within).sum(axis=0)
    share = np.where(trials > 0, np.nansum(within, axis=0) / np.maximum(trials, 1), np.nan)
    bands = np.array([conformal.band(int(count), level) if count else (np.nan, np.nan) for count in trials])
    return Covered(share, bands[:, 0], bands[:, 1])


def _mean(values: Sequence[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
