"""The Forecast page's second half: the lag lens over a SARIMA and networks trained on the same series.

Trains nothing; knows which runs it shows and not how they came about.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from dashboard import themed
from dashboard.forecasts import film
from dashboard.session import asking
from dashboard.views.lag_lens import Influence, lag_lens
from engine import runs
from engine.contract import models
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace

FRAMES = 24
LONGEST = 60  # lags that are drawn
PICTURE = {"displaylogo": False, "displayModeBar": False}


def show(series: Series, trained: Mapping[str, Run]) -> None:
    """The picture, and how to read it. Raises Lesson."""
    season = series.period
    picture = lag_lens([_influence(model, run) for model, run in trained.items()], season)
    told = _how_to_read(season, "sarima" in trained)
    with st.container(horizontal_alignment="right"):
        film.offer(picture, f"{series.name}, what each model looks at", told, "lags.film")
    st.plotly_chart(themed.inked(picture), config=PICTURE, key="lags")
    st.caption(told)


def _how_to_read(season: int, with_sarima: bool) -> str:
    uprights = f" The dotted uprights stand at whole seasons of {season} steps." if season > 1 else ""
    sarima = " A SARIMA's are the pi-weights of its AR form, which it states." if with_sarima else ""
    return (
        "How far the next forecast moves when the value that many steps back moves by one, on the series as the models "
        "see it. Lines are means over windows of the training part, bands hold four fifths of them; a network that "
        f"were linear would have no band.{sarima}{uprights} Step through the updates to see a network find the season. "
        "Beneath: how each one's errors one step ahead on the training part hang together, at the end of training. "
        "Noise stays between the dotted lines 95 times of 100; a lag that sticks out is not used."
    )


def _influence(model: str, run: Run) -> Influence:
    """At `FRAMES` moments of training, close together at first, where most happens."""
    with Trace(runs.path(run.id)) as trace:
        steps = trace.steps
    moments = np.unique(np.geomspace(1, len(steps), FRAMES).round().astype(int)) - 1
    at = steps[np.resize(np.append(moments, [moments[-1]] * FRAMES), FRAMES)]
    found = asking.lags(run.id, at.tolist())
    unit = "iterate" if model == "sarima" else "update"
    mean, low, high = (found[name][:, :LONGEST] for name in ("mean", "low", "high"))
    left, band = asking.left_over(run.id, int(steps[-1]), LONGEST)
    return Influence(models()[model].title, mean, low, high, tuple(f"{unit} {step}" for step in at), left, band)
