"""What a worker has been told: pause, go on until an update, keep a pace, break when, stop. Trains and writes nothing.

But for one thing: where a breakpoint fires the worker gives itself a command, and that is written down as any other.
"""

from __future__ import annotations

import sqlite3

from engine import control
from engine.control import Command

PAUSING = ("pause", "step", "run to")


class Orders:
    """The commands of one run file, taken in order.

    handled: the number of the last command taken; it goes into the status, so that a worker started again goes
    on where its forerunner stood. One that was killed inside "step 5" stays paused: it must not run on.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.handled = int(connection.execute("SELECT handled FROM status").fetchone()[0])
        last = control.moves(connection, self.handled)
        self.paused = last is not None and last.verb in PAUSING
        self.why = _reason(last)
        self.conditions = control.standing(connection, self.handled)
        self.stopping = False
        self.until: int | None = None
        self.pace = 0  # updates a second at most; 0 is as fast as it goes

    def read(self, now: int) -> None:
        """Take what is new; `now` is the last update done."""
        for command in control.unread(self.connection, self.handled):
            self._take(command, now)
        if self.until is not None and now >= self.until:
            self.paused, self.until = True, None

    def _take(self, command: Command, now: int) -> None:
        self.handled = command.id
        if command.verb == "pace":
            self.pace = int(command.argument or 0)
            return
        if command.verb in ("break when", "clear"):
            self.conditions = control.standing(self.connection, self.handled)
            return
        self.stopping = command.verb == "stop"
        self.paused = command.verb == "pause"
        self.why = _reason(command)
        number = int(command.argument or 0) if command.verb in ("step", "run to") else 0
        self.until = {"step": now + (number or 1), "run to": number}.get(command.verb)

    def break_here(self, why: str) -> None:
        """A breakpoint fired: the worker tells itself to pause, so that one started again stands there too."""
        control.write(self.connection, "pause", why)


def _reason(command: Command | None) -> str:
    """Why the worker told itself to pause; empty where a person did, who knows why."""
    return str(command.argument) if command and command.verb == "pause" and command.argument else ""
