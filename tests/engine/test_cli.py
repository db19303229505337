"""The command line does what the app does, and says what is wrong in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from engine import control, runs
from engine.cli import app
from engine.nouns.trace import Trace
from tests.makers import wave

FAST = ["--set", "updates=4", "--set", "hidden=4", "--window", "12", "--horizon", "3", "--validation", "12"]


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    series = wave(90)
    path = tmp_path / "wave.csv"
    rows = [f"{stamp:%Y-%m-%d},{value}" for stamp, value in zip(series.index, series.values, strict=True)]
    path.write_text("month,value\n" + "\n".join(rows))
    return path


def train(*arguments):
    return CliRunner().invoke(app, ["train", *map(str, arguments)])


@pytest.mark.parametrize("model", ["rnn", "lstm", "cnn"])
def test_train_leaves_a_run_file_that_opens(csv, model):
    done = train(csv, "--model", model, *FAST, "--seed", 3)
    assert done.exit_code == 0, done.output
    with Trace(done.stdout.strip()) as trace:
        assert (trace.run.model, trace.run.seed, trace.run.window) == (model, 3, 12)
        assert trace.steps.tolist() == [0, 1, 2, 3, 4]
        assert trace.status.state == "finished"


def test_train_takes_a_sample_by_name_and_a_sarima():
    done = train("AirPassengers", "--model", "sarima", "--set", "transform=log", "--set", "order=[0,1,1]")
    assert done.exit_code == 0, done.output
    with Trace(done.stdout.strip()) as trace:
        assert trace.run.transform == "log"


def test_the_same_command_again_has_nothing_left_to_do(csv):
    one, other = train(csv, *FAST), train(csv, *FAST)
    assert one.stdout == other.stdout
    with Trace(one.stdout.strip()) as trace:
        assert trace.steps.tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nowhere.csv"], "could not be read"),
        (["AirPassengers", "--model", "oracle"], "The models are"),
        (["AirPassengers", "--horizon", "200"], "horizon of at most"),
        (["AirPassengers", "--set", "hidden"], "name=value"),
        (["AirPassengers", "--set", "hidden=none"], "hidden"),
        (["AirPassengers", "--model", "cnn", "--set", "learning_rate=1e5", "--set", "optimiser=sgd", "--set", "clip=0"],
         "smaller learning rate"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence_without_a_traceback(arguments, words):
    done = train(*arguments)
    assert done.exit_code == 1
    assert words in " ".join(done.output.split())
    assert "Traceback" not in done.output


def test_an_empty_file_is_a_lesson(tmp_path):
    empty = tmp_path / "empty.csv"
    empty.touch()
    done = train(empty)
    assert done.exit_code == 1
    assert "empty" in done.output


def test_a_run_that_was_paused_elsewhere_goes_on(csv):
    first = train(csv, *FAST, "--seed", 4)
    with Trace(first.stdout.strip()) as trace:
        again = runs.keep(trace.run.model_copy(update={"seed": 5}), trace.series)
    control.send(again, "pause")
    done = train(csv, *FAST, "--seed", 5)
    assert done.exit_code == 0
    assert done.stdout.strip() == str(again)
    with Trace(again) as trace:
        assert trace.status.state == "finished"
