"""The run file: one SQLite database per run. Holds typed blobs and JSON, no pickle; knows no model.

While it grows it is in WAL mode, so that a page reads while the worker writes; closed, it is one plain file.
"""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from engine.nouns.frame import Frame, Signal
from engine.nouns.run import Run
from engine.nouns.series import Series

FORMAT = 2
PAGE = 8192  # bytes: an update's weights lie on few pages, and writing them takes four fifths of the time of 4096
FOLD_AT = 4096  # pages (32 MiB) of the WAL: folding it back waits for the disk, so rarely
KEYFRAME_EVERY = 25  # updates between two kept optimiser states: what a replay goes through at most, +1.5 % of file

SCHEMA = """
CREATE TABLE facts(name TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT;
CREATE TABLE series(stamps BLOB NOT NULL, numbers BLOB NOT NULL, covariates BLOB NOT NULL) STRICT;
CREATE TABLE signals(name TEXT PRIMARY KEY, axes TEXT NOT NULL, shape TEXT NOT NULL, dtype TEXT NOT NULL) STRICT;
CREATE TABLE frames(step INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, loss REAL, validation REAL,
  learning_rate REAL, norm REAL, scale REAL, before BLOB NOT NULL, after BLOB NOT NULL,
  events TEXT NOT NULL) STRICT;
CREATE TABLE arrays(name TEXT NOT NULL, step INTEGER NOT NULL, data BLOB NOT NULL, UNIQUE(name, step)) STRICT;
CREATE TABLE states(step INTEGER NOT NULL, name TEXT NOT NULL, dtype TEXT NOT NULL, shape TEXT NOT NULL,
  data BLOB NOT NULL, UNIQUE(step, name)) STRICT;
CREATE TABLE commands(id INTEGER PRIMARY KEY, at REAL NOT NULL, verb TEXT NOT NULL, argument ANY) STRICT;
CREATE TABLE log(id INTEGER PRIMARY KEY, at REAL NOT NULL, text TEXT NOT NULL) STRICT;
CREATE TABLE status(one INTEGER PRIMARY KEY CHECK(one = 1), state TEXT NOT NULL, message TEXT NOT NULL,
  handled INTEGER NOT NULL, at REAL NOT NULL) STRICT;
"""


