"""How far a long piece of work is, told to whoever listens in its process. Knows no work."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]
"""Is told how many parts are done, and of how many."""
_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


def say(done: int, of: int) -> None:
    """So many parts of the work are done; where nobody listens, nothing happens."""
    listener = _listener.get()
    if listener:
        listener(done, of)


@contextmanager
def alone() -> Iterator[Listener]:
    """A voice for work made of other work: what that says inside the block, nobody hears."""
    listener = _listener.get()
    with heard(_nobody):
        yield listener or _nobody


def _nobody(done: int, of: int) -> None:  # noqa: ARG001
    pass


@contextmanager
def heard(listener: Listener) -> Iterator[None]:
    """Work inside the block is listened to."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)
