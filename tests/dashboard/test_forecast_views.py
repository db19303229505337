"""The horizon theatre, the error curves and the lag lens: what is drawn is what was answered."""

from __future__ import annotations

import numpy as np
import pytest

from dashboard.forecasts import film
from dashboard.views import horizon as curves
from dashboard.views.lag_lens import Influence, lag_lens
from dashboard.views.lanes import Lane, naive
from dashboard.views.palette import INKED
from dashboard.views.theatre import theatre
from engine.strategies.names import STRATEGIES, TITLES
from tests.makers import wave

H, WINDOW, ORIGINS = 4, 12, np.array([60, 80, 120])


def lane(strategy: str, seed: int = 0) -> Lane:
    random = np.random.default_rng(seed)
    series = np.append(wave().values, np.full(H, np.nan))
    truth = series[ORIGINS[:, None] + np.arange(H)]
    point = 10 + random.normal(size=(3, H))
    guided = point if strategy == "direct" else 10 + random.normal(size=(3, H))
    radius = np.array([[np.nan] * H, [0.5, 0.6, 0.7, np.nan], [1.0] * H])
    return Lane(strategy, TITLES[strategy], WINDOW, point, guided, truth, radius)


LANES = tuple(lane(strategy, number) for number, strategy in enumerate(STRATEGIES))


def moving(figure, step: int, number: int):
    """A lane's moving traces at a step, by name."""
    frame = figure.frames[step]
    names = ("band", "known", "back", "forecast")
    return dict(zip(names, frame.data[4 * number : 4 * number + 4], strict=True))


def test_a_frame_is_a_step_and_only_forecasts_made_by_then_are_drawn():
    figure = theatre(wave(), 80, 1, LANES)
    assert [frame.name for frame in figure.frames] == ["0", "1", "2", "3", "4"]
    for step in range(H + 1):
        for number, one in enumerate(LANES):
            made = H if one.strategy == "direct" and step else step
            np.testing.assert_array_equal(moving(figure, step, number)["forecast"].y, one.point[1][:made])


def test_fed_back_values_enter_the_iterative_window_and_push_the_oldest_out():
    series, figure = wave(), theatre(wave(), 80, 1, LANES)
    for step in range(1, H + 1):
        shown = moving(figure, step, 0)
        np.testing.assert_array_equal(shown["back"].y, LANES[0].point[1][: step - 1])
        np.testing.assert_array_equal(shown["known"].y, series.values[80 - WINDOW + step - 1 : 80])
        assert len(shown["back"].y) + len(shown["known"].y) == WINDOW


def test_a_decoder_is_fed_one_value_and_a_direct_forecast_none():
    figure = theatre(wave(), 80, 1, LANES)
    assert len(moving(figure, 4, 1)["back"].y) == 0
    np.testing.assert_array_equal(moving(figure, 1, 2)["back"].y, [])
    np.testing.assert_array_equal(moving(figure, 3, 2)["back"].y, LANES[2].point[1][1:2])


def test_fed_the_truth_the_squares_are_true_and_the_forecasts_the_guided_ones():
    figure = theatre(wave(), 80, 1, LANES, guided=True)
    np.testing.assert_array_equal(moving(figure, 3, 0)["back"].y, wave().values[80:82])
    np.testing.assert_array_equal(moving(figure, 3, 0)["forecast"].y, LANES[0].guided[1][:3])


def test_a_band_is_drawn_only_where_there_is_an_interval():
    figure = theatre(wave(), 80, 1, LANES)
    band = moving(figure, 4, 1)["band"]
    point, radius = LANES[1].point[1][:3], LANES[1].radius[1][:3]
    np.testing.assert_allclose(band.y, [*(point + radius), *(point - radius)[::-1]])
    assert len(moving(theatre(wave(), 60, 0, LANES), 4, 1)["band"].y) == 0


def test_an_origin_at_the_end_of_the_data_looks_beyond_it():
    figure = theatre(wave(), 120, 2, LANES)
    np.testing.assert_array_equal(moving(figure, 4, 0)["forecast"].x, wave().future(H).to_numpy())
    assert "step 4" in figure.layout.sliders[0].steps[-1].label


