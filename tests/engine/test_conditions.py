"""What a run may wait for is read, listed, cleared, and refused where it makes no sense."""

from __future__ import annotations

import json
from contextlib import closing

import pytest

from engine import breakpoints, control
from engine.errors import Lesson
from engine.nouns.runfile import connect
from engine.nouns.trace import Trace
from engine.worker import work
from tests.engine.breaking import ALL, prepared


def test_conditions_are_listed_and_cleared(tmp_path):
    path = prepared(tmp_path, ALL)
    listed = control.breakpoints(path)
    assert [one.model_dump() for one in listed.values()] == ALL
    control.send(path, "clear", next(iter(listed)))
    assert [one.model_dump() for one in control.breakpoints(path).values()] == ALL[1:]
    control.send(path, "clear")
    assert control.breakpoints(path) == {}
    work(path)
    with Trace(path) as trace:
        assert trace.status.state == "finished"


def test_a_file_that_was_tampered_with_still_trains(tmp_path):
    path = prepared(tmp_path, ALL[:1])
    with closing(connect(path, write=True)) as connection:
        for verb, argument in (("break when", "{}"), ("break when", None), ("clear", "everything")):
            control.write(connection, verb, argument)
    work(path)
    assert len(control.breakpoints(path)) == 1
    with Trace(path) as trace:
        assert trace.status.state == "finished"


@pytest.mark.parametrize("one", ALL, ids=lambda one: one["when"])
def test_a_condition_survives_json(one):
    assert breakpoints.condition(json.dumps(one)) == breakpoints.condition(one)


@pytest.mark.parametrize("wrong", [None, "{", {}, {"when": "tired"}, {"when": "norm"}, {"when": "norm", "over": "x"}])
def test_what_is_no_condition_is_a_lesson(tmp_path, wrong):
    path = prepared(tmp_path, [])
    with pytest.raises(Lesson, match="cannot break when"):
        control.send(path, "break when", wrong)
    with pytest.raises(Lesson, match="was given"):
        control.send(path, "step", {"when": "clipped"})