def connect(path: Path, *, write: bool) -> sqlite3.Connection:
    """A connection that trusts nothing in the file: no functions from its schema, no extension."""
    mode = "rw" if write else "ro"
    connection = sqlite3.connect(
        f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=10, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA trusted_schema=OFF")
    if write:
        connection.execute("PRAGMA synchronous=NORMAL")
        connection.execute("PRAGMA secure_delete=OFF")  # some builds of SQLite write zeros over what they free
    return connection


def create(path: Path, run: Run, series: Series, signals: Iterable[Signal] = (), **more: Any) -> None:
    """A new run file that holds what was decided, what its frames will hold, and no frame yet.

    FileExistsError where there is one already.
    """
    draft = path.with_name(f".{path.name}.{time.time_ns()}")
    connection = sqlite3.connect(draft, isolation_level=None)
    connection.execute(f"PRAGMA page_size={PAGE}")
    connection.executescript(SCHEMA)
    facts = {"format": FORMAT, "run": run.model_dump(mode="json"), "series": series.head(), "created": time.time()}
    _describe(connection, signals, {**facts, **more})
    numbers = (series.stamps, series.values, series.covariates.values)
    connection.execute("INSERT INTO series VALUES(?, ?, ?)", [array.tobytes() for array in numbers])
    connection.execute("INSERT INTO status VALUES(1, 'new', '', 0, ?)", (time.time(),))
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()
    publish(draft, path)


def publish(draft: Path, path: Path) -> None:
    """Give a finished draft its name. FileExistsError where a file has it already: someone may be writing that one."""
    try:
        os.link(draft, path)  # unlike a rename it refuses to replace
    except FileExistsError:
        draft.unlink()
        raise
    except OSError:  # a file system without hard links
        draft.rename(path)
    draft.unlink(missing_ok=True)


def _describe(connection: sqlite3.Connection, signals: Iterable[Signal], facts: Mapping[str, Any]) -> None:
    rows = [(s.name, json.dumps(s.axes), json.dumps(s.shape), s.dtype) for s in signals]
    connection.executemany("INSERT OR IGNORE INTO signals VALUES(?, ?, ?, ?)", rows)
    rows_of_facts = [(name, json.dumps(value)) for name, value in facts.items()]
    connection.executemany("INSERT OR IGNORE INTO facts VALUES(?, ?)", rows_of_facts)


def _row(frame: Frame) -> tuple[object, ...]:
    """What the table of frames holds of one."""
    before, after = (struct.pack(f"{len(side)}d", *side.values()) for side in (frame.before, frame.after))
    return (
        frame.step, frame.epoch, frame.loss, frame.validation, frame.learning_rate, frame.norm, frame.scale,
        before, after, json.dumps(frame.events) if frame.events else "[]",
    )  # fmt: skip


class Recorder:
    """The one writer of frames. Each `write` is one transaction: it is there whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.connection = connect(path, write=True)
        self.connection.execute("PRAGMA journal_mode=WAL")
        self.connection.execute(f"PRAGMA wal_autocheckpoint={FOLD_AT}")
        run = self.connection.execute("SELECT json FROM facts WHERE name = 'run'").fetchone()[0]
        self.forks = Run.model_validate_json(run).forks
        self.resumable = self.connection.execute("SELECT max(step) FROM states").fetchone()[0]

    def describe(self, signals: Iterable[Signal], **facts: Any) -> None:
        """Say once what the frames will hold; repeating it, as a resumed run does, changes nothing."""
        with self._transaction():
            _describe(self.connection, signals, facts)

    def write(self, frames: Iterable[Frame]) -> None:
        """Append frames; the last one's state is kept so that training can go on from it."""
        frames = list(frames)
        with self._transaction():
            self.connection.executemany("INSERT INTO frames VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", map(_row, frames))
            arrays = [
                (name, frame.step, np.ascontiguousarray(data).data)
                for frame in frames
                for name, data in frame.signals.items()
            ]
            self.connection.executemany("INSERT INTO arrays VALUES(?, ?, ?)", arrays)
            for frame in frames:
                if frame.state is not None and (frame.step % KEYFRAME_EVERY == 0 or frame is frames[-1]):
                    self._keep_state(frame)

    def _keep_state(self, frame: Frame) -> None:
        """Keep what training goes on from; the one kept before, unless it is a keyframe, is not needed any more."""
        before, self.resumable = self.resumable, frame.step
        if before == frame.step:
            return
        if before is not None and before % KEYFRAME_EVERY and before not in self.forks:
            self.connection.execute("DELETE FROM states WHERE step = ?", (before,))
        rows = [
            (frame.step, name, array.dtype.str, json.dumps(array.shape), array.tobytes())
            for name, array in (frame.state or {}).items()
        ]
        self.connection.executemany("INSERT OR REPLACE INTO states VALUES(?, ?, ?, ?, ?)", rows)

    def status(self, state: str, message: str = "", handled: int | None = None) -> None:
        """What the worker is doing now, and the last command it has obeyed."""
        with self._transaction():
            self.connection.execute(
                "UPDATE status SET state = ?, message = ?, handled = coalesce(?, handled), at = ?",
                (state, message, handled, time.time()),
            )
        self.log(f"{state} {message}".strip())

    def log(self, text: str) -> None:
        """One line, with the time, for whoever asks later what happened."""
        self.connection.execute("INSERT INTO log(at, text) VALUES(?, ?)", (time.time(), text))

    def _transaction(self) -> _Transaction:
        return _Transaction(self.connection)

    def close(self) -> None:
        """Fold the WAL back so that the run is one plain file; where someone still reads, it stays as it is."""
        try:
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            self.connection.execute("PRAGMA busy_timeout=0")
            self.connection.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:
            pass
        self.connection.close()


class _Transaction:
    """BEGIN IMMEDIATE ... COMMIT, so that waiting for the write lock happens at the start and not in the middle."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __enter__(self) -> None:
        self.connection.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: object, *_: object) -> None:
        self.connection.execute("COMMIT" if kind is None else "ROLLBACK")
