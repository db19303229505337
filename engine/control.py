"""Commands to a run: whoever can write the run file can pause it. Does not start workers (see nursery)."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout

from engine.errors import Lesson
from engine.nouns.runfile import connect

MOVING = ("resume", "step", "run to")  # what a run goes on by
GOING_ON = ("stopped", "interrupted")  # states out of which it can
LOOKING = 0.004  # seconds

Verb = Literal["pause", "resume", "step", "run to", "pace", "stop"]


@dataclass(frozen=True)
class Command:
    """id grows by one with each command.

    argument: how many updates ("step"), which ("run to"), or at most how many a second ("pace"; 0 is full speed).
    """

    id: int
    verb: str
    argument: int | None


def send(path: Path, verb: str, argument: int | None = None) -> int:
    """Write a command into the run file; the worker obeys it before its next update. Returns its id."""
    if verb not in get_args(Verb):
        raise Lesson(f"“{verb}” is no command.", f"The commands are {', '.join(get_args(Verb))}.", "Use one of them.")
    connection = connect(path, write=True)
    try:
        cursor = connection.execute(
            "INSERT INTO commands(at, verb, argument) VALUES(?, ?, ?)", (time.time(), verb, argument)
        )
        return int(cursor.lastrowid or 0)
    finally:
        connection.close()


def lock(path: Path) -> FileLock:
    """Held by the worker of this run while it lives; the operating system lets it go if the worker is killed."""
    locks = path.parent / ".locks"
    locks.mkdir(exist_ok=True)
    return FileLock(locks / f"{path.stem}.lock")


def alive(path: Path) -> bool:
    """Whether a worker is on this run now, whatever its status says.

    Looking takes the lock for a moment, so another who looks may be taken for a worker: only a few looks in a row
    that all find it held are believed.
    """
    held = lock(path)
    try:
        held.acquire(timeout=LOOKING, poll_interval=LOOKING / 4)
    except Timeout:
        return True
    held.release()
    return False


def wanted(path: Path) -> bool:
    """Whether a command to go on came when the worker was about to leave: whoever sent it saw it alive."""
    with closing(connect(path, write=False)) as connection:
        state, handled = connection.execute("SELECT state, handled FROM status").fetchone()
        return state in GOING_ON and any(command.verb in MOVING for command in unread(connection, handled))


def unread(connection: sqlite3.Connection, handled: int) -> Iterator[Command]:
    """The commands after number `handled`, oldest first."""
    rows = connection.execute("SELECT id, verb, argument FROM commands WHERE id > ? ORDER BY id", (handled,))
    return (Command(*row) for row in rows)
