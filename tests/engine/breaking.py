"""Runs that are told to break. Knows no test."""

from __future__ import annotations

from engine import control
from tests.makers import kept, small, wave

ALL = [
    {"when": "not a number"},
    {"when": "norm", "over": 0.5},
    {"when": "clipped"},
    {"when": "validation", "measurements": 2},
    {"when": "update", "number": 17},
    {"when": "unit", "signal": "hidden.1", "time": 3, "unit": 1, "crosses": 0.1},
]


def prepared(folder, conditions, model="lstm", settings=None):
    folder.mkdir(exist_ok=True)
    series = wave()
    path = kept(series, small(series, model, settings or {"updates": 400}), folder)
    for one in conditions:
        control.send(path, "break when", one)
    return path


def finished(path, trace):
    """Whether it is; where it stands it is told to go on: a condition may fire while it is being told so."""
    if trace.status.state == "paused":
        control.send(path, "resume")
    return trace.status.state == "finished"
