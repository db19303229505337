"""A process that ends when the one that started it does, however that one ended. Knows no work."""

from __future__ import annotations

import os
import threading
from multiprocessing import connection, parent_process


def end_with_the_parent() -> None:
    """From now on; of a process that multiprocessing started, else nothing happens."""
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(0)
