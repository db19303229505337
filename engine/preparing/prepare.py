"""From a Series to what a model is trained on: transform, difference, scale, split. Learns nothing after the split."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from engine.nouns.lineage import first
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.preparing.differencing import Differences
from engine.preparing.losses import LOSSES
from engine.preparing.power import Power, learn_power
from engine.preparing.scaling import Scale, learn_scale

MOST_UNMEASURED = 50  # updates
MOST_JUDGED = 256  # windows, so that measuring a long series stays quick

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Learned:
    """All that preparation learns, and all from values before the split."""

    power: Power
    differences: Differences
    scale: Scale

    def apply(self, values: Floats) -> Floats:
        """Values (n,) as a model is to see them, scaled; NaN for those that differences lose."""
        return self.scale.apply(self.differences.apply(self.power.apply(values)))


@dataclass(frozen=True)
class Prepared:
    """The series as the model sees it.

    scaled: float64 (n,), transformed, differenced and scaled by the training part; NaN where differences lose a value.
    split: index of the first value kept for validation; also the origin of the forecast that is shown.
    covariates: float64 (n + horizon, k), those of the run in its order, each scaled by its own training part; NaN
    where they are not known. beside: what they were scaled by, one each.
    """

    run: Run
    series: Series
    scaled: Floats
    split: int
    learned: Learned
    covariates: Floats
    beside: tuple[Scale, ...] = ()

    @property
    def scale(self) -> Scale:
        return self.learned.scale

    def to_unit(self, scaled: Floats, origins: int | NDArray[np.int64] | None = None) -> Floats:
        """Scaled values (..., h) back in the unit of the series.

        origins (...): after how many values of the series each h begins. They have to be known where differences were
        taken, and make no difference where none were.
        """
        found = self.scale.undo(scaled)
        if self.learned.differences.lost:
            if origins is None:
                raise ValueError("changes lead to values only from a value they start at")
            unknown = np.full(self.run.horizon, np.nan)
            past = np.append(self.learned.power.apply(self.series.values), unknown)
            found = self.learned.differences.undo(found, past, np.asarray(origins))
        return self.learned.power.undo(found)

    def to_scaled(self, values: Floats) -> Floats:
        """Values of the series' whole length, or of any length where no differences are taken, as `scaled` has them."""
        return self.learned.apply(values)

    @property
    def end(self) -> int:
        """Index of the first value of the test part; n where there is none."""
        return len(self.series) - self.run.test

    @property
    def training_starts(self) -> NDArray[np.int64]:
        """First index of every window whose whole target lies before the split."""
        return np.arange(self.learned.differences.lost, self.split - self.run.window - self.run.horizon + 1)

    @property
    def validation_starts(self) -> NDArray[np.int64]:
        """First index of every window whose target lies in the validation part; all of it, where it stands apart."""
        first = self.split - (0 if self.run.apart else self.run.window)
        return np.arange(first, self.end - self.run.window - self.run.horizon + 1)

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


def prepare(run: Run, series: Series, split: int | None = None) -> Prepared:
    """The series as the run's model sees it; everything is learned from the values before `split`.

    split: the run's own where none is given; a fold of a backtest gives the end of its training part.
    """
    split = split_of(run, len(series)) if split is None else split
    learned = learn(run, series, split)
    columns = series.covariates.take(run.covariates, len(series) + run.horizon)
    beside = tuple(_beside(run, column[:split]) for column in columns.T)
    scaled = [scale.apply(column) for scale, column in zip(beside, columns.T, strict=True)]
    table = np.array(scaled).T.reshape(columns.shape)
    return Prepared(run, series, learned.apply(series.values), split, learned, table, beside)


def split_of(run: Run, values: int) -> int:
    """How many of the series' values the run learns from."""
    return values - run.validation - run.test


def learn(run: Run, series: Series, split: int) -> Learned:
    """The exponent of a power transform and the scale, from the values before the split.

    A fork keeps the scale of its past: else one changed value would change every input of its network.
    """
    training = first(run, series.values)[:split]
    power = learn_power(run.transform, training)
    differences = Differences(run.difference, run.seasonal_difference, series.period)
    return Learned(power, differences, learn_scale(run.scaling, differences.apply(power.apply(training))))


def _beside(run: Run, training: Floats) -> Scale:
    """Mean and deviation of the training part of a covariate, or as the target its power of ten.

    One that never changes there keeps its own step.
    """
    scale = learn_scale(run.scaling if run.scaling == "power of ten" else "standard", training)
    return Scale(scale.middle, scale.spread or 1.0) if np.isfinite(scale.middle) else Scale(0.0, 1.0)


def naive(prepared: Prepared, origin: int) -> Floats:
    """The forecast nobody has to train, scaled, (horizon,): the same step one season ago, or the last value."""
    period, horizon, values = prepared.series.period, prepared.run.horizon, prepared.series.values
    season = values[origin - period : origin] if 1 < period <= origin else values[origin - 1 : origin]
    lost = prepared.learned.differences.lost
    path = np.append(values[max(0, origin - lost) : origin], np.resize(season, horizon))
    return prepared.to_scaled(path)[len(path) - horizon :]


def naive_loss(prepared: Prepared, origins: int | None = None) -> float:
    """The mean loss of `naive`, scaled, as the run counts it, over the windows it is judged by or the first of them."""
    settings = prepared.run.settings
    cost = LOSSES["mae" if settings.get("judged_by") == "mae" else str(settings.get("loss", "mse"))]
    chosen = (prepared.judged_starts + prepared.run.window)[:origins]
    errors = [prepared.scaled[o : o + prepared.run.horizon] - naive(prepared, int(o)) for o in chosen]
    known = np.isfinite(errors)
    return float(cost(np.array(errors)[known]).mean()) if known.any() else float("nan")
