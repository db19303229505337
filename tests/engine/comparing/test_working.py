"""A comparison's own process: begun, watched from outside, cancelled in the middle, and gone on with."""

from __future__ import annotations

import itertools

import pytest

from engine.comparing import cells, keeping, working
from engine.comparing.forked import possible
from engine.comparing.plan import keys, plan
from engine.comparing.running import events, run
from engine.forecasting import needs
from tests.engine.comparing import tasks
from tests.makers import wave
from tests.workers import until


def test_a_process_of_its_own_is_watched_cancelled_and_goes_on_from_there():
    series = wave(400, "D", 7)
    kept = keeping.keep(series, plan(series, ["seasonal_naive", "drift", "ets"], 3, 250))
    working.start(kept, "compare")
    assert kept.under_way("compare")
    until(lambda: kept.progress("compare").done >= 3)
    kept.cancel()
    until(lambda: not kept.alive())
    stopped = kept.progress("compare")
    assert stopped.cancelled
    assert not kept.under_way("compare")
    there = [key for key in keys(series, kept.plan) if cells.read(key)]
    assert 3 <= stopped.done <= len(there) < 3 * 250
    for process in working._children:
        process.wait()
    events = list(itertools.islice(run(series, kept.plan, workers=1), len(there)))
    assert {(event.state, event.seconds) for event in events} == {("done", 0.0)}  # nothing is computed twice


@pytest.mark.skipif(not possible(), reason="This system cannot fork.")
def test_a_process_finds_every_forecaster_imported_by_the_one_it_was_forked_from():
    asked = {"one": ("engine.forecasters.ets",), "other": ("engine.models.lstm",)}
    said = events(asked, tasks.knows, 2, imported=needs(dict.fromkeys(asked, "drift")))
    assert [event.result for event in said if event.state == "done"] == [True, True]
