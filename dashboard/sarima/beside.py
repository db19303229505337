"""The network that reads beside the Kalman filter: trained at a click, its hidden state up to the step looked at.

Knows how it is asked, and no figure.
"""

from __future__ import annotations

import streamlit as st

from dashboard import session, summary
from dashboard.forecasts import training
from dashboard.sarima.walked import Reading
from engine import runs
from engine.contract import models
from engine.deciding import defaults
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.strategies.plans import plan

NETWORK = "rnn"
SIGNAL = "hidden.1"


def offer(series: Series) -> Run | None:
    """The network's run, once it is trained; until then a button, or how far it is. The Forecast page has the same."""
    try:
        run = plan(series, NETWORK, "direct", defaults(series)["horizon"])
    except Lesson as lesson:
        st.caption(f"No {models()[NETWORK].title} can be trained beside it: {lesson.happened}")
        return None
    title = models()[NETWORK].title
    training.offer({title: run}, series, f"Train an {title} to see its state beside it", "walk")
    return run if training.finished({title: run}) else None


def read(run: Run, series: Series, at: int) -> Reading:
    """Its states while it reads the window that ends with value `at`, or the first window. Raises Lesson."""
    with Trace(runs.path(run.id)) as trace:
        start = min(max(0, at - run.window + 1), len(series) - run.window)
        step = summary.best(trace) or 0
        states = session.scene(trace, start).look([step], [SIGNAL])[SIGNAL][0]
    return Reading(models()[run.model].title, start, states)
