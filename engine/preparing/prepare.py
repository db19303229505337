"""From a Series to what a model is trained on: transform, scale, split in time. Learns nothing after the split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.nouns.lineage import first
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.losses import LOSSES

MOST_UNMEASURED = 50  # updates
MOST_JUDGED = 256  # windows, so that measuring a long series stays quick


@dataclass(frozen=True)
class Prepared:
    """The series as the model sees it.

    scaled: float64 (n,), transformed, with mean 0 and deviation 1 over the training part.
    split: index of the first value kept for validation; also the origin of the forecast that is shown.
    covariates: float64 (n + horizon, k), those of the run in its order, each scaled by its own training part; NaN
    where they are not known.
    """

    run: Run
    series: Series
    scaled: NDArray[np.float64]
    split: int
    mean: float
    deviation: float
    covariates: NDArray[np.float64]

    def to_unit(self, scaled: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scaled values back in the unit of the series."""
        values = np.asarray(scaled, np.float64) * self.deviation + self.mean
        with np.errstate(over="ignore"):  # a model gone wild forecasts infinity; that is then what is shown
            return np.exp(values) if self.run.transform == "log" else values

    def to_scaled(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """The inverse of `to_unit`."""
        return (_transformed(values, self.run) - self.mean) / self.deviation

    @property
    def training_starts(self) -> NDArray[np.int64]:
        """First index of every window whose whole target lies before the split."""
        return np.arange(self.split - self.run.window - self.run.horizon + 1)

    @property
    def validation_starts(self) -> NDArray[np.int64]:
        """First index of every window whose whole target lies at or after the split."""
        return np.arange(self.split - self.run.window, len(self.series) - self.run.window - self.run.horizon + 1)

    @property
    def judged_starts(self) -> NDArray[np.int64]:
        """The validation windows that errors are averaged over: all, or of many an even selection."""
        last = len(self.validation_starts) - 1
        return self.validation_starts[np.unique(np.linspace(0, last, MOST_JUDGED).round().astype(np.int64))]

    def measured_every(self, batch: int) -> int:
        """After how many updates validation is measured again: once an epoch, in long ones more often."""
        return min(-(-len(self.training_starts) // batch), MOST_UNMEASURED)

    @property
    def probe(self) -> slice:
        """The window that is looked into: the last one before the split. Its forecast is the one shown."""
        return slice(self.split - self.run.window, self.split)

    @property
    def target(self) -> slice:
        """The validation values that the probe window's forecast is compared with."""
        return slice(self.split, self.split + self.run.horizon)

    @property
    def ahead(self) -> pd.DatetimeIndex:
        """The stamps of the forecast beyond the last value of the series."""
        return self.series.future(self.run.horizon)


def prepare(run: Run, series: Series) -> Prepared:
    """Transform, and scale by the mean and deviation of the values before the split."""
    mean, deviation = moments(run, series)
    split = len(series) - run.validation
    scaled = (_transformed(series.values, run) - mean) / deviation
    columns = series.covariates.take(run.covariates, len(series) + run.horizon)
    beside = [_standard(column, column[:split]) for column in columns.T]
    return Prepared(run, series, scaled, split, mean, deviation, np.array(beside).T.reshape(columns.shape))


def _standard(column: NDArray[np.float64], training: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean 0 and deviation 1 over its training part; one that never changes there keeps its own step."""
    known = training[np.isfinite(training)]
    return (column - known.mean()) / (known.std() or 1.0) if len(known) else column


def moments(run: Run, series: Series) -> tuple[float, float]:
    """Mean and deviation of the transformed values before the split: all that scaling learns.

    A fork keeps the scale of its past: else one changed value would change every input of its network.
    """
    values = _transformed(first(run, series.values)[: len(series) - run.validation], run)
    known = values[np.isfinite(values)]
    return (float(known.mean()), float(known.std())) if len(known) else (float("nan"), float("nan"))


def _transformed(values: NDArray[np.float64], run: Run) -> NDArray[np.float64]:
    return np.log(values) if run.transform == "log" else np.array(values)


def naive(prepared: Prepared, origin: int) -> NDArray[np.float64]:
    """The forecast nobody has to train, scaled, (horizon,): the same step one season ago, or the last value."""
    period, horizon = prepared.series.period, prepared.run.horizon
    season = prepared.scaled[origin - period : origin] if 1 < period <= origin else prepared.scaled[origin - 1 : origin]
    return np.resize(season, horizon)


def naive_loss(prepared: Prepared, origins: int | None = None) -> float:
    """The mean loss of `naive`, scaled, as the run counts it, over the windows it is judged by or the first of them."""
    cost = LOSSES[str(prepared.run.settings.get("loss", "mse"))]
    chosen = (prepared.judged_starts + prepared.run.window)[:origins]
    errors = [prepared.scaled[o : o + prepared.run.horizon] - naive(prepared, int(o)) for o in chosen]
    known = np.isfinite(errors)
    return float(cost(np.array(errors)[known]).mean()) if known.any() else float("nan")
