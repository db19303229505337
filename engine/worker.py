"""The worker: `python -m engine.worker RUNFILE` fills a run file in a process of its own.

Everything it is told and everything it says goes through the run file. Knows no particular model and no page.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from filelock import Timeout

from engine import breakpoints, control
from engine.contract import models
from engine.errors import Lesson
from engine.kernels.path import Path as TrainingPath
from engine.kernels.path import make_ready, ready, slower
from engine.line import Ticket
from engine.nouns.frame import Frame
from engine.nouns.runfile import Recorder
from engine.nouns.trace import Trace
from engine.orders import Orders
from engine.replaying import MOVED, path_of, promise
from engine.training import device

FLUSH_AFTER = 0.1  # seconds a frame may wait in memory
FLUSH_COUNT = 16  # frames that are observed and written together; more of them leave the nearer caches
IDLE = 0.02  # seconds between two looks for a command while nothing moves

Progress = Callable[[Frame], None]


def silent(frame: Frame) -> None:  # noqa: ARG001
    """The progress of a worker that nobody watches from within its process."""


class Worker:
    """Fits the run of one file, obeys its commands between updates, and records what is seen."""

    def __init__(self, path: Path, progress: Progress = silent) -> None:
        self.path, self.progress = path, progress
        self.trace, self.recorder = Trace(path), Recorder(path)
        self.orders, self.watch = Orders(self.recorder.connection), breakpoints.Watch()
        self.model = models()[self.trace.run.model]
        self.pending: list[Frame] = []
        self.observed: list[Frame] = []  # the last two updates with their effects, for breakpoints
        self.now, self.flushed = int(max(self.trace.steps, default=-1)), time.monotonic()
        self.started = 0.0  # when the last update began
        self.said: tuple[str, str, int] | None = None
        self.ticket: Ticket | None = None
        self.interrupted = False

    def work(self) -> None:
        """Train to the end, or until stopped or interrupted; whatever happens, what was seen is kept."""
        try:
            self._end(self._train())
        except Lesson as lesson:
            self._end("failed", str(lesson))
        except Exception as error:  # noqa: BLE001 - nobody else is there to tell the person
            told = f"Training met an error inside Unrolled ({error}). What was recorded is kept."
            # A full disk may keep even this from being written: then the free lock says that nobody works here.
            with contextlib.suppress(Exception):
                self._end("interrupted", told, "".join(traceback.format_exception(error)))
        finally:
            self.recorder.close()
            self.trace.close()

    def _end(self, state: str, message: str = "", log: str = "") -> None:
        """The last words, after everything seen so far."""
        try:
            self._flush()
        finally:
            if log:
                self.recorder.log(log)
            self._say(state, message)

    def interrupt(self, *_: object) -> None:
        """End after this update, as a stopped server or Ctrl-C wishes; started again, it goes on."""
        self.interrupted = True

    def _train(self) -> str:
        run, series = self.trace.run, self.trace.series
        described = self.model.describe(run, series)
        path, begun = self._path(described.path), self.now >= 0 or "path" in self.trace.facts
        device.settle(path)
        self.recorder.describe(described.signals, **described.facts, **device.facts())
        if begun and (promise(self.trace) or path != path_of(self.trace, self.now + 1)):
            self.recorder.describe((), **{f"{MOVED}{self.now + 1}": device.facts()})
        self.observed = [self.trace.frame(self.now)] if self.now >= 0 else []
        for validation in self.trace.history("validation", after=0):
            self.watch.measure(validation)
        frames = self.model.fit(run, series, *self.observed)
        while self._cleared():
            frame = next(frames, None)
            if frame is None:
                return "finished"
            self._keep(frame)
            self._judge(frame)
        return "interrupted" if self.interrupted else "stopped"

    def _path(self, fastest: TrainingPath) -> TrainingPath:
        """The path the run is on, since only that gives the same bits; a new one never waits for a compiler."""
        if self.now < 0 and "path" not in self.trace.facts:
            return device.possible(fastest) if ready() else "plain"
        path = slower(device.possible(path_of(self.trace, self.now + 1)), fastest)
        if path != "plain" and not ready():
            self._say("waiting", "Its kernels are being compiled for this processor, which takes some ten seconds.")
            make_ready()
        return path

    def _keep(self, frame: Frame) -> None:
        self.pending.append(frame)
        self.now = frame.step
        self.progress(frame)
        slow = time.monotonic() - self.started > FLUSH_AFTER / 2  # then the next may be: nothing waits for it
        late = slow or time.monotonic() - self.flushed > FLUSH_AFTER
        if frame.step == 0 or late or len(self.pending) >= FLUSH_COUNT:
            self._flush()

    def _judge(self, frame: Frame) -> None:
        """Break where a condition fires; only where a unit is watched is each update observed at once."""
        if breakpoints.watches_a_unit(self.orders.conditions):
            self._flush()
        self.watch.see(frame, self.observed)
        why = breakpoints.reasons(self.orders.conditions, self.watch)
        if why:
            self.recorder.log(f"break: {why}")
            self.orders.break_here(f"paused: {why}")

    def _flush(self) -> None:
        pending, self.pending = self.pending, []
        if pending:
            complete = self.model.observe(self.trace.run, self.trace.series, pending)
            self.recorder.write(complete)
            self.observed = [*self.observed, *complete][-2:]
        self.flushed = time.monotonic()

    def _cleared(self) -> bool:
        """Wait for as long as the commands and the line want it; False when training is to end here."""
        while True:
            self.orders.read(self.now)
            if self.orders.stopping or self.interrupted:
                return False
            state = "paused" if self.orders.paused else "running" if self._is_its_turn() else "waiting"
            self._say(state, self.orders.why if state == "paused" else "")
            if self.pending and time.monotonic() - self.flushed > FLUSH_AFTER:
                self._flush()
            if state == "running" and time.monotonic() >= self._due():
                self.started = time.monotonic()
                return True
            time.sleep(min(IDLE, 0.5 / self.orders.pace) if self.orders.pace else IDLE)

    def _due(self) -> float:
        """When the next update may begin: at once, or as the pace wants it."""
        return self.started + 1 / self.orders.pace if self.orders.pace else 0.0

    def _is_its_turn(self) -> bool:
        if self.ticket is None:
            self.ticket = Ticket(self.path)
        return self.ticket.may_train()

    def _say(self, state: str, message: str = "") -> None:
        """Say what is new, once; whoever does not run has first written all it saw and left the line."""
        if (state, message, self.orders.handled) == self.said:
            return
        if state != "running":
            self._flush()
        if state not in ("running", "waiting") and self.ticket:
            self.ticket.give_back()
            self.ticket = None
        self.said = (state, message, self.orders.handled)
        self.recorder.status(*self.said)


def work(path: str | Path, progress: Progress = silent) -> None:
    """Fill the run file at `path`, unless another worker already does."""
    path = Path(path)
    try:
        while True:
            with control.lock(path).acquire(timeout=2):
                worker = Worker(path, progress)
                for kind in (signal.SIGTERM, signal.SIGINT):
                    signal.signal(kind, worker.interrupt)
                worker.work()
            if worker.interrupted or not control.wanted(path):
                return
    except Timeout as error:
        raise Lesson(
            f"Another process is already training “{path.name}”.",
            "A run is trained by one worker at a time.",
            "Watch it on the Inside page, or stop it first.",
        ) from error


if __name__ == "__main__":
    work(sys.argv[1])
