"""The nursery: starts workers in milliseconds by forking a process that has torch imported already.

A page holds one `Nursery`. It is a process of its own (`python -m engine.nursery`) that reads run files from its
standard input, because multiprocessing would re-import the page's own main script in every worker. When the page
server goes away, its end of the pipe closes, and the workers end after their update: their runs can be continued.
Where the kernels of the compiled path are not compiled yet, it has that done beside everything else.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import subprocess
import sys
import threading
from multiprocessing.context import BaseContext, Process
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRELOAD = [
    "torch",
    "engine.worker",
    "engine.models.lstm",
    "engine.models.rnn",
    "engine.models.cnn",
    "engine.kernels.preload",
]


class Nursery:
    """Starts the workers of one page server."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self.warm()

    def warm(self) -> None:
        """Have the process there, torch imported, before anyone presses start."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                command = [sys.executable, "-m", "engine.nursery"]
                self._process = subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True
                )

    def start(self, path: Path) -> None:
        """Have a worker fill the run file at `path`; where one already does, nothing happens."""
        self.warm()
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the nursery did not start")
        self._process.stdin.write(f"{path.resolve()}\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End the nursery; its workers end after their update."""
        with self._lock:
            if self._process and self._process.stdin:
                self._process.stdin.close()
                self._process.wait(timeout=10)
                self._process = None


def _work(path: str) -> None:
    from engine.errors import Lesson
    from engine.worker import work

    with contextlib.suppress(Lesson):  # someone trains it already: that is what was wanted
        work(path)


def _context() -> BaseContext:
    """forkserver with torch imported; where there is no fork, a fresh process that imports it."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    from multiprocessing import forkserver

    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    forkserver.ensure_running()
    return context


def main() -> None:
    """Fork a worker for each line of standard input, until it ends."""
    context = _context()
    with contextlib.suppress(ImportError):
        from engine.kernels.compiling import compile_in_background

        compile_in_background()
    workers: list[Process] = []
    for line in sys.stdin:
        workers = [worker for worker in workers if worker.is_alive()]  # asking reaps the dead
        worker = context.Process(target=_work, args=(line.strip(),))  # type: ignore[attr-defined]
        worker.start()
        workers.append(worker)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main()
