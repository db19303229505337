"""A number of a recorded run opens: in which window, where there is none, and on the command line."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from engine.errors import Lesson
from engine.explaining.__main__ import main
from engine.explaining.asking import as_json, explain, moment
from engine.explaining.moment import Moment
from engine.nouns.explanation import Place
from engine.nouns.trace import Trace
from tests.engine.explaining.passing import recorded
from tests.makers import kept, small, wave


def test_a_window_without_name_is_the_probe_window(tmp_path):
    found = Moment(recorded(tmp_path), 3)
    place = Place.parse("hidden.1[t=3, unit=2]")
    assert str(found.explain(place).place) == "hidden.1[window=probe, t=3, unit=2]"
    assert found.value(Place.parse("hidden.1[3, 2]")) == found.value(place)


@pytest.mark.parametrize(
    "text",
    ["hidden.9[0]", "hidden.1[window=99, t=0, unit=0]", "hidden.1[t=12, unit=0]", "W_h.1[4, 0]", "W_h.1[0]",
     "velocity W_h.1[0, 0]", "clipped loss", "share W_h.1[0, 0, 99]", "gradient hidden.1[0]", "norm hidden.1"],
)  # fmt: skip
def test_numbers_that_are_not_there_are_lessons(tmp_path, text):
    found = Moment(recorded(tmp_path), 3)
    with pytest.raises(Lesson):
        found.explain(Place.parse(text))


def test_step_0_has_the_probe_window_and_no_update(tmp_path):
    found = Moment(recorded(tmp_path), 0)
    assert found.explain(Place.parse("loss")).place.window == "probe"
    assert found.explain(Place.parse("W_h.1[0, 0]")).operation == "weight"
    for text in ("updated W_h.1[0, 0]", "norm", "clip_factor"):
        with pytest.raises(Lesson, match="Step 0"):
            found.explain(Place.parse(text))
    with pytest.raises(Lesson, match="Step 0"):
        found.numbers("forward")


def test_what_is_no_network_says_so(tmp_path):
    series = wave()
    with Trace(kept(series, small(series, "sarima"), tmp_path)) as trace, pytest.raises(Lesson, match="not a network"):
        Moment(trace, 1)


def test_the_command_prints_json(tmp_path, capsys):
    trace = recorded(tmp_path)
    command = [sys.executable, "-m", "engine.explaining", str(trace.path), "3"]
    done = subprocess.run([*command, "hidden.1[t=3, unit=2]"], capture_output=True, text=True, check=True)
    place = Place.parse("hidden.1[t=3, unit=2]")
    assert json.loads(done.stdout) == as_json(explain(trace, 3, place))
    assert main([str(trace.path), "3", "nothing[1]"]) == 1
    assert "no numbers called" in capsys.readouterr().err
    assert main([str(trace.path)]) == 2
    assert "Usage" in capsys.readouterr().err


def test_the_probe_window_can_be_any_window(tmp_path):
    trace = recorded(tmp_path)
    place = Place.parse("x[t=3, feature=0]")
    opened = explain(trace, 3, place, start=20)
    assert [str(operand.place) for operand in opened.operands][::3] == ["series[position=23]", "series[position=31]"]
    usual = trace.series.values.size - trace.run.validation - trace.run.window
    assert explain(trace, 3, place, start=usual) == explain(trace, 3, place)
    with pytest.raises(Lesson, match="Choose a start from 0 to 105"):
        explain(trace, 3, place, start=106)


def test_a_number_of_the_probe_window_needs_no_replay_of_the_update(tmp_path, monkeypatch):
    trace = recorded(tmp_path, "lstm", {"optimiser": "adam"})
    wanted = Moment(trace, 3)
    assert wanted.value(Place("clip_factor")) <= 1
    monkeypatch.setattr("engine.explaining.moment.restore", lambda *_: pytest.fail("the optimiser was replayed"))
    found = Moment(trace, 3)
    for text in ("hidden.1[window=probe, 1, 0]", "gradient hidden.1[window=probe, 1, 0]"):
        assert found.explain(Place.parse(text)) == wanted.explain(Place.parse(text))


def test_moments_are_kept_for_the_next_question(tmp_path):
    trace = recorded(tmp_path)
    assert moment(trace, 3) is moment(trace, 3)
