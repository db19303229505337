"""Whatever is chosen in a view, what is drawn, written and coloured is what is stored, at every update."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pytest

from dashboard.views.contract import SUBSTEPS, Binding, Picture, Scene, View, parts, views
from dashboard.views.filling import picture_at
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import holds
from tests.makers import kept, small, wave
from tests.scenes import remembering, seen

MODELS = {
    "lstm": {"layer_norm": True, "record_gates": True},
    "cnn": {"layers": 2},
    "gated cnn": {"gated": True, "layers": 2},
    "gru": {"layers": 2},
    "seq2seq": {"cell": "lstm"},
    "fnn": {},
    "sarima": {},
}
SAID = re.compile(r"%\{(\w+)(?:\[(\d)\])?:")
"""A number in a label; what stands there without a format is a name or a date."""
COUNTED = {"delta", "final"}
"""What Plotly itself makes of a waterfall's bars."""


@dataclass(frozen=True)
class Chosen:
    """A view under one choice."""

    view: str
    choice: dict[str, str]
    picture: Picture

    def __str__(self) -> str:
        return f"{self.view} {self.choice}"


Shown = tuple[Scene, list[Chosen]]


@pytest.fixture(scope="module", params=MODELS)
def shown(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Scene, list[Chosen]]]:
    """A run's scene, and every view that it has under every choice."""
    name, series = request.param, wave(60)
    few = {} if name == "sarima" else {"updates": 2, "hidden": 3, "clip": 0.5}
    run = small(series, name.split()[-1], {**few, **MODELS[name]}, window=6)
    path = kept(series, run, tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as trace:
        scene = remembering(seen(trace))
        there = [view for view in views().values() if not view.lacking(scene)]
        yield scene, [Chosen(v.name, choice, v.picture(scene, choice)) for v in there for choice in choices(v, scene)]


def choices(view: View, scene: Scene) -> Iterator[dict[str, str]]:
    asked = view.options(scene)
    for choice in itertools.product(*asked.values()):
        yield dict(zip(asked, choice, strict=True))


def told(array: np.ndarray, axes: Sequence[str], binding: Binding, time: int, unit: int) -> np.ndarray:
    """What should be drawn of an array, written down once more: cut, then reduced."""
    picks, shown = {"time": time, "unit": unit}, np.array(array)
    for axis, kind in binding.at.items():
        steps = np.arange(array.shape[list(axes).index(axis)])
        gone = {"until": steps > time, "from": steps < time}.get(kind)
        if gone is not None:
            np.moveaxis(shown, list(axes).index(axis), 0)[gone] = np.nan
    place = tuple(
        min(picks[binding.at[axis]], length - 1) if binding.at.get(axis) in picks else slice(None)
        for axis, length in zip(axes, array.shape, strict=True)
    )
    shown = shown[place]
    if binding.reduce == "norm":
        return np.maximum(np.sqrt((shown.astype(float) ** 2).sum(-1)), binding.floor)
    shown = np.maximum(abs(shown.astype(float)), binding.floor) if binding.floor else shown
    return np.log10(shown) if binding.reduce == "log10" else shown


def test_every_choice_draws_what_is_stored_and_a_value_has_one_colour(shown: Shown) -> None:
    scene, chosen = shown
    picks, substeps = itertools.cycle([(4, 0), (0, 2), (5, 1)]), itertools.cycle(SUBSTEPS)
    for one in chosen:
        time, unit = next(picks)
        for part in parts(one.picture):
            spans = []
            for step in (0, int(scene.trace.steps[-1])):
                figure = picture_at(scene, part, step, time, unit, next(substeps))
                assert not [note for note in figure.layout.annotations if "not recorded" in (note.text or "")], one
                holds(figure, scene, part, step, partial(told, time=time, unit=unit), str(one))
                axes = {figure.data[b.trace].coloraxis for b in part.bindings if b.attribute == "z"} - {None}
                spans.append({axis: (figure.layout[axis].cmin, figure.layout[axis].cmax) for axis in axes})
            assert all(span == spans[0] for span in spans), one


def test_a_label_says_no_number_that_the_clock_does_not_fill(shown: Shown) -> None:
    for one in shown[1]:
        for part in parts(one.picture):
            filled = {(binding.trace, binding.attribute) for binding in part.bindings}
            for number in {trace for trace, _ in filled}:
                trace = part.figure.data[number]
                labels = f"{trace.hovertemplate} {trace.to_plotly_json().get('texttemplate')}"
                said = {name for name, _ in SAID.findall(labels)} - COUNTED
                still = {name for name in said if (number, name) not in filled}
                assert still <= {"x", "y"}, f"{one}: {still}"
                assert all(trace[name] is not None for name in still), f"{one}: {still}"


def test_no_two_choices_of_a_view_are_the_same_picture(shown: Shown) -> None:
    found: dict[str, str] = {}
    for one in shown[1]:
        said = repr([one.view] + [(part.figure.to_json(), part.bindings) for part in parts(one.picture)])
        assert said not in found, f"{one} looks like {found[said]}"
        found[said] = str(one)
