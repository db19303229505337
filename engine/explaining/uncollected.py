"""A moment without garbage collection. Knows nothing of what is made in it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def uncollected() -> Iterator[None]:
    """No garbage collection meanwhile: formulas are trees and free themselves, but their many nodes would set off
    a full collection, which takes 0.2 s where torch is loaded.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
