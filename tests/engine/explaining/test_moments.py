"""Moments of recorded runs: what is explained is what was recorded, and every number opens down to where it began."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.contract import models
from engine.explaining.asking import as_json
from engine.explaining.formula import evaluate
from engine.explaining.moment import Moment
from engine.explaining.passes import Pass, shown
from engine.explaining.tracing import Tracing
from engine.explaining.updating import UPDATES
from engine.nouns.explanation import Place
from engine.nouns.runfile import KEYFRAME_EVERY
from engine.training.loop import Training
from engine.training.model import network_of
from engine.training.optimisers import OPTIMISERS
from engine.training.parameters import split
from tests.engine.explaining.passing import NOTHING, Doubles, in_doubles, number, placed, recorded, sampled
from tests.engine.explaining.sentences import Sentence
from tests.makers import small, wave

NETWORKS = {
    "rnn": ("rnn", {}),
    "deep rnn": ("rnn", {"layers": 3}),
    "lstm": ("lstm", {"layers": 2}),
    "layernorm lstm": ("lstm", {"layer_norm": True}),
    "cnn": ("cnn", {"layers": 3}),
    **{name: (name, {}) for name in models() if name not in ("rnn", "lstm", "cnn", "sarima")},
}
"""Every network that is declared, and some of them larger."""
ENDS = {"data", "weight", "constant", "setting", "memory", "used by nothing"}


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize(("optimiser", "clip"), [("adam", 0.05), ("momentum", 1e3), ("sgd", 0)])
def test_what_is_recomputed_is_what_was_recorded(tmp_path, network, optimiser, clip):
    model, chosen = NETWORKS[network]
    trace = recorded(tmp_path, model, {**chosen, "optimiser": optimiser, "clip": clip})
    for step in (1, 4):
        found = Moment(trace, step)
        assert found.differences() == dict.fromkeys(("loss", "norm", "clip_factor", "weights"), 0.0)
        assert (found.value(Place("clip_factor")) < 1) == (clip == 0.05)


@pytest.mark.parametrize("network", NETWORKS)
@pytest.mark.parametrize("clip", [0.05, 0])
def test_every_kind_of_number_is_explained_and_its_sentence_holds(tmp_path, network, clip):
    model, chosen = NETWORKS[network]
    optimiser = "adam" if clip else "momentum"
    found = Moment(recorded(tmp_path, model, {**chosen, "clip": clip, "optimiser": optimiser}), 4)
    draw = random.Random(network)
    for place in sampled(found, draw):
        explained = found.explain(place)
        assert explained.place == found.canonical(place)
        assert explained.result == found.value(place)
        if explained.operands:
            sentence = Sentence(explained.sentence)
            assert sentence.holds(), explained.sentence
            terms = max(abs(operand.value) for operand in explained.operands)
            assert float(sentence.shown) == pytest.approx(explained.result, rel=1e-3, abs=1e-5 * max(1, terms))
        for operand in explained.operands:
            assert found.value(Place.parse(str(operand.place))) == operand.value
        assert json.loads(json.dumps(as_json(explained)))["place"] == str(explained.place)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
def test_numbers_between_two_names_are_of_one_shape_at_every_step(tmp_path, cell):
    """Where one layer sees the window whole, the decoder's first step is made by more than the others are."""
    chosen = {"cell": cell, "topology": "vector-to-sequence", "layers": 2, "hidden": 3}
    found = Moment(recorded(tmp_path, "seq2seq", chosen, window=5), 2)
    for named in found.batch.names.ordered():
        assert len({tensor.shape for tensor in named.tensors.values()}) == 1, named.name
    for place in sampled(found, random.Random(cell), each=1):
        if place.array != "decoder_fed":  # it is first the window's own last value, which has no gradient
            assert found.explain(place).result == found.value(place)


@pytest.mark.parametrize("schedule", ["constant", "step", "cosine"])
@pytest.mark.parametrize("warmup", [0, 3])
def test_the_learning_rate_of_an_update_opens_into_its_schedule(tmp_path, schedule, warmup):
    chosen = {"schedule": schedule, "warmup": warmup, "decay_every": 2, "decay": 0.3, "updates": 9}
    trace = recorded(tmp_path, "rnn", chosen)
    for step in (1, 2, 3, 4, 5, 6):
        explained = Moment(trace, step).explain(Place("learning_rate"))
        assert explained.result == trace.frame(step).learning_rate
        if schedule == "constant" and step > warmup:
            assert explained.operation == "setting"
        else:
            assert Sentence(explained.sentence).holds(), explained.sentence
            assert float(Sentence(explained.sentence).shown) == pytest.approx(explained.result, rel=1e-3)
            assert Place("initial_rate") in [operand.place for operand in explained.operands]


@pytest.mark.parametrize("network", NETWORKS)
def test_everything_opens_down_to_data_weights_and_memory(tmp_path, network):
    model, chosen = NETWORKS[network]
    layers = min(2, chosen.get("layers", 1))
    trace = recorded(tmp_path, model, {**chosen, "hidden": 2, "batch": 3, "layers": layers}, window=5)
    found, ends = Moment(trace, 3), set()
    waiting = [Place.parse(text) for text in ("updated b_y[0]", "norm", "forecast[window=probe, ahead=1]", "loss")]
    opened = set(waiting)
    while waiting:
        explained = found.explain(waiting.pop())
        if not explained.operands:
            ends.add(explained.operation)
        new = {operand.place for operand in explained.operands} - opened
        opened |= new
        waiting += new
    assert {"data", "weight", "setting", "memory"} <= ends <= ENDS
    kinds = {(place.part, place.window == "probe") for place in opened}
    assert {("gradient", False), ("clipped", False), ("value", True), ("updated", False)} <= kinds
    assert Place("series", (trace.series.values.size - trace.run.validation - 1,), ("position",)) in opened


