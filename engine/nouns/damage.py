"""What is wrong in a run file, told as a Lesson: nobody who opens one sees a traceback. Reads no file itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from engine.errors import Lesson

WRONG = (sqlite3.Error, ValueError, TypeError, IndexError, AttributeError, OverflowError, RecursionError)

P = ParamSpec("P")
R = TypeVar("R")


class Named(Protocol):
    @property
    def file(self) -> str: ...


N = TypeVar("N", bound=Named)


def readable(read: Callable[Concatenate[N, P], R]) -> Callable[Concatenate[N, P], R]:
    """A method that reads the file of its object; KeyError passes, for that is what was not recorded."""

    @wraps(read)
    def reading(self: N, *arguments: P.args, **named: P.kwargs) -> R:
        try:
            return read(self, *arguments, **named)
        except Lesson:
            raise
        except WRONG as error:
            raise damaged(self.file, error) from error

    return cast(Callable[Concatenate[N, P], R], reading)


def damaged(file: str, error: Exception) -> Lesson:
    return Lesson(
        f"“{file}” could not be read as a run ({error}).",
        "A run file is written by Unrolled when it trains a model, and not changed afterwards.",
        "Choose another run, or train the model again.",
    )
