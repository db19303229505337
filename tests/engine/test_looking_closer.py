"""What only some networks have, looked at in any window; and what cannot be looked at."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import torch

from engine.contract import models
from engine.deriving.travel import receptive_field
from engine.errors import Lesson
from engine.forking import fork
from engine.looking import look_at, offered
from engine.nouns.trace import Trace
from engine.preparing.prepare import prepare
from engine.training.parameters import split
from engine.worker import work
from tests.engine.opening import START, STEPS, opened
from tests.engine.plain_pass import Plain
from tests.makers import accompanied, kept, small, wave


@pytest.mark.parametrize(
    ("model", "settings", "cell"),
    [
        ("lstm", {}, "cell.1"),
        ("lstm", {"layer_norm": True}, "cell.1"),
        ("cnn_rnn", {"cell": "lstm"}, "cell.1"),
        ("seq2seq", {"cell": "lstm"}, "encoder_cell.1"),
    ],
)
def test_provenance_sums_to_the_cell(tmp_path, model, settings, cell):
    for trace in opened(model, {"hidden": 6, **settings}, tmp_path):
        found = look_at(trace, STEPS, START, [f"provenance/{cell}", cell])
        np.testing.assert_allclose(found[f"provenance/{cell}"].sum(axis=2), found[cell], atol=1e-6)


def test_covariates_are_looked_at_too(tmp_path):
    series = accompanied()
    run = small(series, "lstm", covariates=("switch", "weather"), known_ahead=("switch",))
    path = kept(series, run, tmp_path)
    work(path)
    with Trace(path) as trace:
        start = prepare(run, series).probe.start
        found = look_at(trace, [20], start, ["hidden.1", "forecast", "input", "triangle/hidden.1", "gradient/hidden.1"])
        for name in ("hidden.1", "forecast", "gradient/hidden.1"):
            np.testing.assert_array_equal(found[name], trace.stack(name, [20]))
        assert found["input"].shape == (1, 12, 3)
        norms = np.linalg.norm(found["gradient/hidden.1"], axis=-1)
        np.testing.assert_allclose(found["triangle/hidden.1"][:, -1], norms, rtol=1e-5)
        assert look_at(trace, [20], start, ["contribution/W_x.1"])["contribution/W_x.1"].shape == (1, 12, 16, 3)


def test_an_rnns_triangle_is_a_product_of_jacobians(tmp_path):
    for trace in opened("rnn", {"hidden": 5}, tmp_path):
        names = ["hidden.1", "triangle/hidden.1"]
        found = {name: values[0] for name, values in look_at(trace, [20], START, names).items()}
        weights = {
            n: w.double().numpy()
            for n, w in split(torch.tensor(trace.stack("weights", [20])[0]), trace.parameters).items()
        }
        scaled, h = prepare(trace.run, trace.series).scaled, found["hidden.1"].astype(np.float64)
        for t in (2, 11):
            after = scaled[START + t + 1 : START + t + 4] - scaled[START + 11]
            adjoint = 2 / 3 * (weights["W_y"] @ h[t] + weights["b_y"] - after) @ weights["W_y"]
            for k in range(t, -1, -1):
                assert found["triangle/hidden.1"][t, k] == pytest.approx(np.linalg.norm(adjoint), rel=1e-4)
                adjoint = (adjoint * (1 - h[k] ** 2)) @ weights["W_h.1"]


def test_layer_norms_parts_make_what_the_gates_are_given(tmp_path):
    for trace in opened("lstm", {"layer_norm": True}, tmp_path):
        found = look_at(trace, [17], START, ["normalised/preactivation.1", "forget_gate.1", "sigma/preactivation.1"])
        w = {n: w.numpy() for n, w in split(torch.tensor(trace.stack("weights", [17])[0]), trace.parameters).items()}
        z = found["normalised/preactivation.1"][0] * w["gain_z.1"] + w["shift_z.1"]
        np.testing.assert_allclose(found["forget_gate.1"][0], 1 / (1 + np.exp(-z[:, 4:8])), rtol=1e-5)


@pytest.mark.parametrize(("layers", "kernel"), [(1, 2), (2, 3), (3, 2), (3, 3)])
def test_the_receptive_field_measured_by_gradient_is_the_one_stated(tmp_path, layers, kernel):
    settings = {"layers": layers, "kernel": kernel, "hidden": 16}
    for trace in opened("cnn", settings, tmp_path, window=20, anchor="level"):
        found = look_at(trace, range(21), 40, ["sensitivity"])["sensitivity"]
        assert receptive_field(found) == 1 + (kernel - 1) * (2**layers - 1)


@pytest.mark.parametrize("model", ["rnn", "lstm", "cnn"])
def test_no_signal_sees_a_later_value(tmp_path, model):
    for trace in opened(model, {}, tmp_path, anchor="level"):
        one, start = models()[model].lens, len(trace.series) - 12  # after the split, where scaling does not look
        changed = np.array(trace.series.values)
        changed[start + 7 :] = 50.0
        other = dataclasses.replace(trace.series, values=changed)
        weights, names = trace.stack("weights", [20]), list(one.taps(trace.run))
        before, after = (one.look(trace.run, series, weights, start, names) for series in (trace.series, other))
        for name in names:
            np.testing.assert_array_equal(before[name][:, :7], after[name][:, :7])
            assert (before[name][:, 7:] != after[name][:, 7:]).any()


def test_updates_from_before_a_fork_are_looked_at_under_the_series_of_their_time(tmp_path):
    for parent in opened("lstm", {}, tmp_path):
        path = fork(parent, 10, values={START + 2: 50.0})
        work(path)
        with Trace(path) as child:
            found = look_at(child, [12, 4, 10], START, ["hidden.1"])["hidden.1"]
            was = look_at(parent, [4, 10], START, ["hidden.1"])["hidden.1"]
            np.testing.assert_array_equal(found[1], was[0])
            assert (found[2] != was[1]).any()


@pytest.mark.parametrize(
    ("start", "names", "said"),
    [
        (START, ["mood"], "cannot be asked"),
        (-1, ["hidden.1"], "no window that begins at value -1"),
        (109, ["hidden.1"], "Choose a start from 0 to 108"),
        (107, ["gradient/hidden.1"], "beyond the last value"),
        (107, ["triangle/hidden.1"], "beyond the last value"),
    ],
)
def test_what_cannot_be_shown_is_a_lesson(tmp_path, start, names, said):
    for trace in opened("rnn", {}, tmp_path):
        with pytest.raises(Lesson, match=said):
            look_at(trace, [3], start, names)
        assert look_at(trace, [3], 108, ["hidden.1", "forecast"])["hidden.1"].shape == (1, 12, 4)
        with pytest.raises(KeyError, match="99 was not recorded"):
            look_at(trace, [99], 0, ["hidden.1"])
        with pytest.raises(Lesson, match="At most 64 MB"):
            look_at(trace, list(range(21)) * 20_000, 0, ["gradient/hidden.1"])


def test_a_sarima_offers_nothing_but_what_is_recorded(tmp_path):
    for trace in opened("sarima", {}, tmp_path):
        assert offered(trace) == {}
        with pytest.raises(Lesson, match="only what is recorded"):
            look_at(trace, [0], 0, ["hidden.1"])


@pytest.mark.parametrize("own", [{"cell": "gru"}, {"cell": "lstm"}, {"topology": "vector-to-sequence"}])
def test_a_decoders_triangle_is_the_loss_of_each_step_ahead_differentiated_by_itself(tmp_path, own):
    series = wave()
    path = kept(series, small(series, "seq2seq", {"updates": 3, **own}), tmp_path)
    work(path)
    with Trace(path) as trace:
        offers = offered(trace)
        names = [name.removeprefix("triangle/") for name in offers if name.startswith("triangle/")]
        assert {"decoder.1", "window" if "topology" in own else "encoder.1"} <= set(names)
        names = [name for name in names if name != "window"]  # its last value also goes to the decoder by another way
        found = look_at(trace, [2], 31, [f"triangle/{name}" for name in names])
        for j in range(trace.run.horizon):
            plain = Plain(trace, 2, 31)
            plain.of_each_step_ahead[j].backward()
            for name in names:
                norms = np.linalg.norm(plain.gradients(name), axis=-1)
                row = found[f"triangle/{name}"][0, j]
                sent = row if offers[name].axes[0] == "time" else row[: j + 1]
                near = 1e-6 * norms.max() + 1e-12
                np.testing.assert_allclose(sent, norms[: len(sent)], rtol=1e-5, atol=near, err_msg=name)
                assert np.isnan(row[len(sent) :]).all()
