"""A small run, trained and opened, and which of its windows are looked at."""

from __future__ import annotations

from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave

STEPS, START = [3, 17, 20], 31


def opened(model, settings, folder, **changes):
    series = wave()
    path = kept(series, small(series, model, settings, **changes), folder)
    work(path)
    with Trace(path) as trace:
        yield trace
