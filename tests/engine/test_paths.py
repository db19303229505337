"""The path that a run takes, plain, compiled or fused: kept to its end, replayed, and told."""

from __future__ import annotations

import sys

import numpy as np
import pytest
import torch

from engine.explaining.moment import Moment
from engine.forking import fork
from engine.kernels import path
from engine.nouns.explanation import Place
from engine.nouns.runfile import KEYFRAME_EVERY
from engine.nouns.trace import Trace
from engine.replaying import difference, path_of, promise, sub_steps
from engine.training import device
from engine.training.parameters import split
from engine.worker import Worker, work
from tests.makers import kept, small, wave


def test_a_run_says_which_path_it_took(tmp_path):
    series = wave()
    taken = [
        ("lstm", {}, "fused"),
        ("lstm", {"layer_norm": True}, "fused"),
        ("rnn", {}, "fused"),
        ("rnn", {"activation": "relu"}, "plain"),
        ("rnn", {"layer_norm": True}, "plain"),
        ("cnn_rnn", {}, "compiled"),
        ("cnn_rnn", {"cell": "gru"}, "plain"),
        ("gru", {}, "plain"),
        ("seq2seq", {"cell": "lstm"}, "plain"),
        ("cnn", {}, "plain"),
    ]
    for model, settings, expected in taken:
        file = kept(series, small(series, model, settings), tmp_path)
        work(file)
        with Trace(file) as trace:
            assert trace.facts["path"] == expected


def test_without_numba_training_is_plain(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "engine.kernels.compiling", None)
    monkeypatch.delattr("engine.kernels.compiling", raising=False)
    assert not path.ready()
    series = wave()
    file = kept(series, small(series), tmp_path)
    work(file)
    with Trace(file) as trace:
        assert trace.status.state == "finished"
        assert trace.facts["path"] == "plain"


def beginning(monkeypatch, path):
    """Runs that begin now begin on that path; call undo before they go on."""
    if path == "compiled":  # as runs did before there was another
        monkeypatch.setattr("engine.training.network.Network.path", lambda *_: "compiled")
    monkeypatch.setattr("engine.worker.ready", lambda: path != "plain")


@pytest.mark.parametrize("began", ["plain", "compiled", "fused"])
def test_a_run_keeps_the_path_it_began_with(began, tmp_path, monkeypatch):
    series = wave()
    whole, halved = (tmp_path / name for name in ("whole", "halved"))
    whole.mkdir(), halved.mkdir()
    compiled = []
    with monkeypatch.context() as patch:
        beginning(patch, began)
        one, other = (kept(series, small(series), folder) for folder in (whole, halved))
        work(one)
        interrupted = Worker(other)
        interrupted.progress = lambda frame: interrupted.interrupt() if frame.step == 7 else None
        interrupted.work()
    monkeypatch.setattr("engine.worker.make_ready", lambda: compiled.append(1))
    monkeypatch.setattr("engine.worker.ready", lambda: began == "plain")  # the other way round when it goes on
    work(other)
    assert len(compiled) == (began != "plain")
    with Trace(one) as first, Trace(other) as second:
        assert first.facts["path"] == second.facts["path"] == began
        assert second.status.state == "finished"
        assert promise(second) is None
        assert any("being compiled" in text for _, text in second.log) == (began != "plain")
        np.testing.assert_array_equal(first.stack("weights", first.steps), second.stack("weights", second.steps))
        assert [difference(second, step) for step in (5, 12, 20)] == [0] * 3


def trained(tmp_path, updates=2 * KEYFRAME_EVERY + 7, **settings):
    """The file of a finished run."""
    series = wave()
    file = kept(series, small(series, settings={"updates": updates, **settings}), tmp_path)
    work(file)
    return file


