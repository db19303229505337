"""The views: figures are inspected as data, never as pixels. `pytest tests/dashboard/test_views.py`"""

from pathlib import Path

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.views.contract import Binding, Scene, View, parts, views
from dashboard.views.filling import drawn, historical, history, picture_at, reduced
from engine.nouns.frame import Frame, Signal
from engine.nouns.runfile import Recorder, create
from engine.nouns.trace import Trace
from engine.preparing.prepare import naive, prepare
from engine.worker import work
from tests import traces
from tests.makers import kept, small, wave
from tests.scenes import seen


@pytest.fixture(scope="module")
def trace(tmp_path_factory: pytest.TempPathFactory) -> Trace:
    with Trace(traces.write(tmp_path_factory.mktemp("runs") / "a.run", updates=30, units=5, layers=2)) as opened:
        yield opened


@pytest.fixture(scope="module")
def scene(trace: Trace) -> Scene:
    return seen(trace)


def test_discovery_finds_the_four_pictures_of_the_cockpit() -> None:
    assert {"loss", "hidden", "gradients", "forecast"} <= set(views())


@pytest.mark.parametrize("view", views().values(), ids=lambda view: view.name)
def test_a_view_names_itself_and_binds_only_what_it_draws(view: View, scene: Scene) -> None:
    assert view.title
    picture, trace = view.picture(scene, {}), scene.trace
    assert picture.sentence
    assert picture.how
    for part in parts(picture):
        for binding in part.bindings:
            assert binding.trace < len(part.figure.data)
            if binding.mode == "frame":
                assert binding.source in scene.offered
            else:
                assert len(history(trace, binding.source)) == len(trace.steps)


@pytest.mark.parametrize("view", views().values(), ids=lambda view: view.name)
def test_the_shown_values_are_the_stored_values(view: View, scene: Scene) -> None:
    trace = scene.trace
    for part in parts(view.picture(scene, {})):
        shown = picture_at(scene, part, 17)
        for binding in part.bindings:
            if binding.mode == "frame" and binding.source not in trace.signals:
                assert "not recorded" in shown.layout.annotations[-1].text
                continue
            there = np.asarray(shown.data[binding.trace][binding.attribute], float)
            if binding.mode == "frame":
                np.testing.assert_array_equal(there, reduced(trace.frame(17).signals[binding.source], binding))
            elif binding.mode == "now":
                assert there[0] == pytest.approx(history(trace, binding.source)[17], nan_ok=True)
            else:
                np.testing.assert_array_equal(there, historical(trace, binding)[1])


def test_filling_leaves_the_picture_as_it_was(scene: Scene) -> None:
    picture = views()["hidden"].picture(scene, {})
    picture_at(scene, picture, 3)
    assert picture.figure.data[0].z is None


def test_units_are_rows_and_hover_says_the_date(trace: Trace, scene: Scene) -> None:
    heatmap = picture_at(scene, views()["hidden"].picture(scene, {"signal": "hidden.2"}), 29).data[0]
    assert heatmap.transpose
    assert heatmap.z.shape == (48, 5)
    assert np.shape(heatmap.customdata) == (5, 48)
    assert heatmap.customdata[0][-1] == trace.series.index[240 - 24 - 1].strftime("%b %Y")


def test_the_colour_range_is_that_of_the_run_and_grows(trace: Trace, scene: Scene) -> None:
    picture = views()["hidden"].picture(scene, {})
    largest = float(np.abs(trace.stack("hidden.1", trace.steps)).max())
    assert picture.figure.layout.coloraxis.cmax == pytest.approx(largest)
    picture.figure.layout.coloraxis.update(cmin=-0.01, cmax=0.01)
    axis = picture_at(scene, picture, 29).layout.coloraxis
    assert axis.cmax == pytest.approx(float(np.abs(trace.stack("hidden.1", [29])).max()))
    assert axis.cmin == -axis.cmax


def test_a_choice_for_each_signal_in_plain_words(scene: Scene) -> None:
    assert views()["hidden"].options(scene) == {
        "signal": {"hidden.1": "hidden state, layer 1", "hidden.2": "hidden state, layer 2"}
    }


def test_the_forecast_stands_in_the_unit_of_the_series_at_its_dates(trace: Trace, scene: Scene) -> None:
    figure = picture_at(scene, views()["forecast"].picture(scene, {}), 29)
    lines = {one.name: one for one in figure.data}
    prepared = prepare(trace.run, trace.series)
    assert list(lines["forecast"].x) == list(trace.series.index[prepared.target])
    assert list(lines["beyond the data"].x) == list(trace.series.future(12))
    np.testing.assert_array_equal(lines["naive"].y, prepared.to_unit(naive(prepared, prepared.split)))
    assert figure.layout.yaxis.title.text == "thousand"


