"""Run files that leave and arrive. What arrives is untrusted: it is checked before it is kept."""

from __future__ import annotations

import json
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from engine import runs
from engine.contract import models
from engine.deciding import decide
from engine.errors import Lesson
from engine.nouns.run import Run
from engine.nouns.runfile import SCHEMA, connect
from engine.nouns.trace import STATES, Trace


def exported(path: Path) -> bytes:
    """The run as one plain file, also while it is being written."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with closing(connect(path, write=False)) as connection:
            connection.execute("VACUUM INTO ?", (str(copy),))
        return copy.read_bytes()


def take_in(data: bytes) -> str:
    """Keep a run file that someone brought, and return its id; one that is there already stays as it is."""
    with tempfile.TemporaryDirectory(dir=runs.folder()) as folder:
        draft = Path(folder) / "brought.run"
        draft.write_bytes(data)
        run_id = _checked(draft)
        kept = runs.path(run_id)
        if not kept.exists():
            draft.rename(kept)
    return run_id


def _checked(draft: Path) -> str:
    """The id of the run, once everything that a page or a worker will believe has been held against our own."""
    try:
        with closing(connect(draft, write=False)) as connection:
            _check_tables(connection)
            with Trace(draft) as trace:
                _check_decisions(trace)
                _check_frames(connection, trace)
    except Lesson as lesson:
        raise _not_ours(str(lesson.happened)) from lesson
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise _not_ours(str(error)) from error
    return trace.run.id


def _check_tables(connection: sqlite3.Connection) -> None:
    if _layout(connection) != _layout(_empty()):
        raise ValueError("it has other tables than a run file")
    if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
        raise ValueError("it is damaged")


def _layout(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def _check_decisions(trace: Trace) -> None:
    """The run is one that we would decide on this series, and the file promises what we would promise."""
    series, run = trace.series, trace.run
    if series.hash != run.series:
        raise ValueError("its series is not the one its run was decided for")
    again = {name: getattr(run, name) for name in Run.model_fields if name not in ("series", "model", "settings")}
    if decide(series, run.model, dict(run.settings), **again) != run:
        raise ValueError("its decisions are not complete")
    described = models()[run.model].describe(run, series)
    promised = json.loads(json.dumps(described.facts))
    if {name: trace.facts.get(name) for name in promised} != promised:
        raise ValueError("what it says of its loss and its parameters does not follow from its decisions")
    if trace.signals != {signal.name: signal for signal in described.signals}:
        raise ValueError("its signals do not follow from its decisions")
    if trace.status.state not in STATES:
        raise ValueError(f"it says it is “{trace.status.state}”")


def _check_frames(connection: sqlite3.Connection, trace: Trace) -> None:
    """Every blob is as long as it has to be, and every event is a word."""
    sizes = {name: signal.bytes for name, signal in trace.signals.items()}
    for name, shortest, longest in connection.execute(
        "SELECT name, min(length(data)), max(length(data)) FROM arrays GROUP BY name"
    ):
        if not shortest == longest == sizes.get(name):
            raise ValueError(f"its signal “{name}” has arrays of {shortest} to {longest} bytes")
    norms = (0, 8 * len(trace.parameters))
    query = "SELECT step, length(before), length(after), events FROM frames"
    for step, before, after, events in connection.execute(query):
        words = json.loads(events)
        if before not in norms or after not in norms or not all(isinstance(word, str) for word in words):
            raise ValueError(f"its update {step} is not as we write them")


def _not_ours(why: str) -> Lesson:
    return Lesson(
        f"The file could not be taken in: {why}",
        "A run file is written by Unrolled and not changed afterwards.",
        "Download the run again from where it was trained.",
    )
