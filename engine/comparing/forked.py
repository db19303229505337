"""Processes forked from servers that import some modules and do nothing else. Knows no task and no joblib.

multiprocessing has one such server; here each set of modules has its own, so that they import at the same time.
"""

from __future__ import annotations

import multiprocessing
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.forkserver import ForkServer
from types import ModuleType
from typing import Any

from engine.ending import end_with_the_parent


def possible() -> bool:
    """Whether this system can fork."""
    return "forkserver" in multiprocessing.get_all_start_methods()


@cache
def server(needs: tuple[str, ...]) -> ForkServer:
    """The one that imports these: no thread of torch or OpenMP is there when it forks. It waits to be started."""
    found = ForkServer()
    found.set_forkserver_preload([*needs])
    return found


class From(ForkServerContext):
    """A context of multiprocessing whose processes are forked from this server."""

    def __init__(self, server: ForkServer) -> None:
        super().__init__()
        self.Process = partial(_Process, server)  # type: ignore[misc, assignment]


def settle() -> None:
    """One thread for everything; and no life after that of the process that waits for the results."""
    from threadpoolctl import threadpool_limits

    end_with_the_parent()
    threadpool_limits(1)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


class _Process(ForkServerProcess):
    def __init__(self, server: ForkServer, **more: Any) -> None:
        super().__init__(**more)
        self._server = server

    def __getstate__(self) -> dict[str, Any]:
        """What the process itself is told: nothing of the server."""
        return {name: value for name, value in vars(self).items() if name != "_server"}

    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _no_script(), _asked(process_obj._server):
            return ForkServerProcess._Popen(process_obj)


_one_at_a_time = threading.RLock()


@contextmanager
def _asked(server: ForkServer) -> Iterator[None]:
    """This server in the place of multiprocessing's own."""
    with _one_at_a_time:
        usual, forkserver.connect_to_new_process = forkserver.connect_to_new_process, server.connect_to_new_process
        try:
            yield
        finally:
            forkserver.connect_to_new_process = usual


@contextmanager
def _no_script() -> Iterator[None]:
    """A person's script is not run again in every process, as multiprocessing would: tasks are the engine's."""
    with _one_at_a_time:
        script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = script