def test_a_page_replays_each_run_on_the_path_it_was_trained_on(tmp_path, monkeypatch):
    files = {}
    for number, began in enumerate(("plain", "compiled", "fused")):
        with monkeypatch.context() as patch:
            beginning(patch, began)
            files[began] = trained(tmp_path, clip=0.5 + number)
    device.settle()  # as the process that answers
    for expected, file in files.items():
        with Trace(file) as trace:
            assert trace.facts["path"] == expected
            assert promise(trace) is None
            for step in (0, 1, 31, KEYFRAME_EVERY, 2 * KEYFRAME_EVERY + 7):
                assert difference(trace, step) == 0
                if step:
                    np.testing.assert_array_equal(sub_steps(trace, step).after, trace.stack("weights", [step])[0])
            assert device.facts()["path"] == "plain"


def test_the_other_path_would_differ_in_the_last_bits(tmp_path):
    with Trace(trained(tmp_path)) as trace:
        trace.facts["path"] = "plain"
        assert 0 < difference(trace, 2 * KEYFRAME_EVERY + 7) < 1e-4


@pytest.mark.parametrize("began", ["plain", "fused"])
def test_a_fork_goes_on_on_the_path_of_its_parent(began, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.worker.ready", lambda: began == "fused")
    monkeypatch.setattr("engine.worker.make_ready", lambda: None)
    file = trained(tmp_path, 40)
    monkeypatch.setattr("engine.worker.ready", lambda: began == "plain")
    with Trace(file) as trace:
        longer = fork(trace, 31, {"updates": 45})
        work(longer)
        with Trace(longer) as forked:
            assert forked.facts["path"] == began
            assert promise(forked) is None
            assert [difference(forked, step) for step in (12, 31, 38, 45)] == [0] * 4
            np.testing.assert_array_equal(
                forked.stack("weights", range(41)), trace.stack("weights", range(41))
            )  # nothing was changed but the end


def test_a_fork_that_no_kernel_fits_says_that_it_is_plain(tmp_path):
    series = wave()
    file = kept(series, small(series, "rnn"), tmp_path)
    work(file)
    with Trace(file) as trace:
        bent = fork(trace, 7, {"activation": "relu"})
    work(bent)
    with Trace(bent) as trace:
        assert trace.status.state == "finished"
        assert [path_of(trace, step) for step in (7, 8)] == ["fused", "plain"]
        assert promise(trace) is None
        assert [difference(trace, step) for step in (5, 8, 20)] == [0] * 3


def test_a_compiled_run_goes_on_without_numba_and_says_so(tmp_path, monkeypatch):
    series = wave()
    file = kept(series, small(series, settings={"updates": 60}), tmp_path)
    begun = Worker(file)
    begun.progress = lambda frame: begun.interrupt() if frame.step == 31 else None
    begun.work()
    with monkeypatch.context() as without:
        without.setitem(sys.modules, "engine.kernels.compiling", None)
        without.delattr("engine.kernels.compiling", raising=False)
        with Trace(file) as trace:
            assert "the path was fused and is plain" in promise(trace)
            assert difference(trace, 20) < 1e-4
        work(file)
    with Trace(file) as trace:
        assert trace.status.state == "finished"
        assert [path_of(trace, step) for step in (31, 32)] == ["fused", "plain"]
        assert promise(trace) is None  # here is numba again
        assert [difference(trace, step) for step in (20, 31, 32, 40, 60)] == [0] * 5


def test_an_explanation_of_a_compiled_update_is_off_by_no_more_than_rounding(tmp_path):
    with Trace(trained(tmp_path, 10)) as trace:
        off = Moment(trace, 7).differences()
        assert all(away < 1e-5 for away in off.values())
        moment = Moment(trace, 7)
        for number in moment.numbers("update")[-3:]:  # the new weights are shown as they were recorded
            index = (0,) * len(number.shape)
            shown = moment.explain(Place(number.array, index, (), "updated"))
            recorded = split(torch.from_numpy(trace.stack("weights", [7])[0]), trace.parameters)[number.array][index]
            assert shown.result == moment.value(shown.place) == recorded.item()
        assert trace.facts["path"] == "fused"
