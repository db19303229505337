"""Fork: the same past, one thing changed; and with nothing changed, the same future to the bit."""

from __future__ import annotations

import numpy as np
import pytest

from engine import runs, sharing
from engine.errors import Lesson
from engine.forking import fork
from engine.nouns.run import Run
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare
from engine.replaying import difference, restore
from engine.worker import work
from tests.makers import kept, small, wave

UPDATES = 60


def trained(tmp_path, model="lstm", settings=None):
    series = wave()
    path = kept(series, small(series, model, {"updates": UPDATES, **(settings or {})}), tmp_path)
    work(path)
    return path


def gone_on(path):
    work(path)
    return Trace(path)


def same_recordings(one, other, steps):
    assert one.signals == other.signals
    for name in one.signals:
        np.testing.assert_array_equal(one.stack(name, steps), other.stack(name, steps), err_msg=name)


@pytest.mark.parametrize("model", ["rnn", "lstm", "cnn"])
@pytest.mark.parametrize(("optimiser", "at"), [("adam", 0), ("adam", 37), ("momentum", 41), ("sgd", 13)])
def test_a_fork_with_nothing_changed_is_its_parent_to_the_bit(tmp_path, model, optimiser, at):
    with Trace(trained(tmp_path, model, {"optimiser": optimiser})) as parent, gone_on(fork(parent, at)) as child:
        assert child.run.id != parent.run.id
        assert (child.run.parent, child.run.forked_at, child.run.changed) == (parent.run, at, ())
        assert child.status.state == "finished"
        same_recordings(child, parent, parent.steps)
        for name in ("loss", "validation", "norm", "scale", "before", "after"):
            np.testing.assert_array_equal(child.history(name), parent.history(name))
        assert child.events() == parent.events()


def test_a_changed_setting_holds_from_the_next_update_on(tmp_path):
    with Trace(trained(tmp_path)) as parent, gone_on(fork(parent, 30, {"learning_rate": 0.001})) as child:
        same_recordings(child, parent, range(31))
        assert child.history("learning_rate")[30:32].tolist() == [0.01, 0.001]
        assert (child.stack("weights", [31]) != parent.stack("weights", [31])).any()


def test_fewer_and_more_updates_another_optimiser_and_another_seed_are_settings_too(tmp_path):
    with Trace(trained(tmp_path)) as parent:
        with gone_on(fork(parent, 30, {"updates": 75})) as longer:
            assert longer.steps[-1] == 75
            assert longer.facts["updates"] == 75
            same_recordings(longer, parent, parent.steps)
        with gone_on(fork(parent, 30, {"optimiser": "momentum"})) as other:
            assert set(other.state(30)) == {"velocity", "best", "waited"}
            assert not other.state(30)["velocity"].any()
            assert other.status.state == "finished"
        with gone_on(fork(parent, 30, {"seed": 5})) as shuffled:
            assert shuffled.frame(31).loss != parent.frame(31).loss


def test_a_changed_weight_is_the_only_difference_at_the_fork(tmp_path):
    with Trace(trained(tmp_path)) as parent, gone_on(fork(parent, 30, weights={("W_h.1", (2, 3)): 0.5})) as child:
        one, other = child.stack("weights", [30])[0], parent.stack("weights", [30])[0]
        (position,) = np.flatnonzero(one != other)
        assert position == 16 + 2 * 4 + 3  # W_x.1 has 16 numbers before it
        assert one[position] == 0.5
        (change,) = child.run.changed
        assert (change.name, change.index, change.was, change.became) == ("W_h.1", (2, 3), other[position], 0.5)
        assert (child.stack("hidden.1", [30]) != parent.stack("hidden.1", [30])).any()
        same_recordings(child, parent, range(30))
        assert child.frame(31).loss != parent.frame(31).loss


