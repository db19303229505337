"""Run files that leave and arrive. What arrives is untrusted: it is checked before it is kept."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from engine import runs
from engine.errors import Lesson
from engine.nouns.runfile import SCHEMA, connect
from engine.nouns.trace import Trace


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
    try:
        with Trace(draft) as trace:
            if trace.series.hash != trace.run.series:
                raise _not_ours("its series is not the one its run was decided for")
        with closing(connect(draft, write=False)) as connection:
            if _layout(connection) != _layout(_empty()):
                raise _not_ours("it has other tables than a run file")
            if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
                raise _not_ours("it is damaged")
    except Lesson:
        raise
    except (sqlite3.Error, ValueError, TypeError, KeyError) as error:
        raise _not_ours(str(error)) from error
    return trace.run.id


def _layout(connection: sqlite3.Connection) -> list[tuple[str, ...]]:
    return connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()


def _empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.executescript(SCHEMA)
    return connection


def _not_ours(why: str) -> Lesson:
    return Lesson(
        f"The file could not be taken in: {why}.",
        "A run file is written by Unrolled and not changed afterwards.",
        "Download the run again from where it was trained.",
    )
