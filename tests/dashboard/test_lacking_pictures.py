"""A picture that a run lacks says under which settings it would have it; trained so, the run has it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboard.views.contract import views
from engine.deciding import again
from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave
from tests.scenes import seen

LACKING = [("cnn", {"gated": True}, "convolution"), ("cnn", {"gated": True}, "triangle"),
           ("seq2seq", {"cell": "gru"}, "ledger"), ("cnn_rnn", {"cell": "gru"}, "ledger"),
           ("seq2seq", {"cell": "gru"}, "layer_norm")]  # fmt: skip


@pytest.mark.parametrize(("model", "own", "view"), LACKING)
def test_a_picture_says_under_which_settings_the_run_would_have_it_and_then_it_has(
    model: str, own: dict[str, object], view: str, tmp_path: Path
) -> None:
    series = wave(60)
    run = small(series, model, {"updates": 1, "hidden": 2, **own}, window=8, seed=3)
    path = kept(series, run, tmp_path)
    work(path)
    with Trace(path) as trace:
        wanted = views()[view].would_need(seen(trace))
    assert wanted
    other = again(run, series, wanted)
    assert (other.window, other.seed, other.model) == (run.window, run.seed, run.model)
    path = kept(series, other, tmp_path)
    work(path)
    with Trace(path) as trace:
        assert not views()[view].lacking(seen(trace))
        assert not views()[view].would_need(seen(trace))
