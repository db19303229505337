"""What every lesson declares, and how lessons are found. Knows no lesson by name.

A lesson of the series is called a chapter here: `Lesson` is what a person learns from a mistake (engine.errors).
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import plotly.graph_objects as go

import dashboard.lessons
from dashboard.lessons.questions import Question
from engine.working.sheet import Sheet, Work

_LIVE = re.compile(r"‹([^›]+)›")


@dataclass(frozen=True)
class Step:
    """The text beside one named step of the numbers."""

    prose: str
    """Markdown with LaTeX. ‹h[2]› stands for the number of that key, in four digits."""
    code: Callable[[Sheet], str] | None = None
    """Python with the numbers as they are."""
    picture: Callable[[Sheet], go.Figure] | None = None
    """Drawn once the step's questions are answered: it would tell."""
    questions: tuple[Question, ...] = ()


@dataclass(frozen=True)
class Bridge:
    """The same on a person's own series: a small run of the lesson's model."""

    sentence: str
    """What to look at there, and where."""
    model: str
    settings: Mapping[str, Any]
    sizes: Mapping[str, Any] = field(default_factory=dict)
    """Of the run, such as its window; the rest suits the series."""


@dataclass(frozen=True)
class Chapter:
    """One declaration at the end of each file in dashboard/lessons."""

    number: int
    title: str
    sentence: str
    work: Work
    steps: Mapping[str, Step]
    """The text of every step of the numbers, by its name, in order."""
    bridge: Bridge
    next: tuple[str, ...]
    """What to try next, each a sentence."""
    sources: tuple[str, ...]
    presets: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Numbers to set at one press, by what they make."""

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for step in self.steps.values() for question in step.questions)


def live(text: str, sheet: Sheet, veiled: frozenset[str] = frozenset()) -> str:
    """The text with its numbers as they are; a ? for those that a question keeps veiled."""
    return _LIVE.sub(lambda found: "?" if found[1] in veiled else digits(sheet.value(found[1])), text)


def digits(value: float) -> str:
    """Four that count, as a person reads them."""
    return f"{value:.4g}".replace("-", "−")


@cache
def chapters() -> dict[int, Chapter]:
    """Every lesson in dashboard/lessons that declares CHAPTER, by its number, in order."""
    found = {}
    for module in pkgutil.iter_modules(dashboard.lessons.__path__):
        chapter = getattr(importlib.import_module(f"dashboard.lessons.{module.name}"), "CHAPTER", None)
        if chapter is not None:
            found[chapter.number] = chapter
    return dict(sorted(found.items()))
