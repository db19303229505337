"""SARIMA: forecasts by yesterday, last season and their errors, estimated by exact maximum likelihood.

    phi(B) Phi(B^m) (1 - B)^d (1 - B^m)^D y_t = c + theta(B) Theta(B^m) e_t,   e_t of variance sigma^2

Box, Jenkins, Reinsel and Ljung 2015, chapter 9; B steps back by one. The likelihood is that of the training values
only. Its numbers are R's; statsmodels supplies the state space and its filter, scipy the optimiser.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from engine.contract import Description, Model
from engine.errors import Lesson
from engine.estimating.descent import NotFiniteError, descend
from engine.estimating.likelihood import Likelihood, Point
from engine.estimating.orders import Floats, Orders
from engine.estimating.path import Walker
from engine.estimating.possible import check
from engine.nouns.frame import Array, Frame, Signal
from engine.nouns.run import Decisions, Run
from engine.nouns.series import Series
from engine.preparing.prepare import prepare

Lags = Annotated[int, Field(ge=0, le=12)]
SeasonalLags = Annotated[int, Field(ge=0, le=3)]
Differences = Annotated[int, Field(ge=0, le=2)]


class SarimaSettings(Decisions):
    """Decisions of a SARIMA; the defaults are Box and Jenkins' airline model."""

    order: tuple[Lags, Differences, Lags] = (0, 1, 1)
    """p, d, q: how many past values it looks at, how often differences are taken, how many past errors."""
    seasonal: tuple[SeasonalLags, Differences, SeasonalLags] = (0, 1, 1)
    """P, D, Q: the same, one season apart."""
    period: int = Field(0, ge=0, le=400)
    """Steps in one season; 0 takes the calendar's, 1 is none."""
    trend: Literal["auto", "n", "c"] = "auto"
    """A constant to estimate ("c") or none ("n"); "auto" takes one where no differences are taken."""
    iterations: int = Field(50, ge=1, le=1000)
    """The most steps the optimiser may take."""


class Question:
    """What a Run asks of a Series: the values as the likelihood sees them, and which parameters to find.

    Raises Lesson where they cannot be found. Loads no statsmodels: a page asks it before anything is trained.
    """

    def __init__(self, run: Run, series: Series) -> None:
        self.run, self.prepared = run, prepare(run, series)
        self.settings = SarimaSettings.model_validate(run.settings)
        self.orders = orders(self.settings, series.period)
        # Centred, so that no level is lost in rounding; except where the model says that the mean is zero.
        centred = self.orders.trend == "c" or self.orders.lost > 0
        self.level = 0.0 if centred else self.prepared.scale.middle / self.prepared.scale.spread
        self.values = self.prepared.scaled + self.level
        self.training = self.values[: self.prepared.split]
        check(self.training, self.orders)


class Problem(Question):
    """The question with the likelihood that answers it and the filter that shows the answer."""

    def __init__(self, run: Run, series: Series) -> None:
        super().__init__(run, series)
        self.likelihood = Likelihood(self.training, self.orders)
        self.walker = Walker(self.values, self.orders)

    def error(self, parameters: Floats) -> float:
        """Mean squared error, scaled, of the forecast from the split; NaN where every true value is missing."""
        forecast = self.walker.walk(parameters).forecast(self.prepared.split, self.run.horizon) - self.level
        errors = self.prepared.scaled[self.prepared.target] - forecast
        known = errors[np.isfinite(errors)]
        return float(np.mean(known**2)) if len(known) else float("nan")

    def effects(self, unconstrained: Floats, parameters: Floats) -> dict[str, Array]:
        """What the probe window and the forecasts look like with these parameters."""
        prepared, horizon = self.prepared, self.run.horizon
        path = self.walker.walk(parameters)
        slopes = self.likelihood.slopes(unconstrained)[prepared.probe]
        return {
            "state": path.states[prepared.probe].astype(np.float32),
            "innovation": path.innovations[prepared.probe].astype(np.float32),
            "gradient/time": np.linalg.norm(slopes, axis=1).astype(np.float32),
            "forecast": prepared.to_unit(path.forecast(prepared.split, horizon) - self.level),
            "ahead": prepared.to_unit(path.forecast(len(self.values), horizon) - self.level),
        }


