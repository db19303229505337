"""Whatever is recorded or recomputed, every view draws it, and draws it as it is. Views are found, not listed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.views.contract import SUBSTEPS, View, parts, views
from dashboard.views.difference import difference
from dashboard.views.filling import drawn, picture_at
from engine.nouns.trace import Trace
from engine.worker import work
from tests.dashboard.drawing import holds
from tests.makers import kept, small, wave
from tests.scenes import made_up, seen

MODELS = {"lstm": {"layer_norm": True}, "cnn": {}, "seq2seq": {}, "fnn": {}, "sarima": {}}


@pytest.fixture(scope="module", params=MODELS)
def trace(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trace]:
    series = wave(60)
    few = {} if request.param == "sarima" else {"updates": 3, "hidden": 3}
    run = small(series, request.param, {**few, **MODELS[request.param]}, window=8)
    path = kept(series, run, tmp_path_factory.mktemp("runs"))
    work(path)
    with Trace(path) as opened:
        yield opened


def odd(kind: str, seed: int) -> object:
    """Numbers as a run gone wrong may have them, for any shape."""

    def make(shape: tuple[int, ...]) -> np.ndarray:
        random = np.random.default_rng(seed)
        numbers = random.normal(size=shape) * {"plain": 1.0, "tiny": 1e-30, "huge": 1e30, "zero": 0.0}.get(kind, 1.0)
        if kind == "holes":
            numbers[random.random(shape) < 0.5] = np.nan
            numbers[random.random(shape) < 0.2] = np.inf
        return np.full(shape, np.nan) if kind == "nothing" else numbers

    return make


@settings(max_examples=3, deadline=None)
@given(
    kind=st.sampled_from(["plain", "tiny", "huge", "zero", "holes", "nothing"]),
    seed=st.integers(0, 99),
    time=st.integers(0, 7),
    unit=st.integers(0, 2),
    substep=st.sampled_from(SUBSTEPS),
)
def test_no_number_is_too_odd_to_be_drawn_as_it_is(
    trace: Trace, kind: str, seed: int, time: int, unit: int, substep: str
) -> None:
    scene = made_up(trace, odd(kind, seed))
    step = int(trace.steps[-1])
    with np.errstate(all="ignore"):
        for view in (one for one in views().values() if not one.lacking(scene)):
            for part in parts(view.picture(scene, {})):
                shown = picture_at(scene, part, step, time, unit, substep)
                holds(shown, scene, part, step, partial(drawn, time=time, unit=unit), view.name)


@pytest.mark.parametrize("view", views().values(), ids=lambda view: view.name)
def test_a_view_says_what_it_shows_and_binds_only_what_is_there(view: View, trace: Trace) -> None:
    scene = seen(trace)
    if view.lacking(scene):
        assert len(view.lacking(scene).split()) > 4  # a sentence, never an empty chart
        return
    choices = view.options(scene)
    pictures = [view.picture(scene, {})]
    pictures += [view.picture(scene, {option: value}) for option, values in choices.items() for value in [*values][1:2]]
    for picture in pictures:
        assert picture.sentence
        assert picture.how
        for part in parts(picture):
            assert all(number < len(part.figure.data) for number in part.during)
            assert all(set(when) <= set(SUBSTEPS) for when in part.during.values())
            assert all(number < len(part.figure.data) for number in part.phased)
            assert all(phase < len(picture.phases) for some in part.phased.values() for phase in some)
            assert all(set(when) <= set(SUBSTEPS) for when in part.acts.values())
            for binding in part.bindings:
                assert binding.trace < len(part.figure.data)
                if binding.mode == "frame":
                    assert set(binding.at) <= set(scene.offered[binding.source].axes)
            for axis in (*part.cursors, *part.sweeps, *part.acts):
                used = {trace_.xaxis or "x" for trace_ in part.figure.data}
                assert axis in used


def test_a_run_less_itself_is_nothing(trace: Trace) -> None:
    scene = seen(trace)
    picture = views()["hidden"].picture(scene, {})
    less = difference(scene, scene, picture)
    if less is not None:
        assert {binding.source for binding in less.bindings} <= set(scene.offered)
        assert less.figure.layout.coloraxis.cmin == -less.figure.layout.coloraxis.cmax
        assert isinstance(picture.figure, go.Figure)
