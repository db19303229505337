"""The line before training: how many runs train at once, and who waits for whom. Starts and stops nobody.

One small SQLite table in the runs folder, so that pages, command lines and workers stand in the same line. Whose
worker has died is passed over: its lock is free.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from engine import control


def places() -> int:
    """How many runs may train at once: one core is left to the page; UNROLLED_AT_ONCE says otherwise."""
    return int(os.environ.get("UNROLLED_AT_ONCE", max(1, (os.cpu_count() or 1) - 1)))


class Ticket:
    """A place in the line for the run at `path`, taken now; the worker that takes it holds the run's lock."""

    def __init__(self, path: Path) -> None:
        self.path, self.called = path, False
        with closing(self._connect()) as table:
            self.number = table.execute("INSERT INTO line(run) VALUES(?)", (path.name,)).lastrowid

    def ahead(self) -> list[str]:
        """The file names of the runs before this one whose workers live."""
        with closing(self._connect()) as table:
            rows = table.execute("SELECT number, run FROM line WHERE number < ?", (self.number,)).fetchall()
            dead = [number for number, run in rows if not self._waits(run)]
            table.executemany("DELETE FROM line WHERE number = ?", [(number,) for number in dead])
        return [run for number, run in rows if number not in dead]

    def _waits(self, run: str) -> bool:
        return run != self.path.name and control.alive(self.path.with_name(run))

    def may_train(self) -> bool:
        """Whether it is this run's turn; once it is, it stays so until the ticket is given back."""
        self.called = self.called or len(self.ahead()) < places()
        return self.called

    def give_back(self) -> None:
        with closing(self._connect()) as table:
            table.execute("DELETE FROM line WHERE number = ?", (self.number,))

    def _connect(self) -> sqlite3.Connection:
        table = sqlite3.connect(self.path.with_name(".line"), timeout=10, isolation_level=None)
        table.execute("CREATE TABLE IF NOT EXISTS line(number INTEGER PRIMARY KEY AUTOINCREMENT, run TEXT NOT NULL)")
        return table
