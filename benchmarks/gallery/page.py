"""One page with all twelve pictures of a series, as the app's own pages draw them: the stage, the theatre, the lens."""

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import streamlit as st

import dashboard
from benchmarks.gallery.rehearsing import listed
from dashboard import following_theme, session
from dashboard.forecasts import lags, strategies
from dashboard.stage.component import Panel, stage
from dashboard.views.contract import Scene, views
from dashboard.views.difference import difference
from dashboard.views.numbers import numbers
from engine import runs
from engine.nouns.trace import Trace
from engine.strategies.names import STRATEGIES

STAGES = {
    "cockpit": "loss,hidden,gradients,forecast",
    "window": "strip,triangle,river,clipping,saturation,ledger,layer_norm",
    "kernel": "convolution",
    "twins": "hidden",
}
"""By where they stand, which pictures are on a stage."""
LENS = " looked into"


def pictured(scenes: Sequence[Scene], name: str) -> list[Panel]:
    """A picture of every scene, then what the first differs by from the others."""
    view = views()[name]
    shown = [Panel(view.title, view.picture(scene, {}), number) for number, scene in enumerate(scenes)]
    less = {number: difference(scenes[0], scenes[number], shown[0].picture) for number in range(1, len(scenes))}
    return [*shown, *(Panel(f"{view.title}: the difference", one, 0, number) for number, one in less.items() if one)]


def stages(scenes: dict[str, Scene]) -> None:
    """The stage of the normed LSTM, thrice, and of the CNN; its unnormed twin and an RNN are drawn beside it."""
    beside = replace(scenes["normed"], others=(scenes["lstm"], scenes["rnn"]))
    cast = {"kernel": [scenes["cnn"]], "twins": [scenes["normed"], scenes["lstm"]]}
    for name, shown in STAGES.items():
        with st.container(key=name):
            of = cast.get(name, [beside])
            panels = [panel for one in shown.split(",") for panel in pictured(of, one)]
            # A picture that draws others beside its own run has them move with the stage's clock.
            stage([of[0], *(of[1:] or of[0].others)], panels, numbers(of[0].trace), key=f"stage.{name}")


st.set_page_config(layout="wide", page_title="Unrolled")
st.html(Path(dashboard.__path__[0]) / "page.css")
following_theme.follow()
with contextlib.ExitStack() as opened:
    traces = {part: opened.enter_context(Trace(runs.path(run))) for part, run in listed(runs.folder()).items()}
    stages({part: session.scene(traces[part]) for part in ("normed", "lstm", "rnn", "cnn")})
    series = traces["normed"].series
    with st.container(key="horizon"):
        trained = {strategy: traces[strategy].run for strategy in STRATEGIES}
        strategies.show(strategies.asked(series, trained, trained["direct"].horizon))
    with st.container(key="looked"):
        lags.show(series, {part.removesuffix(LENS): trace.run for part, trace in traces.items() if LENS in part})
