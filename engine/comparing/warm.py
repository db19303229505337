"""Processes for joblib, forked from one that has imported what their tasks need. Knows no task.

joblib's own, loky's, each begin with nothing: two of them import everything twice, and loky ends a process that has
grown by 300 MB since its first task as if it leaked, which torch and compiled kernels are enough for.
"""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import ForkServerContext, ForkServerProcess
from types import ModuleType
from typing import Any

from joblib.parallel import ParallelBackendBase

from engine.ending import end_with_the_parent


def possible() -> bool:
    """Whether this system can fork."""
    return "forkserver" in multiprocessing.get_all_start_methods()


class Warm(ParallelBackendBase):  # type: ignore[misc]
    """A joblib backend. needs: modules that the process to fork from imports, where none has been started yet."""

    supports_retrieve_callback = True

    def __init__(self, needs: Sequence[str] = (), **more: Any) -> None:
        super().__init__(**more)
        self._needs = [*needs]

    def effective_n_jobs(self, n_jobs: int) -> int:
        return n_jobs

    def configure(self, n_jobs: int = 1, parallel: Any = None, **_: Any) -> int:
        self.parallel = parallel
        context = _Context()
        context.set_forkserver_preload(self._needs)
        self._pool = ProcessPoolExecutor(n_jobs, context, _settle)
        return n_jobs

    def submit(self, func: Callable[[], Any], callback: Callable[[Future[Any]], None] | None = None) -> Future[Any]:
        future = self._pool.submit(func)
        if callback:
            future.add_done_callback(callback)
        return future

    def retrieve_result_callback(self, future: Future[Any]) -> Any:
        return future.result()

    def terminate(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002 - joblib asks for a new one anyway
        self.terminate()


def _settle() -> None:
    """One thread for everything; and no life after that of the process that waits for the results."""
    from threadpoolctl import threadpool_limits

    end_with_the_parent()
    threadpool_limits(1)
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)


class _Process(ForkServerProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802 - multiprocessing's name
        with _no_script():
            return ForkServerProcess._Popen(process_obj)


class _Context(ForkServerContext):
    Process = _Process


@contextmanager
def _no_script() -> Iterator[None]:
    """A person's script is not run again in every process, as multiprocessing would: tasks are the engine's."""
    script, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = script
