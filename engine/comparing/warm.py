"""Processes for joblib, forked from those that have imported what their tasks need. Knows no task.

joblib's own, loky's, each begin with nothing: two of them import everything twice, and loky ends a process that has
grown by 300 MB since its first task as if it leaked, which torch and compiled kernels are enough for.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import partial
from typing import Any

from joblib.parallel import ParallelBackendBase

from engine.comparing.forked import From, server, settle

Needs = tuple[str, ...]
Said = Future[Any]
Task = Callable[[], Any]


class Warm(ParallelBackendBase):  # type: ignore[misc]
    """A joblib backend. needs: by a task's first argument but one, the modules that whoever it is forked from imports.

    Tasks of the same needs share processes. Those of others import at the same time, and no task waits for them; so
    many tasks as asked for are under way at once, whatever they need.
    """

    supports_retrieve_callback = True

    def __init__(self, needs: Mapping[str, Sequence[str]], **more: Any) -> None:
        super().__init__(**more)
        self._needs = {key: tuple(modules) for key, modules in needs.items()}
        self._lock = threading.Lock()
        self._waiting: list[tuple[Needs, Task, Said]] = []

    def effective_n_jobs(self, n_jobs: int) -> int:
        return n_jobs

    def configure(self, n_jobs: int = 1, parallel: Any = None, **_: Any) -> int:
        self.parallel = parallel
        self._free = n_jobs
        self._warm: set[Needs] = set()
        needs = set(self._needs.values())
        self._pools = {one: ProcessPoolExecutor(n_jobs, From(server(one)), settle) for one in needs}
        for one, pool in self._pools.items():
            server(one).ensure_running()
            threading.Thread(target=self._await, args=(one, pool), daemon=True).start()
        return n_jobs

    def submit(self, func: Any, callback: Callable[[Said], None] | None = None) -> Said:
        ((_, (_, key, *_), _),) = func.items  # joblib's batch of one
        said: Said = Future()
        if callback:
            said.add_done_callback(callback)
        with self._lock:
            self._waiting.append((self._needs[key], func, said))
        self._go_on()
        return said

    def retrieve_result_callback(self, future: Said) -> Any:
        return future.result()

    def terminate(self) -> None:
        with self._lock:
            self._waiting.clear()
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)

    def abort_everything(self, ensure_ready: bool = True) -> None:  # noqa: ARG002 - joblib asks for a new one anyway
        self.terminate()

    def _await(self, needs: Needs, pool: ProcessPoolExecutor) -> None:
        """Have the first process there; where it cannot be had, the tasks say so themselves."""
        try:
            pool.submit(int).exception()
        except RuntimeError:
            return  # ended before it began
        self._warm.add(needs)
        self._go_on()

    def _go_on(self) -> None:
        """Hand out as many of those that wait as may be under way, and are warm."""
        while True:
            with self._lock:
                next_one = next((one for one in self._waiting if one[0] in self._warm), None)
                if not self._free or next_one is None:
                    return
                self._waiting.remove(next_one)
                self._free -= 1
            needs, task, said = next_one
            try:
                self._pools[needs].submit(task).add_done_callback(partial(self._ended, said))
            except RuntimeError as error:  # a broken pool's, or one's that was shut down
                with self._lock:
                    self._free += 1
                said.set_exception(error)

    def _ended(self, said: Said, done: Said) -> None:
        with self._lock:
            self._free += 1
        self._go_on()
        if done.cancelled():
            said.cancel()
        elif error := done.exception():
            said.set_exception(error)
        else:
            said.set_result(done.result())
