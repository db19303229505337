"""Offers to train a run again with a setting changed, where only that gives a picture. Knows no view by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st
from pydantic import JsonValue

from dashboard import session
from dashboard.views.contract import Scene, View
from engine import control, runs
from engine.contract import models
from engine.deciding import again
from engine.nouns.trace import Trace


def offer(scene: Scene, chosen: Sequence[View]) -> None:
    """A button for each of these pictures that another setting would give this run's model."""
    for view in chosen:
        wanted = view.would_need(scene)
        if not wanted:
            continue
        words = " and ".join(f"{_title(scene.trace, name)} {_said(value)}" for name, value in wanted.items())
        label = f"Train this run again with {words}, to see “{view.title}”"
        if st.button(label, icon=":material/replay:", key=f"again.{view.name}"):
            _train(scene.trace, wanted)


def _train(trace: Trace, settings: Mapping[str, JsonValue]) -> None:
    """Trains the other run in a process of its own, and goes there; this one stays as it is."""
    run = again(trace.run, trace.series, settings)
    path = runs.keep(run, trace.series)
    control.send(path, "resume")  # it may have been halted before
    session.nursery().start(path)
    session.choose_run(run.id)
    st.rerun()


def _title(trace: Trace, name: str) -> str:
    """What the model's form calls a setting."""
    field = models()[trace.run.model].settings.model_fields[name]
    return (field.title or name.replace("_", " ")).lower()


def _said(value: JsonValue) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else f"“{value}”"