def test_what_stands_keeps_its_place_and_no_value_leaves_the_axes():
    figure = theatre(wave(), 80, 1, LANES)
    low, high = figure.layout.yaxis.range
    for frame in figure.frames:
        drawn = np.concatenate([np.asarray(trace.y, float) for trace in frame.data])
        assert low <= np.nanmin(drawn)
        assert np.nanmax(drawn) <= high
    assert figure.data[0].meta == INKED


def test_error_curves_are_means_over_origins_and_parts_sum_at_one_origin():
    judged = Lane(*[getattr(LANES[0], n) for n in ("strategy", "title", "window")],
                  *[getattr(LANES[0], n)[:2] for n in ("point", "guided", "truth", "radius")])  # fmt: skip
    grey = np.array([1.0, 2, 3, 4])
    drawn = curves.errors([judged], grey, "people")
    np.testing.assert_array_equal(drawn.data[0].y, grey)
    np.testing.assert_allclose(drawn.data[1].y, np.abs(judged.truth - judged.point).mean(axis=0))
    own, inherited, whole = curves.parts_at(judged, 1, "people").data
    np.testing.assert_allclose(np.add(own.y, inherited.y), whole.y)
    np.testing.assert_allclose(whole.y, judged.truth[1] - judged.point[1])
    np.testing.assert_allclose(curves.parts(judged, "").data[0].y, np.abs(judged.truth - judged.guided).mean(axis=0))
    heat = curves.by_origin(judged, ["Dec 2004", "Aug 2006"], judged.point + 1, "people").data[0]
    np.testing.assert_allclose(heat.z, np.abs(judged.truth - judged.point).T)
    np.testing.assert_allclose(heat.customdata, np.abs(judged.truth - judged.point - 1).T)


def test_the_naive_line_repeats_the_last_season_or_the_last_value():
    values = np.arange(20.0)
    np.testing.assert_array_equal(naive(values, np.array([10]), 3, 5), [[7, 8, 9, 7, 8]])
    np.testing.assert_array_equal(naive(values, np.array([10]), 1, 3), [[9, 9, 9]])
    np.testing.assert_array_equal(naive(values, np.array([2, 9]), 7, 2), [[1, 1], [8, 8]])


@pytest.mark.parametrize("period", [1, 12])
def test_the_lag_lens_steps_through_training_with_every_model_on_one_axis(period):
    random = np.random.default_rng(1)
    mean = random.normal(size=(3, 24))
    one = Influence("RNN", mean, mean - 0.1, mean + 0.1, ("update 0", "update 5", "update 9"))
    other = Influence("SARIMA", mean[:, :13], mean[:, :13], mean[:, :13], ("iterate 0", "iterate 2", "iterate 2"))
    figure = lag_lens([one, other], period)
    assert [step.label for step in figure.layout.sliders[0].steps][-1] == "update 9, iterate 2"
    np.testing.assert_array_equal(figure.frames[1].data[1].y, mean[1])
    np.testing.assert_array_equal(figure.frames[1].data[3].x, np.arange(1, 14))
    assert len(figure.layout.shapes) == (2 if period == 12 else 0)


def test_beneath_the_lag_lens_stands_what_each_one_leaves_over():
    mean, at = np.zeros((2, 8)), ("update 0", "update 9")
    left = np.linspace(0.5, -0.2, 6)
    figure = lag_lens([Influence("RNN", mean, mean, mean, at, left, 0.2)], 4)
    (beneath,) = [trace for trace in figure.data if trace.yaxis == "y2"]
    np.testing.assert_array_equal(beneath.y, left)
    assert figure.layout.xaxis.matches == "x2"
    assert sorted(shape.y0 for shape in figure.layout.shapes if shape.yref == "y2") == [-0.2, 0.2]
    assert all(len(frame.data) == 2 for frame in figure.frames)  # what moves is above


def test_a_film_holds_every_frame_and_asks_for_nothing_from_the_internet():
    figure = theatre(wave(), 80, 1, LANES)
    made = film.film(figure, "wave <1>", "How to read it.")
    assert "wave &lt;1&gt;" in made
    assert "How to read it." in made
    assert "Plotly.addFrames" in made
    assert 'src="http' not in made
    assert all(f'"name":"{frame.name}"' in made for frame in figure.frames)
    assert figure.layout.paper_bgcolor == "rgba(0,0,0,0)"  # the one on the page stays
