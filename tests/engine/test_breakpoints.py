"""Break when: each condition fires at its very update, says why, and the run stands there until told otherwise."""

from __future__ import annotations

import numpy as np
import pytest

from engine import breakpoints, control
from engine.errors import Lesson
from engine.nouns.frame import Frame
from engine.nouns.trace import Trace
from engine.worker import work
from tests.engine.breaking import ALL, finished, prepared
from tests.workers import until, working


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The same run trained to its end: where each condition has to fire can be read from it."""
    path = prepared(tmp_path_factory.mktemp("whole"), [])
    work(path)
    with Trace(path) as trace:
        yield trace


def stands(trace):
    until(lambda: trace.status.state == "paused")
    return int(max(trace.steps)), trace.status.message


def fires(tmp_path, condition, times=3):
    """The first updates at which a worker of its own pauses for it, and what it says."""
    path, found = prepared(tmp_path, [condition]), []
    with working(path), Trace(path) as trace:
        for _ in range(times):
            found.append(stands(trace))
            control.send(path, "resume")
            until(lambda: trace.status.state != "paused" or max(trace.steps) > found[-1][0])
            if trace.status.state == "finished":
                break
    return found


def test_it_breaks_where_the_norm_is_over_a_number(tmp_path, whole):
    norms = whole.history("norm")
    over = float(np.sort(norms[1:])[-4])
    found = fires(tmp_path, {"when": "norm", "over": over})
    assert [step for step, _ in found] == np.flatnonzero(norms > over).tolist()
    assert found[0][1] == f"paused: gradient norm {norms[found[0][0]]:.6g} is over {over:g} at update {found[0][0]}"


def test_it_breaks_where_clipping_fires(tmp_path, whole):
    found = fires(tmp_path, {"when": "clipped"})
    assert [step for step, _ in found] == [step for step, event in whole.events() if event == "clipped"][:3]
    assert "the gradient was clipped to" in found[0][1]


def test_it_breaks_where_validation_has_not_improved(tmp_path, whole):
    best, since, expected = float("inf"), 0, []
    for step, value in zip(whole.steps[1:], whole.history("validation", after=0), strict=True):
        if not np.isnan(value):
            since = 0 if value < best else since + 1
            best = min(best, value)
            if since == 3:
                expected.append(int(step))
    found = fires(tmp_path, {"when": "validation", "measurements": 3}, times=2)
    assert [step for step, _ in found] == expected[:2]
    assert "not improved for 3 measurements" in found[0][1]


def test_it_breaks_at_an_update(tmp_path):
    ((step, said),) = fires(tmp_path, {"when": "update", "number": 17}, times=1)
    assert (step, said) == (17, "paused: it was told to stop at update 17")


def test_it_breaks_where_a_watched_unit_crosses_a_value(tmp_path, whole):
    path = whole.stack("hidden.1", whole.steps)[:, 3, 1]
    value = float(np.median(path))
    crossings = (np.flatnonzero((path[1:] > value) != (path[:-1] > value)) + 1).tolist()
    found = fires(tmp_path, {"when": "unit", "signal": "hidden.1", "time": 3, "unit": 1, "crosses": value})
    assert [step for step, _ in found] == crossings[:3]
    assert found[0][1].startswith(f"paused: hidden.1[3, 1] went from {path[crossings[0] - 1]:.6g} to")


def test_a_unit_watched_from_the_middle_on_misses_no_crossing(tmp_path, whole):
    path = whole.stack("hidden.1", whole.steps)[:, 3, 1]
    run = prepared(tmp_path, [{"when": "update", "number": 40}])
    with working(run), Trace(run) as trace:
        assert stands(trace)[0] == 40
        between = float(path[40] + path[41]) / 2
        control.send(
            run, "break when", {"when": "unit", "signal": "hidden.1", "time": 3, "unit": 1, "crosses": between}
        )
        control.send(run, "resume")
        until(lambda: "went from" in trace.status.message)
        assert max(trace.steps) == 41


def test_it_breaks_where_the_loss_is_no_number_and_then_fails_with_its_lesson(tmp_path):
    settings = {"optimiser": "sgd", "learning_rate": 1e5, "clip": 0, "updates": 200}
    path = prepared(tmp_path, [{"when": "not a number"}], "cnn", settings)
    with working(path), Trace(path) as trace:
        step, said = stands(trace)
        assert "is not a finite number" in said
        assert (step, "not a number") in trace.events()
        control.send(path, "resume")
        until(lambda: trace.status.state == "failed")


def test_breaking_changes_nothing_that_is_recorded(tmp_path, whole):
    path = prepared(tmp_path, ALL)
    with working(path), Trace(path) as trace:
        for _ in range(6):
            stood, _ = stands(trace)
            control.send(path, "resume")
            until(lambda: max(trace.steps) > stood)  # noqa: B023
        control.send(path, "clear")
        until(lambda: finished(path, trace))
        for name in whole.signals:
            np.testing.assert_array_equal(trace.stack(name, trace.steps), whole.stack(name, whole.steps))
        assert trace.events() == whole.events()


def test_several_reasons_are_told_at_once_and_logged(tmp_path):
    path = prepared(tmp_path, [{"when": "update", "number": 5}, {"when": "norm", "over": 0}])
    control.send(path, "break when", {"when": "update", "number": 5})
    with working(path), Trace(path) as trace:
        for _ in range(4):
            stood, _ = stands(trace)
            control.send(path, "resume")
            until(lambda: max(trace.steps) > stood)  # noqa: B023
        step, said = stands(trace)
        assert step == 5
        assert said.count("told to stop") == 2
        assert "gradient norm" in said
        assert any(text == f"break: {said.removeprefix('paused: ')}" for _, text in trace.log)


def test_a_killed_worker_keeps_its_breakpoints_and_stands_where_it_stood(tmp_path):
    path = prepared(tmp_path, [{"when": "update", "number": 12}, {"when": "update", "number": 40}])
    control.send(path, "resume")
    with working(path) as process, Trace(path) as trace:
        before = stands(trace)
        process.kill()
        process.join()
    with working(path), Trace(path) as trace:
        until(lambda: control.alive(path))
        assert stands(trace) == before
        control.send(path, "resume")
        until(lambda: max(trace.steps) == 40)
        assert stands(trace)[1].endswith("at update 40")


def test_measurements_are_counted_on_after_a_restart(tmp_path, whole):
    values = whole.history("validation", after=0)
    measured = np.flatnonzero(~np.isnan(values)) + 1
    best = int(measured[np.argmin(values[measured - 1])])
    after = [int(step) for step in measured if step > best]
    if len(after) < 2:
        pytest.skip("validation improved to the end")
    path = prepared(tmp_path, [])
    control.send(path, "run to", after[0])
    with working(path) as process, Trace(path) as trace:
        until(lambda: trace.status.state == "paused")
        process.kill()
        process.join()
    control.send(path, "break when", {"when": "validation", "measurements": 2})
    control.send(path, "resume")
    with working(path), Trace(path) as trace:
        until(lambda: "not improved for 2" in trace.status.message)
        assert max(trace.steps) == after[1]


def test_a_unit_that_is_not_recorded_is_a_lesson(whole):
    unit = {"when": "unit", "signal": "hidden.1", "time": 3, "unit": 1, "crosses": 0.1}
    for wrong in ({"signal": "mood"}, {"time": 12}, {"unit": 4}, {"signal": "weights"}):
        with pytest.raises(Lesson, match="to watch"):
            control.send(whole.path, "break when", {**unit, **wrong})
    control.send(whole.path, "break when", unit)


def test_a_unit_that_is_not_there_never_fires():
    watch = breakpoints.Watch()
    frames = [Frame(n, 0, 1.0, signals={"hidden.1": np.full((2, 2), n, np.float32)}) for n in range(2)]
    watch.see(frames[1], frames)
    for place in ({"time": 9, "unit": 0}, {"time": 0, "unit": 9}, {"time": 0, "unit": 0, "signal": "mood"}):
        one = breakpoints.condition({"when": "unit", "signal": "hidden.1", "crosses": 0.5, **place})
        assert breakpoints.reasons({1: one}, watch) == ""
    one = breakpoints.condition({"when": "unit", "signal": "hidden.1", "crosses": 0.5, "time": 1, "unit": 1})
    assert breakpoints.reasons({1: one}, watch).endswith("at update 1")
