"""From a function that calls back to a generator that yields. Knows nothing of what is handed over.

An optimiser from a library owns its loop and calls back after each iteration; we want to own the loop, so that a
pause is a pause. So it runs in a thread that does not move unless the generator has been asked for the next item:
the two never run at the same time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
Work = Callable[[Callable[[T], None]], object]


class _Closed(BaseException):
    """Ends the work from inside its callback; no `except Exception` on the way holds it up."""


class _Handover(Generic[T]):
    def __init__(self, work: Work[T]) -> None:
        self.work = work
        self.wanted: SimpleQueue[bool] = SimpleQueue()  # True: the next item, please; False: end
        self.given: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()  # None: nothing more comes

    def run(self) -> None:
        try:
            self._wait()
            self.work(self._hand_over)
            self.given.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again where the items are asked for
            self.given.put(error)

    def _hand_over(self, item: T) -> None:
        self.given.put((item,))
        self._wait()

    def _wait(self) -> None:
        if not self.wanted.get():
            raise _Closed


def iterates(work: Work[T]) -> Generator[T, None, None]:
    """Yield each item that `work(hand_over)` hands over; what it raises is raised here.

    Between two items `work` stands still inside `hand_over`. Closing the generator raises inside it and waits for
    the thread to end.
    """
    handover = _Handover(work)
    # A daemon: a generator that somebody forgot to close must not keep the interpreter from ending.
    thread = threading.Thread(target=handover.run, name="iterates", daemon=True)
    thread.start()
    try:
        while True:
            handover.wanted.put(True)
            given = handover.given.get()
            if given is None:
                return
            if isinstance(given, BaseException):
                raise given
            yield given[0]
    finally:
        handover.wanted.put(False)
        thread.join()
