"""A forecast, a comparison, a choice and the search for leaks in one call, from Python and from the command line."""

from __future__ import annotations

import contextlib
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

import engine
from engine.cli import app
from engine.comparing import asking, conformal
from engine.comparing.board import board, coverage, said
from engine.comparing.plan import plan
from engine.comparing.recommending import choose
from engine.comparing.rolled import gather
from engine.comparing.verdict import verdict
from engine.errors import Lesson
from engine.forecasting import forecaster, forecasters
from engine.nouns.series import Series
from engine.samples import sample
from tests.makers import wave

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def hourly():
    """A day's rhythm and noise: a season of 24 is worth knowing."""
    random, hours = np.random.default_rng(4), np.arange(24 * 20)
    values = 50 + 10 * np.sin(2 * np.pi * hours / 24) + random.normal(size=len(hours))
    return Series("load", pd.date_range("2024-01-01", periods=len(hours), freq="h"), values)


def called(*arguments):
    return CliRunner().invoke(app, list(map(str, arguments)))


def test_a_forecast_has_the_stamps_to_come_and_an_interval_around_its_points():
    found = engine.forecast("AirPassengers", "theta", horizon=4, level=80)
    series = sample("AirPassengers")
    assert found.index.equals(series.future(4))
    np.testing.assert_array_equal(found["point"], forecaster("theta").fit(series, 4, 0).forecast(series, 4).point)
    width = found["upper"] - found["point"]
    assert (width > 0).all()
    np.testing.assert_allclose(found["point"] - found["lower"], width)


def test_several_series_are_one_grid_and_each_is_compared_as_it_would_be_alone(hourly):
    other, heard = wave(100), []
    asked = {"horizon": 6, "origins": 3, "workers": 1}
    both = engine.backtests([hourly, other], ["theta"], told=lambda event, of: heard.append((event.state, of)), **asked)
    assert {of for _, of in heard} == {2 * 5 * 3}  # two series, four naive lines and Theta, three origins
    assert sum(state == "done" for state, _ in heard) == 30
    for series, found in zip((hourly, other), both, strict=True):
        pd.testing.assert_frame_equal(found.table, engine.backtest(series, ["theta"], **asked).table)
        assert found.plan.series == series.hash


def test_the_width_is_the_conformal_one_of_the_past(hourly):
    found = engine.forecast(hourly, "seasonal_naive", horizon=2, level=90)
    origins = tuple(range(480 - 2 - 39, 480 - 1))
    errors = [[hourly.values[o + h] - hourly.values[o + h - 24] for h in range(2)] for o in origins]
    np.testing.assert_allclose(found["upper"] - found["point"], conformal.ahead(np.array(errors), origins, 90))


def test_the_command_line_prints_what_python_gives():
    done = called("forecast", "AirPassengers", "--model", "drift", "--horizon", 3, "--level", 80, "--json")
    assert done.exit_code == 0, done.output
    printed, given = json.loads(done.stdout), engine.forecast("AirPassengers", "drift", 3, level=80)
    assert printed["index"] == ["1961-01-01T00:00:00", "1961-02-01T00:00:00", "1961-03-01T00:00:00"]
    for name in ("point", "lower", "upper"):
        assert printed[name] == given[name].tolist()


def test_too_short_a_past_has_no_interval_and_says_so(tmp_path):
    rows = [f"{stamp:%Y-%m-%d},{value}" for stamp, value in zip(wave(28).index, wave(28).values, strict=True)]
    (tmp_path / "short.csv").write_text("month,value\n" + "\n".join(rows))
    done = called("forecast", tmp_path / "short.csv", "--model", "drift", "--horizon", 2, "--json")
    assert json.loads(done.stdout)["lower"] == [None, None]
    assert "too short" in done.stderr


def test_backtest_prints_the_table_of_the_comparison():
    done = called("backtest", "AirPassengers", "--models", "theta", "--horizon", 3, "--origins", 4, "--workers", 1,
                  "--json")  # fmt: skip
    assert done.exit_code == 0, done.output
    printed = json.loads(done.stdout)
    names = [row["name"] for row in printed["table"]]
    assert set(names) == {"theta", "last_value", "seasonal_naive", "drift", "seasonal_drift"}
    errors = [row["MAE"] for row in printed["table"]]
    assert errors == sorted(errors)
    assert "m = 12" in printed["definitions"]["MASE"]
    assert printed["refit"] == "fitted anew at every origin"
    assert printed["verdict"]
    series, origins = sample("AirPassengers"), (132, 135, 138, 141)
    last = [np.abs(series.values[o : o + 3] - series.values[o - 1]) for o in origins]
    assert {row["name"]: row["MAE"] for row in printed["table"]}["last_value"] == pytest.approx(np.mean(last))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["forecast", "AirPassengers", "--model", "oracle"], "The forecasters are"),
        (["forecast", "AirPassengers", "--model", "ets", "--strategy", "direct"], "no network"),
        (["forecast", "AirPassengers", "--level", "100"], "between 0 and 100"),
        (["forecast", "AirPassengers", "--horizon", "0"], "at least"),
        (["backtest", "AirPassengers", "--horizon", "140"], "Shorten the horizon"),
        (["backtest", "AirPassengers", "--models", "oracle"], "The forecasters are"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, words):
    done = called(*arguments)
    assert done.exit_code == 1
    assert words in " ".join(done.output.split())
    assert "Traceback" not in done.output


