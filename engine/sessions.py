"""How much of the processors a session gets beside others, where Linux shares them out by session. Knows no work.

Most desktops do (autogroups); a process's own niceness then counts only within its session, and, unlike the session's,
could never be taken back. Elsewhere nothing happens.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

LAST, EQUAL = 19, 0


def give_way(process: int) -> None:
    """The session of that process gets what all others leave over."""
    _write(process, LAST)


def take_part(process: int) -> None:
    """It gets as much as any other again."""
    _write(process, EQUAL)


def _write(process: int, niceness: int) -> None:
    with suppress(OSError):  # no such system, or the process is gone
        Path(f"/proc/{process}/autogroup").write_text(str(niceness))
