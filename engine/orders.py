"""What a worker has been told: pause, go on until an update, keep a pace, stop. Trains and records nothing."""

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
        last = "SELECT verb FROM commands WHERE id <= ? AND verb != 'pace' ORDER BY id DESC LIMIT 1"
        row = connection.execute(last, (self.handled,)).fetchone()
        self.paused = row is not None and row[0] in PAUSING
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
            self.pace = command.argument or 0
            return
        self.stopping = command.verb == "stop"
        self.paused = command.verb == "pause"
        self.until = {"step": now + (command.argument or 1), "run to": command.argument}.get(command.verb)
