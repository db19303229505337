"""Runs many independent tasks, through joblib: in processes here, or on dask's workers. Knows no task's meaning.

It and engine/comparing/warm.py alone use joblib, which carries tasks to processes as it always does: nothing of that
is ever written to a file or read from one. A task that fails, or whose process is killed, is reported, and the rest
goes on: joblib gives up at a killed process, so what was under way then is tried again one by one, and what
is killed then too has failed.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from joblib import Parallel, delayed, parallel_config

from engine import leavings
from engine.comparing.forked import possible
from engine.comparing.warm import Warm
from engine.errors import Lesson
from engine.saying import heard

Work = Callable[..., Any]
Tasks = Mapping[str, tuple[Any, ...]]
LOOK_EVERY = 0.1  # seconds
PATIENCE = 1.5  # seconds for killed processes to be missed
END = object()


@dataclass(frozen=True)
class Event:
    """What became of one task. message: why it failed, for a person. seconds: it took. parts: done, and of how many."""

    state: Literal["started", "part", "done", "failed", "cancelled"]
    key: str
    result: Any = None
    message: str = ""
    seconds: float = 0.0
    parts: tuple[int, int] | None = None


def serial(tasks: Tasks, work: Work, cancelled: Callable[[], bool] = lambda: False) -> Iterator[Event]:
    """One after the other, in this process."""
    for key, arguments in tasks.items():
        if cancelled():
            yield Event("cancelled", key)
            continue
        yield Event("started", key)
        yield _attempt(work, key, arguments, None)


def parallel(
    tasks: Tasks,
    work: Work,
    workers: int | None = None,
    scheduler: str | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    needs: Mapping[str, Sequence[str]] | None = None,
) -> Iterator[Event]:
    """In as many processes as there are processors (or `workers`), or where dask's scheduler says.

    needs: modules that a task imports, by its key; processes here are forked from one that has imported them. Every
    task has an Event that says how it ended. Cancelled tasks end within a second; on dask, those under way end there
    unheard.
    """
    left, doubtful = dict(tasks), set[str]()
    with leavings.folder() as folder:
        while left and not cancelled():
            alone = next(iter(doubtful), None)
            batch = dict(left) if alone is None else {alone: left[alone]}
            pool = _Pool(batch, work, workers or os.cpu_count() or 1, scheduler, Path(folder), needs or {})
            for event in pool.events(cancelled):
                if event.state not in ("started", "part"):
                    left.pop(event.key)
                yield event
            if pool.broken and alone is not None and alone in left:
                left.pop(alone)
                yield Event("failed", alone, message="Its process ended: it was killed, or memory ran out.")
            elif pool.broken and alone is None:
                doubtful |= pool.under_way & left.keys() if scheduler is None else left.keys()
            doubtful &= left.keys()
            if scheduler is not None and alone is not None and pool.broken:
                doubtful.clear()  # the culprit was found among all that were left: they go on together
    yield from (Event("cancelled", key) for key in left)


class _Pool:
    """One call of joblib in a thread of its own, so that whoever waits for it can look up and cancel."""

    def __init__(
        self,
        tasks: Tasks,
        work: Work,
        workers: int,
        scheduler: str | None,
        folder: Path,
        needs: Mapping[str, Sequence[str]],
    ) -> None:
        self._tasks, self._work, self._scheduler, self._folder = tasks, work, scheduler, folder
        told = (__name__, work.__module__)  # what a process needs to understand any of its tasks
        self._needs = {key: (*needs.get(key, ()), *told) for key in tasks}
        self._workers = max(2, workers)  # with one, joblib would not leave this process
        self._said: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.broken = False
        self.under_way: set[str] = set()
        self._parts: dict[str, tuple[int, int]] = {}

    def events(self, cancelled: Callable[[], bool]) -> Iterator[Event]:
        """What happens, as it happens; ends early when cancelled, or broken."""
        for mark in self._folder.iterdir():
            mark.unlink()
        threading.Thread(target=self._pump, daemon=True).start()
        while True:
            with contextlib.suppress(queue.Empty):
                said = self._said.get(timeout=LOOK_EVERY)
                if said is END:
                    return
                if isinstance(said, Exception):
                    raise said
                self.under_way.discard(said.key)
                yield said
                continue
            yield from self._under_way()
            if cancelled():
                self._kill()
                return

    def _under_way(self) -> Iterator[Event]:
        """Which tasks were begun, and how far those are that tell it."""
        for mark in self._folder.glob("*.pid"):
            if mark.stem not in self.under_way:
                self.under_way.add(mark.stem)
                yield Event("started", mark.stem)
        for mark in self._folder.glob("*.parts"):
            with contextlib.suppress(OSError, ValueError):  # it has ended, or is being written
                done, of = map(int, mark.read_text().split())
                if mark.stem in self.under_way and self._parts.get(mark.stem) != (done, of):
                    self._parts[mark.stem] = done, of
                    yield Event("part", mark.stem, parts=(done, of))

    def _pump(self) -> None:
        folder = None if self._scheduler else self._folder
        attempts = (delayed(_attempt)(self._work, key, arguments, folder) for key, arguments in self._tasks.items())
        try:
            with warnings.catch_warnings(), self._backend():
                warnings.simplefilter("ignore")  # a worker that stopped is told as an Event
                how = {"return_as": "generator_unordered", "batch_size": 1, "max_nbytes": None}
                pool = Parallel(self._workers, pre_dispatch="2*n_jobs" if self._scheduler else "all", **how)
                for event in pool(attempts):
                    self._said.put(event)
        except Exception as error:  # noqa: BLE001 - carried to the thread that waits
            self.broken = isinstance(error, BrokenExecutor) or type(error).__name__ == "KilledWorker"  # here, dask's
            self.under_way |= {mark.stem for mark in self._folder.glob("*.pid")}
            if not self.broken and not (self._folder / "cancelled").exists():
                self._said.put(error)
        self._said.put(END)

    @contextlib.contextmanager
    def _backend(self) -> Iterator[None]:
        if self._scheduler is None:
            here = (
                parallel_config(Warm(self._needs)) if possible() else parallel_config("loky", inner_max_num_threads=1)
            )
            with here:
                yield
            return
        from distributed import Client

        # A client of our own: joblib would leave its one open, trying to reconnect for ever.
        client = Client(self._scheduler, set_as_default=False)  # type: ignore[no-untyped-call]
        with client, parallel_config("dask", client=client):
            yield

    def _kill(self) -> None:
        """End the processes here, until joblib has noticed."""
        (self._folder / "cancelled").touch()
        end = time.monotonic() + PATIENCE
        while self._scheduler is None and time.monotonic() < end:
            for mark in self._folder.glob("*.pid"):
                with contextlib.suppress(OSError, ValueError):
                    os.kill(int(mark.read_text()), getattr(signal, "SIGKILL", signal.SIGTERM))
            with contextlib.suppress(queue.Empty):
                if self._said.get(timeout=LOOK_EVERY) is END:
                    return


def _attempt(work: Work, key: str, arguments: tuple[Any, ...], folder: Path | None) -> Event:
    """Do one task, in whatever process. Marks in the folder say which process is on it, and how far it is."""
    mark, parts = (folder / f"{key}.pid", folder / f"{key}.parts") if folder else (None, None)
    if folder and (folder / "cancelled").exists():
        return Event("cancelled", key)
    if mark:
        mark.write_text(str(os.getpid()))
    start = time.perf_counter()
    try:
        with heard(partial(_mark, parts)) if parts else contextlib.nullcontext():
            return Event("done", key, work(*arguments), seconds=time.perf_counter() - start)
    except Lesson as lesson:
        return Event("failed", key, message=f"{lesson.happened} {lesson.mend}", seconds=time.perf_counter() - start)
    except Exception as error:  # noqa: BLE001 - one task's failure is told, and the rest goes on
        message = f"It failed inside: {type(error).__name__}: {error}"
        return Event("failed", key, message=message, seconds=time.perf_counter() - start)
    finally:
        for one in (mark, parts):
            if one:
                one.unlink(missing_ok=True)


def _mark(parts: Path, done: int, of: int) -> None:
    parts.write_text(f"{done} {of}")