def made(errors, horizon=2):
    """What there would be if forecasters were off by these errors: by name (F,)."""
    series = wave(200)
    count = len(next(iter(errors.values())))
    chosen = plan(series, list(errors), horizon, count, horizon, seeds=1)
    truth = np.stack([series.values[o : o + horizon] for o in chosen.origins])
    points = {name: (truth + np.asarray(off)[:, None])[None] for name, off in errors.items()}
    return gather(series, chosen.origins, horizon, points, {}), chosen


def test_the_verdict_says_when_the_naive_line_wins_when_it_is_noise_and_when_a_model_wins():
    random = np.random.default_rng(2)
    big, small = (scale * (1 + 0.5 * random.random(24)) for scale in (2.0, 0.2))
    assert "naive line wins" in verdict(made({"drift": small, "ets": big})[0])
    assert verdict(made({"drift": big, "ets": small})[0]).startswith("**ETS beats the naive lines")
    assert "Noise" in verdict(made({"drift": big, "ets": 0.99 * big[::-1]})[0])
    assert "Nothing but naive lines" in verdict(made({"drift": big})[0])


def test_an_average_is_recommended_unless_one_leads_by_more_than_chance():
    random = np.random.default_rng(2)
    left, right = random.normal(size=24), random.normal(size=24)
    choice = choose(*made({"ets": left, "theta": right, "drift": left + 3}))
    assert choice.name in ("mean", "median", "inverse")
    assert choice.members == ("ets", "theta")
    assert sum(choice.weights) == pytest.approx(1)
    choice = choose(*made({"ets": left / 9 + 3, "fnn": left / 9 + 3, "theta": 0.3 * right, "drift": left + 3}))
    assert (choice.name, choice.members) == ("theta", ("theta",))
    assert "more than chance" in choice.sentence


def test_the_recommended_one_forecasts_as_its_members_do():
    series = sample("AirPassengers")
    choice = engine.recommend(series, 3, ["seasonal_naive", "theta", "seasonal_drift"])
    point = choice.fit(series, 3).forecast(series, 3).point
    members = [forecaster(name).fit(series, 3, 0).forecast(series, 3).point for name in choice.members]
    np.testing.assert_allclose(point, np.average(members, axis=0, weights=choice.weights))


def test_a_recommendation_sees_nothing_after_the_end_of_its_past():
    series = sample("AirPassengers")
    changed = Series("other", series.index, np.where(np.arange(144) < 120, series.values, 1e9))
    left, right = (engine.recommend(Series("x", s.index[:120], s.values[:120]), 3, ["theta", "drift"])
                   for s in (series, changed))  # fmt: skip
    assert (left.name, left.weights) == (right.name, right.weights)


def test_nothing_of_the_future_reaches_a_baseline(hourly):
    assert engine.leaks(hourly, ["last_value", "drift", "theta"], 6, 2) == dict.fromkeys(
        ("last_value", "drift", "theta"), False
    )


def test_a_forecaster_that_peeks_is_found(monkeypatch):
    series = sample("AirPassengers")

    class Peeking:
        def forecast(self, history, horizon, levels=()):
            honest = forecaster("drift").fit(history, horizon, 0).forecast(history, horizon)
            return type(honest)(honest.origin, honest.index, honest.point + 1e-9 * seen[-1][-1])

    seen = []
    poisoned = asking.holds.__globals__["poisoned"]

    def looked_at(*arguments):
        seen.append(poisoned(*arguments).values)
        return poisoned(*arguments)

    seen.append(series.values)
    monkeypatch.setitem(asking.holds.__globals__, "poisoned", looked_at)
    peeking = type(forecaster("drift"))("peek", "Peek", "It looks.", lambda *_: Peeking())
    monkeypatch.setitem(forecasters(), "peek", peeking)
    assert engine.leaks(series, ["peek"], 3, 2) == {"peek": True}


def test_coverage_is_counted_where_there_were_intervals():
    found, _ = made({"drift": np.random.default_rng(1).normal(size=40)})
    within = coverage(found, "drift", 90)
    one = said(found, "drift", (80, 90), 90)
    some = np.isfinite(one.lower[:, 0])
    inside = (one.lower[some, 0] <= one.truth[some, 0]) & (one.truth[some, 0] <= one.upper[some, 0])
    assert within.share[0] == inside.mean()
    assert within.lowest[0] <= 0.9 <= within.highest[0]
    (row,) = board(found, (80, 90), 90)
    assert row.scores["coverage"] == pytest.approx(np.mean(within.share))


def test_the_documented_examples_run():
    code = "\n".join(re.findall(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text(), re.DOTALL))
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, "docs/api.md", "exec"), {})
    assert "144 MS 12" in printed.getvalue()
    for name in engine.__all__:
        assert f"engine.{name}(" in code


def test_importing_the_engine_stays_light():
    script = (
        "import sys, engine; dir(engine)\n"
        "sys.exit(str([m for m in ('torch', 'statsmodels', 'scipy', 'numba', 'pandas', 'numpy') if m in sys.modules]"
        " or ''))"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.strip() == ""
    with pytest.raises(AttributeError, match="offers no"):
        _ = engine.oracle


def test_a_series_too_short_to_look_back_on_is_a_lesson():
    with pytest.raises(Lesson, match="do not fit"):
        engine.recommend(wave(26), 6, ["drift", "theta"])
