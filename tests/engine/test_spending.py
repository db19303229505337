"""What clip and update did to every weight: held to the loop's own sub-steps, and to what was recorded."""

from __future__ import annotations

import numpy as np
import pytest

from engine.looking import look_at, offered
from engine.nouns.frame import parted
from engine.nouns.trace import Trace
from engine.replaying import sub_steps
from engine.spending import FACTOR, WORDS, spending_signals
from engine.worker import work
from tests.makers import kept, small, wave

RUNS = {
    "cut by its length": ("lstm", {"clip": 0.05, "layer_norm": True}),
    "cut number by number": ("rnn", {"clip": 0.01, "clip_by": "value"}),
    "not cut": ("cnn", {"clip": 0.0, "layers": 2}),
    "gated": ("cnn", {"clip": 0.1, "gated": True}),
    "fed the truth": ("seq2seq", {"clip": 0.05, "optimiser": "sgd"}),
}


@pytest.fixture(scope="module", params=RUNS)
def trace(request, tmp_path_factory):
    (model, settings), series = RUNS[request.param], wave()
    run = small(series, model, {"updates": 4, **settings})
    path = kept(series, run, tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as opened:
        yield opened


def looked(trace, step):
    return {
        name: values[0] for name, values in look_at(trace, [step], 0, list(spending_signals(trace.parameters))).items()
    }


@pytest.mark.parametrize("step", [1, 4])
def test_every_number_is_the_one_that_the_loop_had(trace, step):
    found, loop = looked(trace, step), sub_steps(trace, step)
    whole = {
        "batch gradient": loop.gradient, "clipped gradient": loop.clipped, "weight before": loop.before,
        "weight after": loop.after, "step": loop.after.astype(float) - loop.before,
    }  # fmt: skip
    for word, flat in whole.items():
        for name, numbers in parted(flat, trace.parameters).items():
            near = {"rtol": 1e-4, "atol": 1e-6 * np.abs(flat).max(), "err_msg": f"{word} of {name}"}
            np.testing.assert_allclose(found[f"{word}/{name}"].ravel(), numbers.ravel(), **near)
    np.testing.assert_array_equal(found[FACTOR], [loop.scale])


def test_weights_are_the_recorded_ones_to_the_bit_and_the_norm_is_the_recorded_norm(trace):
    found, frame = looked(trace, 3), trace.frame(3)
    for step, word in ((2, "weight before"), (3, "weight after")):
        recorded = parted(trace.stack("weights", [step])[0], trace.parameters)
        for name, numbers in recorded.items():
            np.testing.assert_array_equal(found[f"{word}/{name}"].ravel(), numbers.ravel())
    for word, norms in (("batch gradient", frame.before), ("clipped gradient", frame.after)):
        own = [np.linalg.norm(found[f"{word}/{name}"]) for name in trace.parameters]
        np.testing.assert_allclose(own, [norms[name] for name in trace.parameters], rtol=1e-3, atol=1e-7)


def test_before_the_first_update_there_are_weights_and_nothing_else(trace):
    found = looked(trace, 0)
    for name in found.keys() - {FACTOR}:
        assert np.isnan(found[name]).all() == (not name.startswith("weight after"))


def test_all_are_offered_and_drawable_as_rows_and_columns(trace):
    signals = offered(trace)
    for name, shape in trace.parameters.items():
        for word in WORDS:
            drawn = signals[f"{word}/{name}"]
            assert np.prod(drawn.shape) == np.prod(shape)
            assert drawn.axes[0] == "row"
            assert len(drawn.shape) == max(2, len(shape))
