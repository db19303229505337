"""Temporary folders that name the process they are of, so that those of dead ones can be removed. Knows no content."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

NAMED = re.compile(r"unrolled-(\d+)-\w+")


def folder() -> tempfile.TemporaryDirectory[str]:
    """A folder of this process; what killed ones of the same user left behind is removed."""
    sweep(Path(tempfile.gettempdir()))
    return tempfile.TemporaryDirectory(prefix=f"unrolled-{os.getpid()}-", ignore_cleanup_errors=True)


def sweep(where: Path) -> None:
    """Remove this user's folders there whose process is gone; all others stay."""
    if os.name != "posix":  # elsewhere one cannot ask for a process without ending it
        return
    for found in where.iterdir():
        named = NAMED.fullmatch(found.name)
        with suppress(OSError):  # another process sweeps too
            if named and found.lstat().st_uid == os.getuid() and not _lives(int(named[1])):
                shutil.rmtree(found)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
