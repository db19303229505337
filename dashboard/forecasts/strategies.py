"""The Forecast page's first half: three strategies of one network from one origin, and their errors over many.

Trains nothing; knows which runs it shows and not how they came about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from dashboard import summary, themed
from dashboard.forecasts import film
from dashboard.session import asking
from dashboard.views import horizon as curves
from dashboard.views.lanes import Lane, Numbers, naive
from dashboard.views.theatre import theatre
from dashboard.views.words import stamp_format
from engine import runs
from engine.comparing.conformal import half_widths
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.strategies.names import SENTENCES, TITLES, Strategy

LEVEL = 90.0  # percent
MOST_ORIGINS = 240
OWN, TRUTH = "their own forecasts", "the truth"
FED_HELP = "Nobody would have the truth; it shows what each step would be without the errors before it."
PICTURE = {"displaylogo": False, "displayModeBar": False}


@dataclass(frozen=True)
class Stage:
    """What is shown: the series, the origins and horizon that all lanes share, and the lanes."""

    series: Series
    origins: np.ndarray[tuple[int], np.dtype[np.int64]]
    horizon: int
    lanes: tuple[Lane, ...]

    @property
    def judged(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """The origins after which a whole horizon has come: the same ones for every step and strategy."""
        return self.origins <= len(self.series) - self.horizon


def asked(series: Series, trained: Mapping[Strategy, Run], horizon: int) -> Stage:
    """Every trained strategy, asked from the same origins of the validation part and from the end. Raises Lesson."""
    run = next(iter(trained.values()))
    first, n = len(series) - run.validation - run.test, len(series)
    origins = np.unique(np.linspace(first, n, min(n - first + 1, MOST_ORIGINS)).round().astype(np.int64))
    lanes = tuple(_lane(strategy, run, origins, horizon) for strategy, run in trained.items())
    return Stage(series, origins, horizon, lanes)


def _lane(strategy: Strategy, run: Run, origins: np.ndarray, horizon: int) -> Lane:
    with Trace(runs.path(run.id)) as trace:
        step = summary.best(trace)
    found = asking.answers(run.id, int(step or 0), origins.tolist(), horizon)
    radius = half_widths(found["truth"] - found["point"], tuple(origins.tolist()), LEVEL)
    return Lane(strategy, TITLES[strategy], run.window, found["point"], found["guided"], found["truth"], radius)


def show(stage: Stage) -> None:
    """The theatre, then the errors."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    row = _ask_origin(stage, left)
    fed = right.segmented_control(
        "What they are fed", [OWN, TRUTH], default=OWN, help=FED_HELP, key="fed", required=True
    )
    origin = int(stage.origins[row])
    drawn = theatre(stage.series, origin, row, stage.lanes, fed == TRUTH)
    told = " ".join(f"{lane.title}: {SENTENCES[lane.strategy]}" for lane in stage.lanes) + " " + _bands(stage)
    with st.container(horizontal_alignment="right"):
        film.offer(drawn, f"{stage.series.name}, forecast from one origin", told, "theatre.film")
    _draw(drawn, "theatre")
    st.caption(told)
    _show_origin_errors(stage, row)
    _show_errors(stage)


def _ask_origin(stage: Stage, place: st.delta_generator.DeltaGenerator) -> int:
    """Which of the origins; the last one whose whole horizon has come is the first to be shown."""
    index, written = stage.series.index, stamp_format(stage.series.index)
    labels = {row: index[int(origin) - 1].strftime(written) for row, origin in enumerate(stage.origins)}
    judged = np.flatnonzero(stage.judged)
    start = int(judged[-1]) if len(judged) else len(labels) - 1
    return int(
        place.select_slider(
            "The last value known", list(labels), value=start, format_func=labels.__getitem__, key="origin"
        )
    )


def _bands(stage: Stage) -> str:
    if all(np.isnan(lane.radius).all() for lane in stage.lanes):
        return "There are too few earlier errors for intervals: those of 90 % need nine at each step."
    return (
        f"The bands are {LEVEL:.0f} % intervals from the errors of earlier origins whose truth had come by then "
        "(split-conformal); where these are fewer than nine there is none."
    )


def _show_origin_errors(stage: Stage, row: int) -> None:
    feeding = [lane for lane in stage.lanes if lane.feeds_back]
    if not feeding or not np.isfinite([lane.truth[row] for lane in feeding]).any():
        return
    st.subheader("Whose error is it?")
    st.caption(
        "Own: truth less the forecast when it is fed the truth. Inherited: what its own earlier forecasts, fed back, "
        "add to that. Together they are the error."
    )
    for column, lane in zip(st.columns(len(feeding)), feeding, strict=True):
        with column:
            st.markdown(f"**{lane.title}**, from this origin")
            _draw(curves.parts_at(lane, row, stage.series.unit), f"parts.{lane.strategy}")


def _show_errors(stage: Stage) -> None:
    """Over all origins whose whole horizon has come."""
    judged = stage.judged
    if not judged.any():
        st.info("No origin of the validation part has a whole horizon after it yet, so there is no mean error.")
        return
    lanes = tuple(_some(lane, judged) for lane in stage.lanes)
    grey = naive(stage.series.values, stage.origins[judged], stage.series.period, stage.horizon)
    grey_error = np.abs(lanes[0].truth - grey).mean(axis=0)
    st.subheader("How far can it be trusted?")
    st.markdown(_verdict(lanes, grey_error, int(judged.sum())))
    _draw(curves.errors(lanes, grey_error, stage.series.unit), "errors")
    named = {lane.title: lane for lane in lanes}
    first = lanes[0].title
    chosen = named[
        st.segmented_control("Every origin and step of", list(named), default=first, key="heat", required=True)
    ]
    left, right = st.columns(2)
    with left:
        index = stage.series.index
        stamps = index[stage.origins[judged] - 1].strftime(stamp_format(index)).to_list()
        _draw(curves.by_origin(chosen, stamps, grey, stage.series.unit), "by-origin")
    with right:
        _draw(curves.parts(chosen, stage.series.unit), "parts")


def _some(lane: Lane, rows: np.ndarray) -> Lane:
    return Lane(
        lane.strategy, lane.title, lane.window, lane.point[rows], lane.guided[rows], lane.truth[rows], lane.radius[rows]
    )


def _verdict(lanes: tuple[Lane, ...], grey: Numbers, origins: int) -> str:
    """Who errs least on the mean over the horizon, and up to which step each beats the naive forecast."""
    means = {lane.title: float(lane.mean_error().mean()) for lane in lanes}
    best = min(means, key=lambda title: means[title])
    told = []
    for lane in lanes:
        behind = np.flatnonzero(lane.mean_error() >= grey)
        upto = "at every step" if not len(behind) else f"up to step {behind[0]}" if behind[0] else "not even at step 1"
        told.append(f"{lane.title} beats the naive forecast {upto}")
    first = "The naive forecast errs least" if grey.mean() <= means[best] else f"**{best}** errs least"
    return (
        f"{first} on the mean over {len(grey)} steps ({min(means[best], float(grey.mean())):.4g}, from {origins} "
        f"origins): {'; '.join(told)}. Training was stopped by the same part of the series, so expect a little worse."
    )


def _draw(figure: go.Figure, key: str) -> None:
    st.plotly_chart(themed.inked(figure), config=PICTURE, key=key)
