"""What a GPU would refuse, found without one: nothing on the device meets anything that was left on the CPU.

Tensors are torch's fake ones: they have shapes and a device, and no numbers. An operation over two devices raises.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch._subclasses.fake_tensor import FakeTensorMode

from engine.explaining.asking import explain
from engine.explaining.passes import Pass, shown
from engine.explaining.update import Update
from engine.forking import fork
from engine.looking import look_at
from engine.nouns.explanation import Place
from engine.nouns.frame import Frame
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.preparing.prepare import split_of
from engine.replaying import difference, promise
from engine.training import device
from engine.training.lens import Lens
from engine.training.loop import Training, updates
from engine.training.model import network_of
from engine.training.passing import passing
from engine.training.probe import observe_network
from engine.worker import work
from tests.makers import kept, small, wave

ELSEWHERE = "lazy"  # a device that every build of torch knows by name, and none computes on
NETWORKS = (
    ("rnn", {}), ("rnn", {"layer_norm": True, "topology": "sequence-to-sequence"}), ("lstm", {"layers": 2}),
    ("lstm", {"layer_norm": True, "clip_by": "value"}), ("gru", {"optimiser": "momentum"}), ("fnn", {}), ("cnn", {}),
    ("cnn", {"gated": True}), ("cnn_rnn", {}), ("seq2seq", {"teacher_forcing": 1.0, "loss": "huber"}),
)  # fmt: skip


def numbers(tensor: torch.Tensor) -> np.ndarray:
    """As `.numpy()`: only of what lies on the CPU. The numbers are none."""
    assert tensor.device.type == "cpu", f"{tuple(tensor.shape)} was read where it lies on {tensor.device.type}"
    return np.ones(tensor.shape, str(tensor.dtype).removeprefix("torch."))


@pytest.fixture(params=NETWORKS, ids=str)
def training(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Training]:
    """A training that has begun on a device of its own, and everything after it there."""
    name, settings = request.param
    series = wave()
    network, run = network_of(name), small(series, name, {"updates": 2, **settings})
    passing(network, run)  # found out on the CPU, once, from numbers
    monkeypatch.setenv("UNROLLED_DEVICE", ELSEWHERE)
    monkeypatch.setattr(torch.Tensor, "numpy", numbers)
    for reads, says in {"item": 1.0, "__float__": 1.0, "__int__": 1, "__bool__": True}.items():
        monkeypatch.setattr(torch.Tensor, reads, lambda _, says=says: says)
    monkeypatch.setattr(torch.Tensor, "tolist", lambda tensor: np.ones(tensor.shape).tolist())
    with FakeTensorMode(allow_non_fake_inputs=True):
        begun = Training(network, run, series, None)
        assert begun.parameters.flat.device.type == ELSEWHERE
        yield begun


def test_a_network_is_trained_recorded_and_looked_at(training: Training) -> None:
    network, run, series, lens = training.network, training.run, wave(), Lens(training.network)
    frames = list(updates(training, None))
    assert [frame.step for frame in frames] == [0, 1, 2]
    again = Training(network, run, series, frames[1])
    assert [frame.step for frame in updates(again, frames[1])] == [2]
    assert all("forecast" in frame.signals for frame in observe_network(network, run, series, frames))
    offers, weights = lens.offers(run), np.stack([frame.signals["weights"] for frame in frames])
    for name, found in lens.look(run, series, weights, 20, list(offers)).items():
        assert found.shape == (3, *offers[name].shape)


def test_an_update_is_explained_and_taken_apart(training: Training) -> None:
    first = next(updates(training, None))
    batch = Pass(training, shown(training, training.windows.starts(1), 1), False, "value")
    update = Update(training, 1, 0.01)
    for name, weights in training.parameters.views.items():
        assert batch.array(name, "gradient").shape == update.parts["updated"][name].shape == weights.shape
    assert Lens(training.network).sub_steps(training.run, wave(), first)


@pytest.mark.parametrize("training", [("rnn", {"clip_by": "value"})], indirect=True, ids=str)
def test_what_clipping_did_is_drawn(training: Training) -> None:
    first = next(updates(training, None))
    assert Lens(training.network).clipping(training.run, wave(), first.signals["weights"], 1)


def test_a_run_recorded_on_a_gpu_opens_on_the_cpu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    series = wave()
    path = kept(series, small(series, "lstm", {"updates": 12}), tmp_path)
    there = {"torch": torch.__version__, "device": "cuda", "device_name": "NVIDIA H200", "threads": 1, "path": "plain"}
    written = Recorder.write

    def rounded_otherwise(recorder: Recorder, frames: Sequence[Frame]) -> None:
        weights = [np.nextafter(frame.signals["weights"], np.float32(1)) for frame in frames]
        others = [replace(f, signals={**f.signals, "weights": w}) for f, w in zip(frames, weights, strict=True)]
        written(recorder, others)

    monkeypatch.setattr(device, "facts", lambda: there)
    monkeypatch.setattr(Recorder, "write", rounded_otherwise)
    work(path)
    monkeypatch.undo()
    with Trace(path) as trace:
        assert "the device was cuda and is cpu" in str(promise(trace))
        assert 0 < difference(trace, 8) < 1e-6
        recorded = {name: trace.stack(name, [8])[0] for name in ("hidden.1", "weights")}
        looked = look_at(trace, [8], split_of(trace.run, trace.values) - trace.run.window, ["hidden.1"])["hidden.1"][0]
        np.testing.assert_allclose(looked, recorded["hidden.1"], atol=1e-5)
        state = explain(trace, 8, Place.parse("hidden.1[window=probe, 3, 1]"))
        assert state.result == pytest.approx(recorded["hidden.1"][3, 1], abs=1e-5)
        name, shape = next(iter(trace.parameters.items()))
        weight = explain(trace, 8, Place(name, (0,) * len(shape), part="updated"))
        assert weight.result == recorded["weights"][0]  # shown as it was
        going_on = fork(trace, 8)
    work(going_on)
    with Trace(going_on) as trace:
        assert (trace.status.state, trace.steps[-1]) == ("finished", 12)