@settings(max_examples=12)
@given(
    network=st.sampled_from(sorted(NETWORKS)),
    seed=st.integers(0, 99),
    hidden=st.integers(1, 3),
    batch=st.integers(1, 3),
)
def test_every_number_and_gradient_of_a_network_equals_autograd_in_float64(network, seed, hidden, batch):
    model, chosen = NETWORKS[network]
    series = wave()
    run = small(series, model, {**chosen, "hidden": hidden, "batch": batch}, window=5, horizon=2, seed=seed)
    training = Training(network_of(model), run, series, None)
    flat = training.parameters.flat.double()
    views = {name: view.clone().requires_grad_() for name, view in split(flat, _shapes(training)).items()}
    training.parameters = Doubles(views)
    data = in_doubles(shown(training, training.windows.starts(1), 1))
    passing = Pass(training, data, False, "value")
    tracing, draw = Tracing(passing, NOTHING), random.Random(seed)
    for named in passing.names.ordered():
        differentiable = all(tensor.requires_grad for tensor in named.tensors.values())
        for part in ("value", "gradient") if differentiable else ("value",):
            for _ in range(4):
                place = placed(named.name, named.axes, tuple(draw.randrange(n) for n in named.shape), part)
                _, formula = tracing.backward(place) if part == "gradient" else tracing.forward(place)
                if formula is not None:
                    made = evaluate(formula, number)
                    np.testing.assert_allclose(made, passing.at(place), rtol=1e-9, atol=1e-13, err_msg=str(place))
    again = {name: view.detach().clone().requires_grad_() for name, view in views.items()}
    training.parameters = Doubles(again)
    training.parameters.clear()
    training.loss(*in_doubles(shown(training, training.windows.starts(1), 1))).backward()  # nobody watches
    for name, view in again.items():
        np.testing.assert_allclose(passing.array(name, "gradient"), view.grad, rtol=1e-12, atol=1e-15)


def _shapes(training):
    return {name: tuple(view.shape) for name, view in training.parameters.views.items()}


@pytest.mark.parametrize("network", NETWORKS)
def test_the_probe_window_is_the_recorded_one(tmp_path, network):
    model, chosen = NETWORKS[network]
    trace = recorded(tmp_path, model, chosen)
    for step in (0, 5):
        found = Moment(trace, step)
        for signal in trace.signals.values():
            name = signal.name.removeprefix("gradient/")
            if signal.axes[:1] != ("time",):
                continue
            part = "gradient" if name != signal.name else "value"
            ours = found.array(name, part, probe=True)[0]
            np.testing.assert_allclose(ours, trace.stack(signal.name, [step])[0], rtol=1e-4, atol=1e-7)
        weight = found.explain(Place.parse("forecast[window=probe, ahead=0]")).operands[0].place
        assert weight.part == ("updated" if step else "value")


def test_an_update_ends_at_the_recorded_weight(tmp_path):
    trace = recorded(tmp_path, "lstm", {"clip": 0.05})
    shapes, found = trace.parameters, Moment(trace, 5)
    after = split(torch.from_numpy(trace.stack("weights", [5])[0]), shapes)
    before = split(torch.from_numpy(trace.stack("weights", [4])[0]), shapes)
    assert found.value(Place.parse("updated W_h.1[3, 2]")) == after["W_h.1"][3, 2].item()
    explained = found.explain(Place.parse("updated W_h.1[3, 2]"))
    assert {str(operand.place): operand.value for operand in explained.operands} == {
        "W_h.1[3, 2]": before["W_h.1"][3, 2].item(),
        "learning_rate": 0.01,
        "mean W_h.1[3, 2]": found.value(Place.parse("mean W_h.1[3, 2]")),
        "square W_h.1[3, 2]": found.value(Place.parse("square W_h.1[3, 2]")),
        "update": 5.0,
    }
    assert Sentence(explained.sentence).value == pytest.approx(after["W_h.1"][3, 2].item(), rel=1e-3)


def test_every_optimiser_has_its_formulas():
    assert set(UPDATES) == set(OPTIMISERS)


def test_memory_between_two_keyframes_is_replayed(tmp_path):
    step = KEYFRAME_EVERY + 7
    trace = recorded(tmp_path, "rnn", {"updates": step + 3})
    assert trace.state(step - 1) is None
    assert set(Moment(trace, step).differences().values()) == {0.0}


def test_the_same_weight_at_all_time_steps_has_a_share_for_each(tmp_path):
    found = Moment(recorded(tmp_path, "rnn"), 3)
    explained = found.explain(Place.parse("gradient W_h.1[1, 2]"))
    array = found.explain(explained.operands[5].place).operands[1].place.array.removesuffix("/sum")
    roles = [operand.role for operand in explained.operands]
    assert roles == [f"through {array}/linear.2 at t {t}" for t in range(12)]
    share = found.explain(explained.operands[5].place)
    assert share.result == explained.operands[5].value
    assert "hidden.1" in {operand.place.array for operand in share.operands}
    assert sum(operand.value for operand in explained.operands) == pytest.approx(explained.result, rel=1e-5)
