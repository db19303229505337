"""The run file gives back what was written, to the bit, and believes nothing it did not write."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from engine import runs
from engine.errors import Lesson
from engine.nouns.frame import Frame, Signal
from engine.nouns.runfile import KEYFRAME_EVERY, Recorder
from engine.nouns.series import Series
from engine.nouns.trace import Trace
from tests.makers import kept, small, wave

anything = {"allow_nan": True, "allow_infinity": True}
SIGNALS = (Signal("weights", ("parameter",), (5,)), Signal("forecast", ("step ahead",), (3,), "float64"))


def recorded(path, frames):
    recorder = Recorder(path)
    recorder.describe(SIGNALS, parameters={"W": [2], "b": [3]}, loss="squared")
    recorder.write(frames)
    return recorder


@given(
    loss=st.floats(**anything),
    weights=arrays(np.float32, 5, elements=st.floats(width=32, **anything)),
    forecast=arrays(np.float64, 3, elements=st.floats(**anything)),
    events=st.lists(st.sampled_from(["clipped", "best validation"]), unique=True),
)
def test_a_frame_comes_back_as_it_was_written(tmp_path_factory, loss, weights, forecast, events):
    series = wave()
    path = kept(series, small(series), tmp_path_factory.mktemp("runs"))
    signals = {"weights": weights, "forecast": forecast}
    written = Frame(
        3, 1, loss, 0.5, 0.01, {"W": 1.5, "b": 2.5}, {"W": 0.75, "b": 1.25}, 4.0, 0.5, signals, tuple(events)
    )
    recorded(path, [written]).close()
    with Trace(path) as trace:
        read = trace.frame(3)
        np.testing.assert_array_equal([read.loss, read.norm, read.scale], [loss, 4.0, 0.5])  # SQLite: -0.0 is 0
        assert (read.before, read.after, read.events) == (written.before, written.after, written.events)
        for name, values in signals.items():
            assert read.signals[name].tobytes() == values.tobytes()
            assert trace.stack(name, [3])[0].tobytes() == values.tobytes()


def test_states_of_earlier_blocks_go_whoever_wrote_them(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    for first in range(0, 60, 12):  # each block by a worker of its own, two blocks at a time
        recorder = recorded(path, [])
        for start in (first, first + 6):
            recorder.write([Frame(n, 0, 0.0, state={"mean": np.zeros(2)}) for n in range(start, start + 6)])
        recorder.close()
    with Trace(path) as trace:
        assert [n for n in range(60) if trace.state(n)] == [0, KEYFRAME_EVERY, 2 * KEYFRAME_EVERY, 59]


def test_history_has_one_number_per_update_and_nan_where_none_was_measured(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    first = Frame(0, 0, float("nan"), 2.0)
    second = Frame(1, 1, 0.5, before={"W": 1.0, "b": 2.0}, after={"W": 1.0, "b": 2.0}, norm=3.0)
    with Trace(path) as trace:
        recorder = recorded(path, [first])
        assert trace.steps.tolist() == [0]
        recorder.write([second])  # the trace grows while it is open
        assert trace.steps.tolist() == [0, 1]
        np.testing.assert_equal(trace.history("loss"), [np.nan, 0.5])
        np.testing.assert_equal(trace.history("before"), [[np.nan, np.nan], [1, 2]])
        np.testing.assert_equal(trace.history("before", after=0), [[1, 2]])
        recorder.close()


def test_only_keyframes_and_the_last_update_keep_their_optimiser_state(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    frames = [Frame(n, 0, 0.0, state={"mean": np.full(2, n, np.float32)}) for n in range(KEYFRAME_EVERY + 4)]
    recorder = recorded(path, frames[:20])
    recorder.write(frames[20:])
    recorder.close()
    with Trace(path) as trace:
        has = [n for n in range(len(frames)) if trace.state(n)]
        assert has == [0, KEYFRAME_EVERY, len(frames) - 1]
        np.testing.assert_array_equal(trace.state(has[-1])["mean"], [has[-1]] * 2)


def test_a_closed_run_is_one_plain_file(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    recorded(path, [Frame(0, 0, 1.0)]).close()
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_the_series_comes_back_with_its_repairs(tmp_path):
    series = wave()
    series = Series("wave", series.index, series.values, "°C", ("carried 2 values forward",))
    with Trace(kept(series, small(series), tmp_path)) as trace:
        assert trace.series.index.equals(series.index)
        assert trace.series.index.freq == series.index.freq
        assert (trace.series.values == series.values).all()
        assert (trace.series.unit, trace.series.repairs) == (series.unit, series.repairs)
        assert trace.series.hash == series.hash == trace.run.series


def test_same_decisions_have_the_same_id_and_file():
    series = wave()
    assert small(series).id == small(series).id
    assert small(series).id != small(series, seed=1).id
    assert runs.keep(small(series), series) == runs.keep(small(series), series)
    assert len(runs.known()) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(b"not a database at all, but long enough to look like one" * 99),
        lambda path: change(path, "UPDATE facts SET json = '99' WHERE name = 'format'"),
        lambda path: change(path, "UPDATE facts SET json = '{}' WHERE name = 'run'"),
        lambda path: change(path, "DROP TABLE facts"),
    ],
)
def test_what_is_no_run_file_is_a_lesson(tmp_path, spoil):
    series = wave()
    path = kept(series, small(series), tmp_path)
    spoil(path)
    with pytest.raises(Lesson, match="could not be read"):
        Trace(path)


def test_a_signal_that_claims_gigabytes_is_refused(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    recorded(path, [Frame(0, 0, 1.0)]).close()
    change(path, "UPDATE signals SET shape = '[1000000, 1000000]' WHERE name = 'weights'")
    with Trace(path) as trace, pytest.raises(Lesson, match="64 MB"):
        trace.stack("weights", [0])


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "ABCDEF0123456789", "0123456789abcdef0"])
def test_what_is_no_id_reaches_no_file(name):
    with pytest.raises(Lesson, match="run id"):
        runs.path(name)


def change(path, statement):
    connection = sqlite3.connect(path)
    connection.execute(statement)
    connection.commit()
    connection.close()
