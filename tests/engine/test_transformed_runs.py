"""What a run makes of transforms, scalings and differences: forecasts in the series' unit, nothing of the future."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import numpy as np
import pytest

from engine.contract import models
from engine.errors import Lesson
from engine.explaining.asking import as_json
from engine.explaining.moment import Moment
from engine.nouns.explanation import Place
from engine.nouns.run import Run
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from engine.preparing.prepare import Prepared, naive, prepare, split_of
from engine.runs import keep
from engine.strategies.answers import answers
from engine.strategies.asked import Asked
from engine.training.device import device
from engine.training.windows import Windows
from engine.worker import work
from tests.engine.test_transforming import DIFFERENCES, SCALINGS, TRANSFORMS
from tests.makers import accompanied, small, wave


def decided(series: Series, transform: str, scaling: str, times: tuple[int, int], model: str = "rnn") -> Run:
    return small(
        series, model, {"updates": 3}, transform=transform, scaling=scaling, difference=times[0],
        seasonal_difference=times[1],
    )  # fmt: skip


@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("times", DIFFERENCES)
def test_what_is_prepared_comes_back_in_the_unit_of_the_series(transform, scaling, times):
    series = accompanied(150)
    prepared = prepare(decided(series, transform, scaling, times), series)
    origins, horizon = np.array([60, prepared.split, 140]), 10
    scaled = np.stack([prepared.scaled[o : o + horizon] for o in origins])
    truth = np.stack([series.values[o : o + horizon] for o in origins])
    np.testing.assert_allclose(prepared.to_unit(scaled, origins), truth, rtol=1e-9)


def poisoned(series: Series, split: int, poison: float) -> Series:
    """Everything from the split on is `poison`, beside it too."""
    values, table = np.array(series.values), np.array(series.covariates.values)
    values[split:], table[split : len(series)] = poison, poison
    return dataclasses.replace(series, values=values, covariates=dataclasses.replace(series.covariates, values=table))


@pytest.mark.parametrize("poison", [1e9, np.nan])
@pytest.mark.parametrize("transform", TRANSFORMS)
@pytest.mark.parametrize("scaling", SCALINGS)
@pytest.mark.parametrize("times", DIFFERENCES)
def test_nothing_after_the_split_reaches_what_is_prepared(poison, transform, scaling, times):
    series = accompanied(150)
    run = decided(series, transform, scaling, times)
    for split in (split_of(run, len(series)), 100):
        clean, dirty = (prepare(run, of, split) for of in (series, poisoned(series, split, poison)))
        assert clean.learned == dirty.learned
        assert clean.beside == dirty.beside
        np.testing.assert_array_equal(clean.scaled[:split], dirty.scaled[:split])
        np.testing.assert_array_equal(clean.covariates[:split], dirty.covariates[:split])
        starts = clean.training_starts
        for one, other in zip(*(taken(p, starts) for p in (clean, dirty)), strict=True):
            np.testing.assert_array_equal(one, other)


def taken(prepared: Prepared, starts: np.ndarray) -> list[np.ndarray]:
    return [tensor.numpy() for tensor in Windows(prepared, 8, device()).take(starts)]


@pytest.mark.parametrize("model", models())
def test_nothing_after_the_split_reaches_what_a_model_learns(model):
    series = accompanied(150)
    settings = {"iterations": 2} if model == "sarima" else {"updates": 3}
    times = {} if model == "sarima" else {"difference": 1}
    run = small(series, model, settings, transform="box-cox", **times)
    learned = []
    for of in (series, poisoned(series, split_of(run, len(series)), 1e9)):
        learned.append([frame.signals["weights"] for frame in models()[model].fit(run, of)])
    for one, other in zip(*learned, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("model", [name for name in models() if name != "sarima"])
def test_every_network_forecasts_in_the_unit_of_the_series_when_shown_changes(model):
    series = dataclasses.replace(wave(150), values=wave(150).values + np.arange(150))
    run = decided(series, "log", "standard", (1, 1), model)
    assert run.anchor == "level"
    frames = list(models()[model].fit(run, series))
    (frame,) = models()[model].observe(run, series, frames[-1:])
    split = split_of(run, len(series))
    assert frame.signals["forecast"] == pytest.approx(series.values[split : split + run.horizon], rel=0.15)
    lens = models()[model].lens
    seen = lens.look(run, series, frame.signals["weights"][None], split - run.window, ["forecast"])
    np.testing.assert_allclose(seen["forecast"][0], frame.signals["forecast"], rtol=1e-12)
    with pytest.raises(Lesson, match="have no difference"):
        lens.look(run, series, frame.signals["weights"][None], 3, ["forecast"])


@pytest.mark.parametrize("times", DIFFERENCES)
def test_the_naive_line_is_the_same_whatever_a_network_is_shown(times):
    series = wave(150)
    prepared = prepare(decided(series, "box-cox", "robust", times), series)
    season = series.values[prepared.split - 12 : prepared.split - 9]
    np.testing.assert_allclose(prepared.to_unit(naive(prepared, prepared.split), prepared.split), season, rtol=1e-9)


def test_the_test_part_is_neither_learned_from_nor_judged_by():
    series = wave(150)
    run = small(series, test=20)
    prepared = prepare(run, series)
    assert (prepared.split, prepared.end) == (118, 130)
    assert prepared.training_starts[-1] + run.window + run.horizon == 118
    assert prepared.validation_starts[0] + run.window == 118
    assert prepared.validation_starts[-1] + run.window + run.horizon == 130
    frames = [
        [(f.loss, f.validation) for f in models()["lstm"].fit(run, of)] for of in (series, poisoned(series, 130, 1e9))
    ]
    np.testing.assert_array_equal(*frames)


def test_a_run_in_which_nothing_new_was_chosen_keeps_its_id():
    run = Run(series="0" * 16, model="rnn", settings={}, scaling="standard", difference=0)
    before = {
        "series": "0" * 16, "model": "rnn", "settings": {}, "window": 48, "horizon": 12, "validation": 24,
        "transform": "none", "anchor": "change", "covariates": [], "known_ahead": [], "seed": 0,
    }  # fmt: skip
    text = json.dumps(before, sort_keys=True, separators=(",", ":"))
    assert run.id == hashlib.sha256(text.encode()).hexdigest()[:16]
    for chosen in ({"test": 5}, {"difference": 1}, {"seasonal_difference": 1}, {"scaling": "range"}):
        other = run.model_copy(update=chosen)
        assert other.id != run.id
        assert Run.model_validate_json(other.model_dump_json()) == other


def test_a_number_from_a_covariate_opens_down_to_the_persons_own_value():
    series = accompanied()
    run = small(series, "rnn", {"updates": 2}, transform="box-cox", difference=1)
    path = keep(run, series)
    work(path)
    with Trace(path) as trace:
        moment, prepared = Moment(trace, 0), prepare(run, series)
        start = prepared.probe.start
        for text, column, position in (
            ("x[window=probe, t=5, feature=2]", 1, start + 5),
            ("known[window=probe, ahead=1, feature=0]", 0, prepared.split + 1),
        ):
            said = as_json(moment.explain(Place.parse(text)))
            assert said["operation"] == "preparation of the series"
            (raw,) = [operand for operand in said["operands"] if operand["place"].startswith("covariate[")]
            assert raw["place"] == f"covariate[position={position}, column={column}]"
            assert raw["value"] == series.covariates.values[position, column]
            assert run.covariates[column] in raw["role"]
            for operand in said["operands"]:
                again = moment.explain(Place.parse(operand["place"]))
                assert (again.result, str(again.place)) == (operand["value"], operand["place"])
        target = moment.explain(Place.parse("x[window=probe, t=5, feature=0]"))
        assert target.operation == "preparation of the series"
        read = {operand.value for operand in target.operands}
        assert {series.values[start + 5], series.values[start + 4], prepared.learned.power.exponent} <= read


@pytest.mark.parametrize("model", ["rnn", "seq2seq"])
def test_a_network_that_is_shown_changes_is_asked_from_any_origin(model):
    """The zero network says “no change”: its forecast is drawn on from the two values before."""
    series = dataclasses.replace(wave(150), values=100 + 3.0 * np.arange(150))
    jagged = dataclasses.replace(series, values=series.values + np.arange(150) % 2)
    run = decided(jagged, "none", "none", (2, 0), model)
    network = next(iter(models()[model].fit.args))
    count = sum(
        int(np.prod(shape)) for shape in network.shapes(network.settings.model_validate(run.settings), run).values()
    )
    asked = Asked(network, run, jagged, np.zeros(count), 3)
    found = answers(asked, np.array([50, 147, 150]))
    for row, origin in enumerate((50, 147, 150)):
        before, last = jagged.values[origin - 2 : origin]
        np.testing.assert_allclose(found.point[row], last + (last - before) * np.arange(1, 4), rtol=1e-12)
    if model == "seq2seq":  # told the truth, each step is drawn on from the true values
        values = jagged.values
        np.testing.assert_allclose(found.guided[0], [2 * values[o - 1] - values[o - 2] for o in (50, 51, 52)])
