"""Commands to a run: whoever can write the run file can pause it. Does not start workers (see nursery)."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from filelock import FileLock, Timeout

from engine.breakpoints import Condition, Unit, condition
from engine.errors import Lesson
from engine.nouns.runfile import connect

Verb = Literal["pause", "resume", "step", "run to", "pace", "stop", "break when", "clear"]
Argument = int | str | None
MOVING = ("resume", "step", "run to")  # what a run goes on by
GOING_ON = ("stopped", "interrupted")  # states out of which it can
LOOKING = 0.004  # seconds
MOVES = ("pause", "resume", "step", "run to", "stop")


@dataclass(frozen=True)
class Command:
    """id grows by one with each command.

    argument: how many updates ("step"), which ("run to"), at most how many a second ("pace"; 0 is full speed), a
    condition as JSON ("break when"), the id of the command that set the one to forget ("clear"; None is all of them),
    or why, in words, where the worker told itself to pause.
    """

    id: int
    verb: str
    argument: Argument


def send(path: Path, verb: str, argument: Argument | Mapping[str, object] = None) -> int:
    """Write a command into the run file; the worker obeys it before its next update. Returns its id.

    Raises Lesson for what is no command, and for a "break when" whose condition (a mapping or JSON) is none.
    """
    if verb not in get_args(Verb):
        raise Lesson(f"“{verb}” is no command.", f"The commands are {', '.join(get_args(Verb))}.", "Use one of them.")
    with closing(connect(path, write=True)) as connection:
        if verb == "break when":
            wanted = condition(argument)
            _check(connection, wanted)
            argument = wanted.model_dump_json()
        if isinstance(argument, Mapping):
            raise Lesson(f"“{verb}” was given {argument}.", "It takes a number or nothing.", "Leave it out.")
        return write(connection, verb, argument)


def _check(connection: sqlite3.Connection, wanted: Condition) -> None:
    """Raises Lesson for a unit that is not recorded, as far as the worker has said what is."""
    shapes = {n: json.loads(s) for n, s in connection.execute("SELECT name, shape FROM signals")}
    if not isinstance(wanted, Unit) or not shapes:
        return
    shape = shapes.get(wanted.signal, ())
    if len(shape) != 2 or wanted.time >= shape[0] or wanted.unit >= shape[1]:
        watched = ", ".join(f"{name} {s}" for name, s in shapes.items() if len(s) == 2)
        raise Lesson(
            f"There is no {wanted.signal}[{wanted.time}, {wanted.unit}] to watch.",
            f"What is recorded by time and unit, counted from 0, is {watched or 'nothing'}.",
            "Choose one of these.",
        )


def write(connection: sqlite3.Connection, verb: str, argument: Argument) -> int:
    """The same through an open connection."""
    row = (time.time(), verb, argument)
    return int(connection.execute("INSERT INTO commands(at, verb, argument) VALUES(?, ?, ?)", row).lastrowid or 0)


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


def moves(connection: sqlite3.Connection, handled: int) -> Command | None:
    """The last command up to number `handled` that made the run go or stand."""
    return next(reversed(_told(connection, MOVES, handled)), None)


def standing(connection: sqlite3.Connection, handled: int) -> dict[int, Condition]:
    """The conditions to break at that stand after command number `handled`, by the id of the command that set each.

    What is no condition was not sent from here: a file that someone brought must not keep its worker from starting.
    """
    found: dict[int, Condition] = {}
    for command in _told(connection, ("break when", "clear"), handled):
        if command.verb == "break when":
            with suppress(Lesson):
                found[command.id] = condition(command.argument)
        elif command.argument is None:
            found.clear()
        elif isinstance(command.argument, int):
            found.pop(command.argument, None)
    return found


def breakpoints(path: Path) -> dict[int, Condition]:
    """The conditions to break at that stand now, read by the worker or not yet; "clear" takes their id."""
    with closing(connect(path, write=False)) as connection:
        last = connection.execute("SELECT coalesce(max(id), 0) FROM commands").fetchone()[0]
        return standing(connection, last)


def _told(connection: sqlite3.Connection, verbs: tuple[str, ...], handled: int) -> list[Command]:
    marks = ", ".join("?" * len(verbs))
    query = f"SELECT id, verb, argument FROM commands WHERE id <= ? AND verb IN ({marks}) ORDER BY id"
    return [Command(*row) for row in connection.execute(query, (handled, *verbs))]