def orders(settings: SarimaSettings, calendar: int) -> Orders:
    """The settings with the calendar's season and the constant decided."""
    period = settings.period or calendar
    seasonal = (*settings.seasonal, period) if period > 1 and any(settings.seasonal) else (0, 0, 0, 0)
    trend = settings.trend
    if trend == "auto":
        trend = "n" if settings.order[1] + seasonal[1] > 0 else "c"
    return Orders(settings.order, seasonal, trend)


def describe(run: Run, series: Series) -> Description:
    """The signals and parameters that the frames will hold. Raises Lesson where there can be none."""
    wanted = Question(run, series).orders
    names, states = wanted.names, wanted.states
    signals = (
        Signal("weights", ("parameter",), (len(names),), "float64"),
        Signal("unconstrained", ("parameter",), (len(names),), "float64"),
        Signal("state", ("time", "state"), (run.window, states)),
        Signal("innovation", ("time",), (run.window,)),
        Signal("gradient/time", ("time",), (run.window,)),
        Signal("forecast", ("step ahead",), (run.horizon,), "float64"),
        Signal("ahead", ("step ahead",), (run.horizon,), "float64"),
    )
    return Description(signals, dict.fromkeys(names, ()), "minus log-likelihood per value (scaled)", origins=1)


def fit(run: Run, series: Series, last: Frame | None = None) -> Iterator[Frame]:
    """Yield the start and each iterate. Loss, gradient and validation belong to the frame's own parameters.

    With `last` it starts again, and yields what comes after.
    """
    first = 0 if last is None else last.step + 1
    with closing(_frames(Problem(run, series))) as frames:
        for frame in frames:
            if frame.step >= first:
                yield frame


def _frames(problem: Problem) -> Generator[Frame, None, None]:
    best, step = float("inf"), -1
    try:
        with closing(descend(problem.likelihood, problem.settings.iterations)) as points:
            for step, (point, end) in enumerate(points):
                validation = problem.error(point.parameters)
                events = [end] if end else []
                if validation < best:
                    best = validation
                    events.append("best validation")
                yield _frame(problem, step, point, validation, events)
    except NotFiniteError as error:
        yield _frame(problem, step + 1, error.point, float("nan"), ["not a number"])
        raise Lesson(
            f"The likelihood became not a number at update {step + 1}.",
            "Estimation goes on only while the likelihood of the values is a finite number.",
            "Choose lower orders, or look at the series for values that never change.",
        ) from error


def _frame(problem: Problem, step: int, point: Point, validation: float, events: Sequence[str]) -> Frame:
    slopes = dict(zip(problem.likelihood.names, np.abs(point.score).tolist(), strict=True))
    weights = {"weights": np.array(point.parameters), "unconstrained": np.array(point.unconstrained)}
    return Frame(
        step, epoch=step, loss=point.loss, validation=validation, before=slopes, after=slopes,
        norm=float(np.linalg.norm(point.score)), signals=weights, events=tuple(events),
    )  # fmt: skip


def observe(run: Run, series: Series, frames: Sequence[Frame]) -> list[Frame]:
    """Frames with states, innovations, gradients and forecasts, recomputed from their parameters."""
    problem = Problem(run, series)
    return [dataclasses.replace(frame, signals={**frame.signals, **_effects(problem, frame)}) for frame in frames]


def _effects(problem: Problem, frame: Frame) -> dict[str, Array]:
    """As Problem has them; NaN throughout where the parameters cannot be walked with."""
    if "not a number" not in frame.events:
        return problem.effects(*(frame.signals[name].astype(np.float64) for name in ("unconstrained", "weights")))
    start = problem.likelihood.start
    blank = problem.effects(start, problem.likelihood.constrain(start))
    return {name: np.full_like(values, np.nan) for name, values in blank.items()}


MODELS = (
    Model(
        "sarima",
        "SARIMA",
        "A formula of past values, past errors and the season. Its few numbers are found by maximum likelihood; "
        "its validation is one forecast, made from the last training value.",
        SarimaSettings, describe, fit, observe, order=50,
    ),
)  # fmt: skip