def test_a_likelihood_and_an_error_do_not_share_an_axis(tmp_path: Path) -> None:
    path = traces.write(tmp_path / "sarima.run", updates=3)
    with Trace(path) as opened:
        opened.facts["loss"] = "minus log-likelihood per value (scaled)"
        figure = views()["loss"].picture(seen(opened), {}).figure
    assert {one.yaxis for one in figure.data if one.name in ("training", "validation")} == {"y", "y2"}
    assert {one.yaxis for one in figure.data if one.name == "naive forecast"} == {"y2"}
    assert figure.layout.yaxis.type != "log"


def test_a_run_that_has_not_begun_has_pictures_too(tmp_path: Path) -> None:
    series = traces.a_series()
    create(tmp_path / "new.run", traces.a_run(series), series)
    with Trace(tmp_path / "new.run") as opened:
        for view in views().values():
            scene = seen(opened)
            for part in parts(view.picture(scene, {})):
                assert isinstance(picture_at(scene, part, 0), go.Figure)


@pytest.mark.parametrize("model", ["lstm", "rnn", "cnn", "seq2seq", "sarima"])
def test_what_was_not_recorded_is_recomputed(tmp_path: Path, model: str) -> None:
    series = wave()
    path = kept(series, small(series, model), tmp_path)
    work(path)
    with Trace(path) as trace:
        recomputed = [name for name in seen(trace).offered if name not in trace.signals]
        assert bool(recomputed) == (model != "sarima")
        step = int(trace.steps[-1])
        for start in (None, 0)[: 1 if model == "sarima" else 2]:
            scene = seen(trace, start)
            assert scene.recorded == (start is None)
            for name in (n for n in scene.offered if n != "ahead"):
                assert scene.look([step], [name])[name].shape == (1, *scene.offered[name].shape)


def test_an_array_is_cut_at_the_inner_clock_and_at_the_unit() -> None:
    array = np.arange(24.0).reshape(2, 3, 4)
    axes = ("held at", "written at", "unit")
    both = Binding(0, "y", "provenance/cell.1", "frame", at={"held at": "time", "unit": "unit"})
    np.testing.assert_array_equal(drawn(array, axes, both, time=0, unit=3), array[0, :, 3])
    np.testing.assert_array_equal(drawn(array, axes, both), array[-1, :, 0])
    np.testing.assert_array_equal(drawn(array, axes, both, time=9, unit=9), array[1, :, 3])
    one = Binding(0, "z", "provenance/cell.1", "frame", at={"unit": "unit"})
    np.testing.assert_array_equal(drawn(array, axes, one, unit=2), array[:, :, 2])


def test_a_view_without_its_signals_says_so(scene: Scene) -> None:
    lost = View("lost", "Lost", ("provenance/*",), lambda *_: pytest.fail("not asked"), without="An LSTM has it.")
    assert lost.lacking(scene) == "An LSTM has it."
    assert not View("found", "Found", ("provenance/*", "hidden.*"), lost.picture).lacking(scene)
    assert not View("any", "Any", (), lost.picture).lacking(scene)


numbers = st.floats(width=32, allow_nan=True, allow_infinity=True)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), updates=st.integers(0, 4), time=st.integers(1, 4), units=st.integers(1, 3), clip=st.floats(0, 5))
def test_no_recording_is_too_odd_to_be_drawn(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject, updates: int, time: int, units: int, clip: float
) -> None:
    path = tmp_path_factory.mktemp("odd") / "odd.run"
    series = traces.a_series(60)
    run = traces.a_run(series, window=time, horizon=2, validation=4, settings={"clip": clip})
    create(path, run, series)
    described = [
        Signal("hidden.1", ("time", "unit"), (time, units)),
        Signal("gradient/hidden.1", ("time", "unit"), (time, units)),
        Signal("forecast", ("horizon",), (2,), "float64"),
    ]
    recorder = Recorder(path)
    recorder.describe(described, parameters={"weight": (1,)}, loss="mean squared error (scaled)")
    for step in range(updates):
        recorded = data.draw(st.lists(st.sampled_from(described), unique_by=lambda s: s.name))
        arrays = {
            s.name: np.array(
                data.draw(st.lists(numbers, min_size=int(np.prod(s.shape)), max_size=int(np.prod(s.shape)))), s.dtype
            ).reshape(s.shape)
            for s in recorded
        }
        loss, norm = data.draw(numbers), data.draw(numbers)
        recorder.write([Frame(step, 0, loss, norm, before={"weight": norm} if step else {}, norm=norm, signals=arrays)])
    recorder.close()
    with Trace(path) as opened, np.errstate(all="ignore"):
        for view in (view for view in views().values() if not any("/" in need for need in view.needs)):
            scene = seen(opened)
            for part in parts(view.picture(scene, {})):
                for step in opened.steps:
                    shown = picture_at(scene, part, int(step))
                    for binding in (b for b in part.bindings if b.mode == "frame"):
                        there = shown.data[binding.trace][binding.attribute]
                        if binding.source in opened.frame(int(step)).signals:
                            stored = reduced(opened.frame(int(step)).signals[binding.source], binding)
                            np.testing.assert_array_equal(np.asarray(there, stored.dtype), stored)
                        else:
                            assert there is None
                            assert "not recorded" in shown.layout.annotations[-1].text
