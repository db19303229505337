"""What every forecaster of a comparison said at the same origins, read from its cells. Knows no measure of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from engine.comparing import cells, combining
from engine.comparing.metrics import scales
from engine.comparing.origins import Origins
from engine.comparing.plan import Plan, keys
from engine.forecasting import forecaster, forecasters
from engine.nouns.forecast import Numbers
from engine.nouns.series import Series


@dataclass(frozen=True)
class Rolled:
    """F origins, H steps ahead, S seeds.

    truth: (F, H). points: by forecaster (S, F, H), ensembles among them; NaN where a cell is missing. own: intervals
    that a forecaster gave itself, by name and level: (2, F, H), lower and upper. scale, scale_squared: (F,), of the
    seasonal naive inside each past. members: what the ensembles are made of.
    """

    origins: Origins
    m: int
    truth: Numbers
    scale: Numbers
    scale_squared: Numbers
    points: Mapping[str, Numbers]
    own: Mapping[str, Mapping[float, Numbers]]
    members: tuple[str, ...]

    @property
    def whole(self) -> tuple[str, ...]:
        """Those who said something at every origin: only they can be compared."""
        return tuple(name for name, point in self.points.items() if np.isfinite(point).all())

    def loss(self, name: str) -> Numbers:
        """Mean |e| at each origin, over the steps and the seeds: (F,)."""
        return np.asarray(np.nanmean(np.abs(self.points[name] - self.truth), axis=(0, 2)))


def title(name: str) -> str:
    """A forecaster's title, or what an ensemble is called."""
    return ENSEMBLES.get(name) or forecaster(name).title


def naive(name: str) -> bool:
    """Whether it is a line that every model has to beat; an ensemble is none."""
    known = forecasters().get(name)
    return known is not None and known.naive


ENSEMBLES = {"mean": "Ensemble: mean", "median": "Ensemble: median", "inverse": "Ensemble: by past errors"}
WHAT = {
    "mean": "The mean of the forecasts.",
    "median": "The median of the forecasts.",
    "inverse": "Their mean, weighted by one over each one's mean error at the origins before.",
}


def rolled(series: Series, plan: Plan) -> Rolled:
    """Everything that has been computed so far, and the ensembles of it."""
    places = {origin: place for place, origin in enumerate(plan.origins)}
    shape = (len(plan.origins), plan.horizon)
    points = {n: np.full((plan.seeds if forecaster(n).seeded else 1, *shape), np.nan) for n in plan.models}
    own: dict[str, dict[float, Numbers]] = {}
    for key, cell in keys(series, plan).items():
        arrays = cells.read(key)
        if arrays is None:
            continue
        rows = [places[origin] for origin in cell.origins]
        points[cell.model][cell.seed, rows] = arrays["point"]
        for level in plan.levels if cell.seed == 0 and f"lower/{plan.levels[0]}" in arrays else ():
            sides = own.setdefault(cell.model, {}).setdefault(level, np.full((2, *shape), np.nan))
            sides[:, rows] = arrays[f"lower/{level}"], arrays[f"upper/{level}"]
    return gather(series, plan.origins, plan.horizon, points, own)


def gather(
    series: Series,
    origins: Origins,
    horizon: int,
    points: Mapping[str, Numbers],
    own: Mapping[str, Mapping[float, Numbers]],
) -> Rolled:
    """The same from points at hand, by name (S, F, H)."""
    truth = np.stack([series.values[origin : origin + horizon] for origin in origins])
    scale = np.array([scales(series.values[:origin], series.period) for origin in origins])
    members = _members(points)
    ensembles = {}
    if len(members) > 1:
        said = np.stack([points[name][0] for name in members])  # of a network, its first seed
        ensembles = {kind: combining.rolled(kind, said, truth, origins)[None] for kind in ENSEMBLES}
    everyone = {**points, **ensembles}
    return Rolled(origins, series.period, truth, scale[:, 0], scale[:, 1], everyone, own, members)


def _members(points: Mapping[str, Numbers]) -> tuple[str, ...]:
    """Those that an ensemble is made of: all that are whole and no naive line."""
    return tuple(n for n, point in points.items() if not forecaster(n).naive and np.isfinite(point).all())
