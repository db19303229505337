"""The nursery: starts workers in milliseconds by forking a process that has torch imported already.

A page holds one `Nursery`. It is a process of its own (`python -m engine.nursery`) that reads orders from its
standard input, one JSON a line, because multiprocessing would re-import the page's own main script in every worker.
When the page server goes away, its end of the pipe closes, and the workers end after their update: their runs can be
continued. One of its children trains nothing and answers questions (see answering). Where the kernels of
the compiled path are not compiled yet, it has that done beside everything else. While it imports and nobody waits for
it, it gives way to the browser, which draws the first picture meanwhile.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import shutil
import subprocess
import sys
import threading
from multiprocessing.context import BaseContext, Process
from pathlib import Path
from typing import Any

from engine import answering, leavings, sessions
from engine.errors import Lesson
from engine.strategies.questions import Said

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds for an answer, the birth of the process that gives it included, on a busy machine too
BORN_WITHIN = 20.0  # seconds in which it gives way, if nobody asks for anything before
PRELOAD = [
    "torch",
    "engine.worker",
    "engine.looking",
    "engine.forking",
    "engine.explaining.asking",
    "engine.models.lstm",
    "engine.models.rnn",
    "engine.models.cnn",
    "engine.kernels.preload",
]


class Nursery:
    """Starts the workers of one page server, and has its questions answered."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._lock = threading.Lock()
        self._folder = leavings.folder()
        self._births = 0  # of answering processes: each has an address of its own, so that nobody asks a dead one
        self.warm()

    def warm(self) -> None:
        """Have the process there, torch imported, before anyone presses start."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                command = [sys.executable, "-m", "engine.nursery", self._folder.name]
                self._process = subprocess.Popen(
                    command, cwd=ROOT, stdin=subprocess.PIPE, text=True, start_new_session=True
                )
                sessions.give_way(self._process.pid)
                soon = threading.Timer(BORN_WITHIN, self._hurry, [self._process])
                soon.daemon = True
                soon.start()
                self._bear_answerer()

    def _hurry(self, process: subprocess.Popen[str] | None) -> None:
        if process is not None and process.poll() is None:
            sessions.take_part(process.pid)

    def start(self, path: Path) -> None:
        """Have a worker fill the run file at `path`; where one already does, nothing happens."""
        self.warm()
        self._hurry(self._process)
        with self._lock:
            self._order({"work": str(path.resolve())})

    def ask(self, question: str, path: Path, **more: Any) -> Said:
        """The answer of a warm process to a question about a run file; engine/answering.py has the questions.

        Raises the Lesson it answers with.
        """
        return self._asked({"ask": question, "path": str(path.resolve()), **more})

    def describe(self, what: str, values: list[float], **more: Any) -> Said:
        """The same about the values of a series; engine/describing/asking.py has the questions."""
        return self._asked({"ask": "describe", "what": what, "values": values, **more})

    def _asked(self, request: dict[str, Any]) -> Said:
        self.warm()
        self._hurry(self._process)
        address = self._address
        try:
            return answering.ask(address, request, PATIENCE)
        except (OSError, EOFError):
            with self._lock:
                if address == self._address:
                    self._bear_answerer()
        try:
            return answering.ask(self._address, request, PATIENCE)
        except (OSError, EOFError) as error:
            raise Lesson(
                "The process that was to answer ended twice.",
                "It needs memory for every update and signal that it is asked about.",
                "Ask about fewer of them.",
            ) from error

    @property
    def _address(self) -> str:
        return str(Path(self._folder.name) / f"answers-{self._births}")

    def _bear_answerer(self) -> None:
        self._births += 1
        self._order({"answer": self._address})

    def _order(self, order: dict[str, str]) -> None:
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("the nursery did not start")
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()

    def close(self) -> None:
        """End the nursery; its workers end after their update."""
        with self._lock:
            if self._process and self._process.stdin:
                self._hurry(self._process)
                self._process.stdin.close()
                self._process.wait(timeout=60)  # one that is closed as it is born first gets its torch
                self._process = None
        self._folder.cleanup()


def _work(path: str) -> None:
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
    """Fork a process for each line of standard input, until it ends; then the folder of addresses goes too."""
    context = _context()
    with contextlib.suppress(ImportError):
        from engine.kernels.compiling import compile_in_background

        compile_in_background()
    workers: list[Process] = []
    for line in sys.stdin:
        workers = [worker for worker in workers if worker.is_alive()]  # asking reaps the dead
        ((order, argument),) = json.loads(line).items()
        target = {"work": _work, "answer": answering.serve}[order]
        worker = context.Process(target=target, args=(argument,))  # type: ignore[attr-defined]
        worker.start()
        workers.append(worker)
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join()
    for folder in sys.argv[1:]:  # the page server may have been killed
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