def test_a_changed_value_leaves_the_scale_and_every_other_value_as_they_were(tmp_path):
    with Trace(trained(tmp_path)) as parent, gone_on(fork(parent, 30, values={50: 99.0})) as child:
        assert np.flatnonzero(child.series.values != parent.series.values).tolist() == [50]
        assert child.series.hash == child.run.series
        one, other = prepare(child.run, child.series), prepare(parent.run, parent.series)
        assert one.learned == other.learned
        same_recordings(child, parent, range(30))
        assert (child.stack("weights", [40]) != parent.stack("weights", [40])).any()


def test_every_update_of_a_fork_of_a_fork_is_restored_as_it_was_made(tmp_path):
    with Trace(trained(tmp_path)) as parent:
        child = gone_on(fork(parent, 22, {"learning_rate": 0.002}, values={50: 99.0}))
        changes = {"weights": {("b.1", (1,)): 0.25}, "values": {50: 5.0, 51: 7.0}}
        grandchild = gone_on(fork(child, 31, {"clip": 0.1}, **changes))
        earlier = gone_on(fork(grandchild, 12))  # before both forks
        assert grandchild.run.forks == (31, 22)
        for step in (7, 21, 23, 30, 33, 49, 59):
            assert difference(grandchild, step) == 0
        for step in (7, 29):
            one, other = restore(grandchild, step), restore(child, step)
            np.testing.assert_array_equal(one.state["mean"], other.state["mean"])
        for step in (7, 40):
            assert difference(earlier, step) == 0
        same_recordings(earlier, parent, [*range(12)])
        for trace in (child, grandchild, earlier):
            trace.close()


def test_the_same_fork_has_the_same_file_and_another_has_another(tmp_path):
    with Trace(trained(tmp_path)) as parent:
        assert fork(parent, 20) == fork(parent, 20)
        assert fork(parent, 20) != fork(parent, 21)
        assert fork(parent, 20) != fork(parent, 20, {"clip": 0.5})
        assert not list(tmp_path.glob("*.fork"))


def test_a_fork_can_leave_and_arrive(tmp_path):
    with Trace(trained(tmp_path)) as parent:
        data = sharing.exported(fork(parent, 20, {"clip": 0.5}, values={3: 4.0}))
    with Trace(runs.path(sharing.take_in(data))) as trace:
        assert trace.run.forked_at == 20


def test_the_id_of_an_ordinary_run_does_not_know_of_forks():
    run = Run(series="0" * 16, model="rnn", settings={})
    assert run.id == "7cfc95b08e7a9fba"  # as it was before there were forks; a new decision for all changes it
    assert "parent" not in run.model_dump()
    with pytest.raises(ValueError, match="a parent and the update"):
        Run(series="0" * 16, model="rnn", settings={}, parent=run)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"step": 99}, "Update 99 of this run was not recorded"),
        ({"settings": {"hidden": 5}}, "With hidden changed the network has other weights"),
        ({"settings": {"learning_rate": -1}}, "learning_rate"),
        ({"settings": {"colour": "red"}}, "colour"),
        ({"settings": {"updates": 10}}, "asks for 10 updates"),
        ({"weights": {("W_h.1", (2, 99)): 0.5}}, "no weight W_h.1"),
        ({"weights": {("W_q", (0,)): 0.5}}, "no weight W_q"),
        ({"weights": {("b.1", (0,)): float("nan")}}, "finite"),
        ({"values": {1000: 1.0}}, "no value number 1000"),
        ({"values": {3: float("inf")}}, "finite"),
    ],
)
def test_what_the_past_cannot_carry_is_a_lesson(tmp_path, changes, said):
    with Trace(trained(tmp_path)) as parent, pytest.raises(Lesson, match=said):
        fork(parent, **{"step": 20, **changes})


def test_a_sarima_has_no_past_to_fork(tmp_path):
    series = wave()
    path = kept(series, small(series, "sarima"), tmp_path)
    work(path)
    with Trace(path) as trace, pytest.raises(Lesson, match="starts its estimation anew"):
        fork(trace, 1)
