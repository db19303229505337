"""What panels and readout say of each kind of run. `pytest tests/dashboard/test_words.py`"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboard.views import happening, palette
from dashboard.views.contract import Picture, views
from dashboard.views.numbers import numbers
from dashboard.views.words import stamp_format, title
from engine.contract import models
from engine.nouns.runfile import create
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.worker import Worker
from tests.makers import kept, small, wave
from tests.scenes import seen


def described(folder: Path, model: str, series: Series | None = None, settings: dict | None = None, **run) -> Trace:
    """A run that says what it will hold, and holds nothing yet."""
    series = series or wave()
    decided = small(series, model, settings, **run)
    promised = models()[model].describe(decided, series)
    path = folder / f"{decided.id}.run"
    create(path, decided, series, promised.signals, **promised.facts)
    return Trace(path)


def picture(trace: Trace, view: str, **options: str) -> Picture:
    return views()[view].picture(seen(trace), options)


def test_every_event_has_a_colour_and_words():
    assert list(happening.WORDS) == list(palette.EVENTS)


@pytest.mark.parametrize(
    ("model", "settings", "never", "ever"),
    [
        ("sarima", {}, ["clipped", "stopped early", "fed the truth"], ["converged", "not converged", "not a number"]),
        ("lstm", {}, ["converged", "not converged", "stopped early", "fed the truth"], ["clipped", "best validation"]),
        ("lstm", {"clip": 0, "patience": 3}, ["clipped"], ["stopped early"]),
        ("seq2seq", {}, ["converged"], ["fed the truth", "clipped"]),
        ("seq2seq", {"teacher_forcing": 0}, ["fed the truth"], ["clipped"]),
    ],
)
def test_only_events_that_can_happen_are_drawn_and_told(tmp_path, model, settings, never, ever):
    with described(tmp_path, model, settings=settings) as trace:
        loss = picture(trace, "loss")
    drawn = {line.name for line in loss.figure.data} & set(palette.EVENTS)
    assert drawn >= set(ever)
    assert not drawn & set(never)
    for event in palette.EVENTS:
        assert (happening.WORDS[event] in loss.how) == (event in drawn)


@pytest.mark.parametrize(
    ("model", "length", "words"),
    [
        ("lstm", 120, "over all 10 forecasts"),
        ("sarima", 120, "mean squared error of one forecast (scaled)"),
        ("lstm", 900, "over 256 forecasts, evenly chosen of 498"),
    ],
)
def test_the_loss_says_over_how_many_forecasts_validation_is_measured(tmp_path, model, length, words):
    with described(tmp_path, model, wave(length), validation=12 if length == 120 else 500) as trace:
        assert words in picture(trace, "loss").sentence


def test_the_loss_of_a_sarima_says_both_units(tmp_path):
    with described(tmp_path, "sarima") as trace:
        said = picture(trace, "loss")
    assert "Training: minus log-likelihood per value" in said.sentence
    assert (said.figure.layout.yaxis.title.text, said.figure.layout.yaxis2.title.text) == (
        "−log-likelihood",
        "squared error",
    )


def test_the_gradient_through_time_says_of_which_error_it_is(tmp_path):
    with described(tmp_path, "lstm") as trace:
        said = picture(trace, "gradients")
    assert "how strongly each time step of the shown window moves that forecast's error" in said.sentence
    assert "with the weights after the update" in said.how
    assert said.beside.figure.layout.yaxis.title.text == "effect on that forecast's error"


def test_a_slope_of_a_likelihood_vanishes_from_nowhere(tmp_path):
    with described(tmp_path, "sarima") as trace:
        said = picture(trace, "gradients")
    assert "vanish" not in said.sentence + said.how
    assert "clip" not in said.how
    assert "each value's own share of the slope" in said.how
    assert said.beside.figure.layout.yaxis.title.text == "share of the slope"


@pytest.mark.parametrize(
    ("settings", "threshold", "words"),
    [
        ({}, True, "longer than the threshold"),
        ({"clip_by": "value"}, False, "some of its numbers"),
        ({"clip": 0}, False, ""),
    ],
)
def test_clipping_is_told_as_it_is_done(tmp_path, settings, threshold, words):
    with described(tmp_path, "lstm", settings=settings) as trace:
        said = picture(trace, "gradients")
    assert any(str(line.name).startswith("clip at") for line in said.figure.data) == threshold
    assert words in said.how
    assert ("pink" in said.how) == bool(words)


@pytest.mark.parametrize("model", models())
def test_every_model_has_something_inside_to_show(tmp_path, model):
    with described(tmp_path, model) as trace:
        choices = views()["hidden"].options(seen(trace))["signal"]
        for name in choices:
            shown = picture(trace, "hidden", signal=name)
            assert shown.bindings[0].source == name
    assert len(set(choices.values())) == len(choices)


@pytest.mark.parametrize(
    ("model", "signal", "panel", "words"),
    [
        ("lstm", "hidden.1", "", "Hidden state, layer 1"),
        ("cnn", "map.2", "Feature maps", "Feature map, layer 2"),
        ("cnn_rnn", "map.0", "Feature maps", "Feature map,"),
        ("cnn_rnn", "cell.1", "", "Cell state"),
        ("fnn", "layer.1", "Layers", "Units, layer 1"),
        ("seq2seq", "decoder.1", "", "as it writes the shown forecast"),
    ],
)
def test_the_panel_is_called_what_it_shows(tmp_path, model, signal, panel, words):
    with described(tmp_path, model) as trace:
        shown = picture(trace, "hidden", signal=signal)
    assert shown.title == panel
    assert words in shown.sentence


def test_a_signal_without_a_word_of_its_own_is_read_as_it_is_written():
    assert title("encoder_reset_gate.2") == "encoder reset gate, layer 2"
    assert title("provenance/cell.1") == "what is left of each step in cell state, layer 1"
    assert title("sigma/preactivation.1") == "sigma of preactivation, layer 1"


def test_a_layer_without_time_is_drawn_as_bars_and_a_decoder_at_its_own_dates(tmp_path):
    series = wave()
    with described(tmp_path, "fnn") as trace:
        assert picture(trace, "hidden").figure.data[0].type == "bar"
    with described(tmp_path, "seq2seq") as trace:
        heatmap = picture(trace, "hidden", signal="decoder.1").figure.data[0]
    assert list(heatmap.customdata[0]) == [f"{stamp:%b %Y}" for stamp in series.index[108:111]]


@pytest.mark.parametrize("freq", ["MS", "QS", "W-SUN", "D", "B", "h", "30min", "s"])
def test_no_two_stamps_of_a_day_look_alike(tmp_path, freq):
    series = wave(120, freq)
    said = series.index.strftime(stamp_format(series.index))
    assert len(set(said)) == len(said)
    with described(tmp_path, "lstm", series) as trace:
        hovers = {line.hovertemplate for line in picture(trace, "forecast").figure.data}
    assert all(f"%{{x|{stamp_format(series.index)}}}" in hover for hover in hovers)


def test_days_stamped_at_noon_say_so():
    assert stamp_format(pd.date_range("2020-01-01 12:00", periods=4, freq="D")) == "%-d %b %Y %H:%M"


def test_an_axis_drawn_before_anything_was_recorded_has_no_range_yet(tmp_path):
    with described(tmp_path, "lstm") as trace:
        assert picture(trace, "gradients").beside.figure.layout.yaxis.range is None


def test_numbers_say_to_which_weights_they_belong(tmp_path):
    with described(tmp_path, "lstm") as trace:
        said = {number.name: number for number in numbers(trace)}
    assert said["loss"].title == "batch loss, before the update"
    assert said["validation"].title == "validation, after the update"
    assert all(number.applies for number in said.values())


@pytest.mark.parametrize(
    ("model", "settings", "dashes"), [("sarima", {}, {"epoch", "scale"}), ("lstm", {"clip": 0}, {"scale"})]
)
def test_what_a_run_has_not_is_a_dash(tmp_path, model, settings, dashes):
    with described(tmp_path, model, settings=settings) as trace:
        assert {number.name for number in numbers(trace) if not number.applies} == dashes


def test_validation_is_measured_when_the_readout_believes_it_is(tmp_path):
    series = wave()
    path = kept(series, small(series, settings={"updates": 30}), tmp_path)
    Worker(path).work()
    with Trace(path) as trace:
        measured = trace.steps[np.isfinite(trace.history("validation"))]
        every = trace.facts["measured"]
        believed = [step for step in trace.steps if step % every == 0 or step == trace.facts["updates"]]
    assert list(measured) == believed
