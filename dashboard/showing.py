"""A run on the stage: which pictures, and what may be chosen about them. Reads the run file, records nothing."""

from __future__ import annotations

import streamlit as st

from dashboard import session
from dashboard.stage.component import stage
from dashboard.views.contract import Scene, View, views
from dashboard.views.numbers import numbers
from engine import runs
from engine.nouns.trace import Trace

COCKPIT = ("loss", "hidden", "gradients", "forecast")


def show(run_id: str) -> None:
    """The four linked panels of one run, under one clock."""
    with Trace(runs.path(run_id)) as trace:
        scene = session.scene(trace)
        shown = [views()[name] for name in COCKPIT]
        chosen = {view.name: _options(scene, view) for view in shown}
        pictures = [view.picture(scene, chosen[view.name]) for view in shown]
        titled = {picture.title or view.title: picture for view, picture in zip(shown, pictures, strict=True)}
        stage(scene, titled, numbers(trace), key=f"stage.{run_id}")


def _options(scene: Scene, view: View) -> dict[str, str]:
    """What the person wants of this view, asked only where there is a choice."""
    found = {}
    for option, choices in view.options(scene).items():
        if len(choices) > 1:
            found[option] = st.segmented_control(
                view.asks,
                list(choices),
                default=next(iter(choices)),
                format_func=choices.__getitem__,
                key=f"{view.name}.{option}.{','.join(choices)}",  # another run may offer others
                required=True,
            )
    return found
