"""Which lessons have numbers: every module here with a function `work`, found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

import engine.lessons
from engine.working.sheet import Work


@cache
def works() -> dict[str, Work]:
    """The work of each lesson by its module's name."""
    found = {}
    for module in pkgutil.iter_modules(engine.lessons.__path__):
        work = getattr(importlib.import_module(f"engine.lessons.{module.name}"), "work", None)
        if work is not None:
            found[module.name] = work
    return found
