"""Looking at any window: what is shown is what a plain forward and backward pass makes of the recorded weights."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.curves import CURVES
from engine.errors import Lesson
from engine.looking import look_at, offered
from engine.preparing.prepare import prepare
from engine.training import lens, sight
from engine.training.network import untouched
from engine.training.parameters import split
from tests.engine.opening import START, STEPS, opened
from tests.engine.plain_pass import Plain

CASES = {
    "rnn": ("rnn", {"layers": 2}),
    "lstm": ("lstm", {"layers": 2}),
    "lstm with LayerNorm": ("lstm", {"layers": 2, "layer_norm": True}),
    "cnn": ("cnn", {"layers": 3}),
    "cnn with gates": ("cnn", {"layers": 2, "gated": True}),
    "relu RNN with LayerNorm": ("rnn", {"layers": 2, "activation": "relu", "layer_norm": True}),
    "gru": ("gru", {"layers": 2}),
    "a forecast at every step": ("lstm", {"layers": 2, "topology": "sequence-to-sequence", "loss": "huber"}),
    "cnn_rnn": ("cnn_rnn", {}),
    "seq2seq": ("seq2seq", {}),
    "fnn": ("fnn", {"layers": 2}),
}


@pytest.fixture(scope="module", params=CASES)
def trace(request, tmp_path_factory):
    model, settings = CASES[request.param]
    yield from opened(model, settings, tmp_path_factory.mktemp("runs"))


def taps(trace, word="gradient"):
    return [name for name in offered(trace) if f"{word}/{name}" in offered(trace)]


def test_another_window_is_what_a_plain_pass_makes_of_it(trace):
    names = taps(trace)
    found = look_at(trace, STEPS, START, [*names, "forecast", "input"])
    for row, step in enumerate(STEPS):
        plain = Plain(trace, step, START)
        for name in names:
            np.testing.assert_allclose(found[name][row], plain.values(name), rtol=1e-4, atol=1e-6, err_msg=name)
        unit = prepare(trace.run, trace.series).to_unit(plain.forecast.detach().numpy())
        np.testing.assert_allclose(found["forecast"][row], unit, rtol=1e-5)
        np.testing.assert_allclose(found["input"][row], plain.inputs[0].detach(), atol=1e-6)


def test_gradients_of_another_windows_loss_equal_autograd(trace):
    names = taps(trace)
    found = look_at(trace, STEPS, START, [f"gradient/{name}" for name in names])
    for row, step in enumerate(STEPS):
        plain = Plain(trace, step, START)
        plain.loss.backward()
        for name in names:
            expected = plain.gradients(name)
            near = 1e-5 * np.abs(expected).max()
            np.testing.assert_allclose(found[f"gradient/{name}"][row], expected, rtol=1e-5, atol=near, err_msg=name)


def test_at_the_probe_window_it_is_what_was_recorded_to_the_bit(trace):
    names = [name for name in trace.signals if name not in ("weights", "ahead")]
    found = look_at(trace, range(21), prepare(trace.run, trace.series).probe.start, names)
    for name in names:
        np.testing.assert_array_equal(found[name], trace.stack(name, range(21)), err_msg=name)


def test_what_is_shown_does_not_depend_on_the_company_or_the_order(trace):
    names = [name for name in offered(trace) if name.partition("/")[0] in ("gradient", "triangle", "sensitivity")]
    together = look_at(trace, [20, 3, 17], START, names)
    for row, step in enumerate([20, 3, 17]):
        for name, values in look_at(trace, [step], START, names).items():
            np.testing.assert_array_equal(values[0], together[name][row], err_msg=name)


def test_everything_offered_has_the_shape_and_type_it_says(trace):
    offers = offered(trace)
    for name, values in look_at(trace, STEPS, START, list(offers)).items():
        assert values.shape == (3, *offers[name].shape), name
        assert values.dtype == offers[name].dtype, name
        assert len(offers[name].axes) == len(offers[name].shape), name


def test_the_triangle_is_each_steps_own_loss_differentiated_by_a_pass_of_its_own(trace):
    names = taps(trace, "triangle")
    if not names or trace.run.model == "seq2seq":
        assert trace.run.model in ("fnn", "seq2seq") or trace.run.settings.get("gated")
        return
    found = look_at(trace, STEPS, START, [f"triangle/{name}" for name in names])
    for t in (0, 4, 11):
        plain = Plain(trace, 17, START, length=t + 1)
        (plain.losses[t] if plain.losses.ndim else plain.loss).backward()
        for name in names:
            norms = np.linalg.norm(plain.gradients(name), axis=-1)
            row = found[f"triangle/{name}"][1, t]
            np.testing.assert_allclose(row[: t + 1], norms, rtol=1e-5, atol=1e-6 * norms.max(), err_msg=name)
            assert np.isnan(row[t + 1 :]).all()


def test_a_triangle_too_large_for_one_pass_is_the_same_in_several(trace, monkeypatch):
    names = [name for name in offered(trace) if name.startswith(("triangle/", "sensitivity"))]
    whole = look_at(trace, STEPS, START, names)
    monkeypatch.setattr(sight, "LARGEST_PASS", 5 * 2 * lens.FEW * 12 * 16)
    for name, values in look_at(trace, STEPS, START, names).items():
        np.testing.assert_allclose(values, whole[name], rtol=1e-5, atol=1e-8)


def test_the_last_row_of_the_triangle_is_the_gradient_of_the_windows_loss(trace):
    if trace.run.settings.get("topology") == "sequence-to-sequence" or trace.run.model == "seq2seq":
        return  # that one's loss is the mean of all rows' losses
    for name in taps(trace, "triangle"):
        found = look_at(trace, STEPS, START, [f"triangle/{name}", f"gradient/{name}"])
        norms = np.linalg.norm(found[f"gradient/{name}"], axis=-1)
        near = 1e-6 * norms.max()
        np.testing.assert_allclose(found[f"triangle/{name}"][:, -1], norms, rtol=1e-5, atol=near, err_msg=name)


def sum_to_gradients(trace, names):
    plain = Plain(trace, 17, START)
    plain.loss.backward()
    for name, values in look_at(trace, [17], START, names).items():
        gradient = plain.weights[name.partition("/")[2]].grad.numpy()
        near = 1e-5 * np.abs(gradient).max()
        np.testing.assert_allclose(values[0].sum(axis=0), gradient, rtol=1e-5, atol=near, err_msg=name)


def test_every_weights_gradient_is_the_sum_of_what_each_time_step_adds(trace):
    names = [name for name in offered(trace) if name.startswith("contribution/")]
    untapped = trace.run.model == "seq2seq" or trace.run.settings.get("gated")  # what W_y reads there is no tap
    read_once = ("W_y", "b_y") if untapped else ()
    through_time = {
        name for name in trace.parameters if name not in read_once and not name.startswith(("gain", "shift"))
    }
    assert {name.partition("/")[2] for name in names} == (set() if trace.run.model == "fnn" else through_time)
    if names:
        sum_to_gradients(trace, names)


def test_what_a_network_cannot_be_asked_is_refused_with_the_reason(trace):
    asked = [f"contribution/{name}" for name in trace.parameters] + [f"triangle/{name}" for name in taps(trace)]
    for name in asked:
        if name not in offered(trace):
            with pytest.raises(Lesson, match="cannot be asked of this .+: (it reads|this weight|what LayerNorm)"):
                look_at(trace, STEPS, START, [name])


@pytest.mark.parametrize(
    ("settings", "count"),
    [
        ({"cell": "lstm", "layers": 2}, 12),
        ({"cell": "rnn", "topology": "vector-to-sequence"}, 3),
        ({"cell": "lstm", "topology": "vector-to-sequence", "layers": 2}, 6),
        ({"cell": "gru", "topology": "vector-to-sequence"}, 4),
    ],
)
def test_in_an_encoder_and_a_decoder_of_other_cells_too(settings, count, tmp_path):
    for trace in opened("seq2seq", settings, tmp_path):
        names = [name for name in offered(trace) if name.startswith("contribution/")]
        assert len(names) == count
        sum_to_gradients(trace, names)


def test_sensitivity_is_what_each_input_does_to_the_forecast(trace):
    run, unit = trace.run, prepare(trace.run, trace.series)
    (found,) = look_at(trace, [17], START, ["sensitivity"])["sensitivity"]
    plain = Plain(trace, 17, START)
    every = plain.settings.every
    scaled = torch.tensor(unit.scaled[START : START + run.window], requires_grad=True)
    change = (scaled - scaled[0 if every else -1])[None, :, None]
    forecast = plain.network.forward(plain.settings, plain.weights, change, untouched, plain.ahead)[0]
    forecast = (forecast[-1] if every else forecast) + scaled[-1]
    for step in range(run.horizon):
        (gradient,) = torch.autograd.grad(forecast[step], scaled, retain_graph=True)
        np.testing.assert_allclose(found[step], gradient, rtol=1e-4, atol=1e-6)


def test_the_update_ratio_comes_from_neighbouring_weights(trace):
    (ratio,) = look_at(trace, [17], 0, ["update ratio"])["update ratio"]
    before, after = (split(torch.tensor(trace.stack("weights", [n])[0]), trace.parameters) for n in (16, 17))
    for number, name in enumerate(trace.parameters):
        assert ratio[number] == pytest.approx(((after[name] - before[name]).norm() / before[name].norm()).item(), 1e-4)
    assert np.isnan(look_at(trace, [0, 5], 0, ["update ratio"])["update ratio"][0]).all()


def test_every_activation_answers_what_it_is_given_with_what_was_recorded(trace):
    offers = offered(trace)
    for name in [name.removeprefix("given/") for name in offers if name.startswith("given/")]:
        kind, _, layer = name.partition(".")
        if kind in ("filter", "gate"):  # what comes out of each is known only multiplied
            asked = [f"given/filter.{layer}", f"given/gate.{layer}", f"map.{layer}"]
            filtered, gate, out = (values[0] for values in look_at(trace, [17], START, asked).values())
            np.testing.assert_allclose(np.tanh(filtered) * CURVES["sigmoid"].value(gate), out, atol=1e-6)
            continue
        found = {n: v[0] for n, v in look_at(trace, [17], START, [f"given/{name}", f"slope/{name}", name]).items()}
        relu = kind == "map" or (kind in ("hidden", "layer") and trace.run.settings.get("activation") == "relu")
        curve = CURVES["relu" if relu else "sigmoid" if kind.endswith("_gate") else "tanh"]
        if kind.endswith("cell"):  # what is read from it passes the tanh
            hidden = name.replace("_cell", "") if "_" in name else name.replace("cell", "hidden")
            out = name.replace("cell", "output_gate"), hidden
            gate, hidden = look_at(trace, [17], START, out).values()
            np.testing.assert_allclose(gate[0] * np.tanh(found[f"given/{name}"]), hidden[0], atol=1e-6)
        else:
            np.testing.assert_allclose(curve.value(found[f"given/{name}"]), found[name], atol=1e-6)
        np.testing.assert_allclose(found[f"slope/{name}"], curve.slope(found[f"given/{name}"]), atol=1e-6)
    assert any(name.startswith("given/") for name in offers)


def test_a_cells_ledger_ends_in_the_recorded_states(trace):
    ledgers = [name for name in offered(trace) if name.startswith("ledger/")]
    assert bool(ledgers) == ("cell.1" in trace.signals or "encoder_cell.1" in trace.signals)
    for name in ledgers:
        cell = name.removeprefix("ledger/")
        hidden = cell.replace("encoder_cell", "encoder").replace("cell", "hidden")
        found = {n: v[0] for n, v in look_at(trace, [17], START, [name, cell, hidden]).items()}
        np.testing.assert_allclose(found[name][..., 0] + found[name][..., 1], found[cell], atol=1e-6)
        np.testing.assert_allclose(found[name][..., 4], found[hidden], atol=1e-6)


def test_weights_can_be_looked_at_as_recorded(trace):
    names = [f"weight/{name}" for name in trace.parameters]
    found = look_at(trace, [20, 3], 0, names)
    expected = split(torch.tensor(trace.stack("weights", [3])[0]), trace.parameters)
    for name in trace.parameters:
        np.testing.assert_array_equal(found[f"weight/{name}"][1], expected[name])


def test_a_first_convolutions_sliding_sums_are_its_map_and_its_gathered_gradient_autograds(trace):
    names = [name for name in offered(trace) if name.startswith("product/")]
    ungated = trace.run.model == "cnn_rnn" or (trace.run.model == "cnn" and not trace.run.settings["gated"])
    assert bool(names) == ungated
    if ungated:
        layer = names[0].rpartition(".")[2]
        kernel, names = f"kernel.{layer}", [f"sum/map.{layer}", f"map.{layer}", f"gathered/kernel.{layer}"]
        found = {n: v[0] for n, v in look_at(trace, [17], START, names).items()}
        np.testing.assert_allclose(np.maximum(found[names[0]], 0), found[names[1]], atol=1e-6)
        plain = Plain(trace, 17, START)
        plain.loss.backward()
        expected = plain.weights[kernel].grad[:, 0].numpy()
        np.testing.assert_allclose(found[names[2]][0], expected, rtol=1e-4, atol=1e-5 * np.abs(expected).max())
