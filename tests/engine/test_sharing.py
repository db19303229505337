"""A run file travels whole, and a stranger's file is looked at before it is kept."""

from __future__ import annotations

import contextlib
import sqlite3

import numpy as np
import pytest

from engine import runs, sharing
from engine.errors import Lesson
from engine.nouns.trace import Trace
from engine.worker import work
from tests.makers import kept, small, wave


@pytest.fixture
def trained(tmp_path):
    series = wave()
    path = kept(series, small(series), tmp_path)
    work(path)
    return path


def test_a_run_arrives_as_it_left(trained):
    run_id = sharing.take_in(sharing.exported(trained))
    with Trace(trained) as one, Trace(runs.path(run_id)) as other:
        assert one.run == other.run
        np.testing.assert_array_equal(one.stack("weights", one.steps), other.stack("weights", other.steps))


def test_a_run_can_be_exported_while_someone_writes(trained):
    writer = sqlite3.connect(trained, isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("INSERT INTO log(at, text) VALUES(0, 'still here')")
    data = sharing.exported(trained)
    writer.close()
    with Trace(runs.path(sharing.take_in(data))) as trace:
        assert trace.log[-1][1] == "still here"


def test_one_that_is_there_already_stays_as_it_is(trained):
    data = sharing.exported(trained)
    path = runs.path(sharing.take_in(data))
    before = path.stat().st_mtime_ns
    sharing.take_in(data)
    assert path.stat().st_mtime_ns == before


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TRIGGER trap AFTER INSERT ON log BEGIN DELETE FROM frames; END",
        "CREATE VIEW more AS SELECT * FROM frames",
        "CREATE TABLE payload(x)",
        "UPDATE series SET numbers = zeroblob(length(numbers))",
        "UPDATE series SET numbers = x'00'",
        "UPDATE facts SET json = json_set(json, '$.model', 'oracle') WHERE name = 'run'",
        "UPDATE facts SET json = json_set(json, '$.validation', 5000) WHERE name = 'run'",
        "UPDATE facts SET json = json_set(json, '$.settings.clip', 'much') WHERE name = 'run'",
        "UPDATE facts SET json = '\"three\"' WHERE name = 'origins'",
        "UPDATE facts SET json = '[1, 2]' WHERE name = 'parameters'",
        "UPDATE signals SET shape = '[-3]' WHERE name = 'forecast'",
        "UPDATE arrays SET data = zeroblob(3) WHERE name = 'forecast' AND step = 4",
        "UPDATE frames SET before = zeroblob(3) WHERE step = 4",
        "UPDATE frames SET events = '[7]' WHERE step = 4",
        "UPDATE status SET state = 'flying'",
        "DELETE FROM status",
        "UPDATE facts SET json = '\"\"' WHERE name = 'run'",
    ],
)
def test_a_file_that_was_changed_is_not_kept(trained, statement):
    connection = sqlite3.connect(trained)
    connection.execute(statement)
    connection.commit()
    connection.close()
    with pytest.raises(Lesson):
        sharing.take_in(trained.read_bytes())
    assert runs.known() == []


@pytest.mark.parametrize("data", [b"", b"hello", b"SQLite format 3\x00" + bytes(5000)])
def test_what_is_no_run_file_is_a_lesson(data):
    with pytest.raises(Lesson):
        sharing.take_in(data)
    assert runs.known() == []


@pytest.mark.parametrize(
    "read",
    [
        lambda trace: trace.signals,
        lambda trace: trace.stack("forecast", trace.steps),
        lambda trace: trace.history("loss"),
        lambda trace: trace.frame(3),
        lambda trace: trace.series,
    ],
)
@pytest.mark.parametrize("start", range(4000, 16000, 3000))
def test_damage_in_a_kept_file_is_told_as_a_lesson_by_whatever_reads_it(trained, read, start):
    data = bytearray(trained.read_bytes())
    data[start : start + 2500] = bytes(2500)
    trained.write_bytes(data)
    with contextlib.suppress(Lesson, KeyError), Trace(trained) as trace:  # it may also have been spared
        read(trace)
